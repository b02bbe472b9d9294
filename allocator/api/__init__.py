"""A small HTTP service on the loopback address; every solve runs in a child process."""

from allocator.api.app import create_app
from allocator.api.settings import ApiSettings

__all__ = ["ApiSettings", "create_app"]
