"""What commands share that work on the service's own data, at the machine itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from allocator.errors import ConfigError

if TYPE_CHECKING:
    from allocator.service.root import Service

PASSPHRASE = "ALLOCATOR_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable


@contextmanager
def opened_service(*, may_be_new: bool = False) -> Iterator["Service"]:
    """The service that the settings of the environment describe.

    Parameters
    ----------
    may_be_new : make the database where there is none.

    Raises
    ------
    ConfigError
        If there is no database yet and it may not be new.
    """
    from allocator.service.root import open_service
    from allocator.service.settings import DATABASE_FILE, read_settings

    settings = read_settings()
    file = settings.data_folder / DATABASE_FILE
    if not may_be_new and settings.database_url is None and not file.exists():
        raise ConfigError(
            f"There is no service data at {file}. Set ALLOCATOR_DATA_FOLDER or "
            "ALLOCATOR_DATABASE_URL to where the service keeps them."
        )
    service = open_service(settings)
    try:
        yield service
    finally:
        service.database.close()


def passphrase(*, is_new: bool) -> str:
    """The passphrase of a backup: from the environment, from a file, or asked for.

    Raises
    ------
    ConfigError
        If the file cannot be read.
    """
    if words := os.environ.get(PASSPHRASE):
        return words
    if path := os.environ.get(f"{PASSPHRASE}_FILE"):
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{PASSPHRASE}_FILE cannot be read: {error.strerror}.") from error
    asked: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    return asked
