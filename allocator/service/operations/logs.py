"""Structured logs: one JSON object per line on standard error, without data of people.

What is logged names routes by their template, objects by their own random ids, and people not at
all: who did what to whom is the audit log's to know.
"""

import logging
import sys
from collections.abc import Mapping
from typing import TextIO

import structlog

NEVER_LOGGED = frozenset(
    {"person_id", "person_ids", "name", "text", "password", "token", "secret", "authorization"}
)
OWN_DETAILS = frozenset({"duty", "kind"})
"""What our own lines say beside their words; libraries may add anything."""
HIDDEN = "[removed]"
QUOTES_HEADERS = "opentelemetry.trace"
"""Its warnings quote the headers of requests, and nobody writes in our logs."""
ACCESS = "allocator.access"


class _Lines(structlog.stdlib.ProcessorFormatter):
    """One object per line; the access log makes its own, which are passed on as they are."""

    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage() if record.name == ACCESS else super().format(record)


def configure_logs(
    level: str, stream: TextIO | None = None, details: Mapping[str, str] | None = None
) -> None:
    """Send our logs and those of the libraries to a stream, standard error for None.

    Parameters
    ----------
    details : what every line of this process says besides; None for nothing.
    """
    logging.getLogger(QUOTES_HEADERS).setLevel(logging.ERROR)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _adder(details or {}),
        structlog.stdlib.ExtraAdder(allow=OWN_DETAILS),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_people,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        _Lines(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=False,
    )


def _adder(details: Mapping[str, str]) -> structlog.typing.Processor:
    def add(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {**details, **event}

    return add


def hide_people(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Hide the values of keys that may name a person or hold a secret."""
    return {key: HIDDEN if key in NEVER_LOGGED else value for key, value in event.items()}
