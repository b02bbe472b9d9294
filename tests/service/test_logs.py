"""Lines of the log: one JSON object each, with our own details and nobody's name."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from allocator.service.operations.logs import HIDDEN, configure_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs("info", stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_duty_that_failed_says_which_and_how(lines: io.StringIO) -> None:
    details = {"duty": "expiry", "kind": "OSError", "color_message": "\x1b[36mred", "who": "P7"}
    logging.getLogger("allocator.housekeeping").error("duty failed", extra=details)
    found = json.loads(lines.getvalue())
    assert found.pop("timestamp")
    assert found == {
        "event": "duty failed",
        "level": "error",
        "duty": "expiry",
        "kind": "OSError",
    }


def test_what_may_name_somebody_is_hidden(lines: io.StringIO) -> None:
    structlog.get_logger("allocator").warning("read", person_id="P7", run="1f")
    found = json.loads(lines.getvalue())
    assert (found["person_id"], found["run"]) == (HIDDEN, "1f")
