"""Errors as plain documents and back, so that they cross a pipe, a JSON output and an API alike."""

import traceback
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from allocator.errors import (
    AllocatorError,
    ConfigError,
    InternalError,
    JobError,
    PlanError,
    Problem,
    ScenarioError,
)

UNEXPECTED_MESSAGE = (
    "Something went wrong inside the program; nothing was written. "
    "Set ALLOCATOR_DEBUG=1 to see where, and report it."
)
_KINDS: dict[str, type[AllocatorError]] = {
    kind.code: kind for kind in (ConfigError, JobError, InternalError)
}


def error_document(error: BaseException) -> dict[str, Any]:
    """Permanent code, a message for each reader, and every problem of a scenario.

    The developer message of an unexpected error names its type and line but not its text, which
    may quote a person's data.
    """
    if not isinstance(error, AllocatorError):
        return {
            "code": InternalError.code,
            "user_message": _refused_by_system(error) or UNEXPECTED_MESSAGE,
            "developer_message": f"{type(error).__name__} at {_last_line(error)}",
            "problems": [],
        }
    problems = error.problems if isinstance(error, ScenarioError) else ()
    return {
        "code": error.code,
        "user_message": error.user_message,
        "developer_message": error.developer_message,
        "problems": [asdict(problem) for problem in problems],
    }


def rebuild_error(document: Mapping[str, Any]) -> AllocatorError:
    """The error that `error_document` described."""
    if document["code"] in {ScenarioError.code, PlanError.code}:
        names = [field.name for field in fields(Problem)]
        invalid = PlanError if document["code"] == PlanError.code else ScenarioError
        return invalid(
            tuple(Problem(**{n: row[n] for n in names if n in row}) for row in document["problems"])
        )
    kind = _KINDS.get(str(document["code"]), InternalError)
    return kind(str(document["user_message"]), str(document["developer_message"]))


def _refused_by_system(error: BaseException) -> str:
    """A full disk or a file that may not be read is nobody's riddle."""
    if not isinstance(error, OSError) or not error.strerror:
        return ""
    about = f" ({error.filename})" if error.filename else ""
    return f"The system refused to read or write: {error.strerror}{about}."


def _last_line(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown place"
    last = frames[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno} in {last.name}"
