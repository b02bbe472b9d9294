"""What every method of the study is: a name, what it cannot do, and a run that reports."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray

CORES = 2
Report = Callable[[IntArray], None]


class UnsupportedError(Exception):
    """The method cannot take the instance; the message says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run says besides the placements that it reported.

    `bounds` : lower bound per tier in the instance's order, None where it has none. `proved` : the
    method says that its last placement is optimal. `note` : a few words for the row.
    """

    bounds: tuple[int | None, ...] = ()
    proved: bool = False
    note: str = ""


class Method(Protocol):
    """A method of the study."""

    name: str

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """Search for `seconds` of wall-clock time on two cores; report every better placement.

        Raises
        ------
        UnsupportedError
            If the instance has a shape that the method lacks, or is too large for it.
        """


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall-clock time of a run."""

    started: float
    seconds: float

    @classmethod
    def start(cls, seconds: float) -> "Clock":
        """Starts now."""
        return cls(time.monotonic(), seconds)

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self.seconds - self.spent)

    @property
    def share(self) -> float:
        """Share of the time that is spent, 0-1."""
        return min(1.0, self.spent / self.seconds)
