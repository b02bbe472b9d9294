"""What a caller may ask of a solve, and what it is told while it runs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from allocator.model.plan import Verdict
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier


class Effort(StrEnum):
    """Deterministic amounts of work; the default way to stop (R67)."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """How hard to try.

    Parameters
    ----------
    effort : amount of work; the same input, seed and version give the same plan.
    time_limit_seconds : wall-clock ceiling on top, None for none; reproducibility ends with it.
    seed : 0 to 2**31 - 1.
    workers : threads; changes the time, never the plan.
    fill_time : after the effort's work, go on with more until the time limit or a proof.
    """

    effort: Effort = Effort.NORMAL
    time_limit_seconds: float | None = None
    seed: int = 1
    workers: int = 2
    fill_time: bool = False

    @classmethod
    def within(cls, seconds: float, seed: int = 1, workers: int = 2) -> "SolveOptions":
        """The best that can be found in so much wall-clock time; less where all is proved."""
        return cls(Effort.QUICK, seconds, seed, workers, fill_time=True)


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of news: values of the incumbent by tier, the bound of the tier worked on.

    `placement` : shape (n_persons,), cell or -1, in the instance's order: the best one so far, from
    which another solve may set out. It is the observer's to read before it returns, not to keep.
    """

    seconds: float
    stage: str
    tier: Tier
    values: tuple[int, ...]
    bound: int | None
    placement: IntArray | None = None


class Observer(Protocol):
    """Told of progress; asked between steps whether to stop early."""

    def on_progress(self, progress: Progress) -> None:
        """Take note of a progress line."""

    def should_stop(self) -> bool:
        """True when the caller wants the best plan so far."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A placement with its value and bound per tier, in the instance's tier order.

    `placement` : shape (n_persons,), cell or -1.
    `bounds` : lower bound per tier given the values of the tiers before it, None if unknown.
    """

    placement: IntArray
    values: tuple[int, ...]
    bounds: tuple[int | None, ...]
    verdict: Verdict
    seconds: float
