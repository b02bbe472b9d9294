"""Tasks that a test sends to a child process, which imports them by name."""

import os
import signal
import time
from dataclasses import dataclass
from typing import Any

from allocator.errors import InternalError, Problem, ScenarioError
from allocator.jobs.child import ChildObserver

PROBLEM = Problem("people.csv", 3, "sex", "bad_value", "'X'", "F or M", "Correct the value.")


@dataclass(frozen=True)
class Answer:
    """Reports twice and returns a value."""

    value: Any

    def run(self, observer: ChildObserver) -> Any:
        observer.on_progress({"step": 1})
        observer.on_progress({"step": 2})
        return self.value


@dataclass(frozen=True)
class UntilStopped:
    """Reports, then works until it is asked to stop; deaf ones never listen."""

    deaf: bool = False

    def run(self, observer: ChildObserver) -> str:
        observer.on_progress({"pid": os.getpid()})
        while self.deaf or not observer.should_stop():
            time.sleep(0.01)
        return "best so far"


@dataclass(frozen=True)
class Die:
    """Ends its process."""

    by: str

    def run(self, observer: ChildObserver) -> None:
        observer.on_progress({"pid": os.getpid()})
        if self.by == "signal":
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(7)


@dataclass(frozen=True)
class Fail:
    """Raises an error of a kind."""

    kind: str

    def run(self, _observer: ChildObserver) -> None:
        errors: dict[str, Exception] = {
            "scenario": ScenarioError((PROBLEM,)),
            "internal": InternalError("for the user", "for the developer"),
            "unexpected": KeyError("P0001"),
        }
        raise errors[self.kind]


@dataclass(frozen=True)
class TakeMemory:
    """Asks for more memory than the limit leaves."""

    n_bytes: int

    def run(self, _observer: ChildObserver) -> int:
        return len(bytearray(self.n_bytes))


@dataclass(frozen=True)
class Niceness:
    """Says how far its process stands back."""

    def run(self, _observer: ChildObserver) -> int:
        return os.nice(0)
