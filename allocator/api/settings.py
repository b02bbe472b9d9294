"""What the service may use, and where it may listen."""

from dataclasses import dataclass

from allocator.errors import ConfigError
from allocator.jobs.child import MEBIBYTE

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Bounds of the service.

    Parameters
    ----------
    host : a loopback address; there are no accounts yet, so nothing else is allowed.
    slots : solves at a time. queue_size : plans that may wait.
    max_body_bytes : largest request. memory_bytes : address space of a solve, None for no limit.
    keep_finished : finished plans that are remembered.

    Raises
    ------
    ConfigError
        If the host is not the loopback address, or a number makes no sense.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    slots: int = 1
    queue_size: int = 8
    max_body_bytes: int = 64 * MEBIBYTE
    memory_bytes: int | None = None
    grace_seconds: float = 1.0
    keep_finished: int = 100

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK_HOSTS:
            raise ConfigError(
                f"The service has no accounts yet, so it listens on this machine only: "
                f"{self.host!r} is refused. Use one of {', '.join(sorted(LOOPBACK_HOSTS))}.",
            )
        if min(self.slots, self.queue_size, self.max_body_bytes, self.keep_finished) < 1:
            raise ConfigError("Slots, queue size, body size and kept plans are at least 1.")
