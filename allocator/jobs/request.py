"""How hard to try, as a caller asks for it; light enough for the start of the command line."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from allocator.errors import ConfigError

if TYPE_CHECKING:
    from allocator.prepare.read import ScenarioOverrides
    from allocator.solver.options import SolveOptions

EFFORTS = ("quick", "normal", "thorough")
LARGEST_SEED = 2**31 - 1
MOST_MOVES = 1_000_000


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Options of a solve; refused at once when they make no sense.

    Parameters
    ----------
    effort : quick, normal or thorough: a deterministic amount of work.
    time_limit_seconds : ceiling on the clock, above 0 and finite; None for none.
    seed : 0 to 2**31 - 1. workers : threads, at least 1; changes the time, never the plan.

    Raises
    ------
    ConfigError
        If a value is out of its range.
    """

    effort: str = "normal"
    time_limit_seconds: float | None = None
    seed: int = 1
    workers: int = 2

    def __post_init__(self) -> None:
        if self.effort not in EFFORTS:
            raise ConfigError(f"Effort {self.effort!r} is not known; use {', '.join(EFFORTS)}.")
        limit = self.time_limit_seconds
        if limit is not None and not 0 < limit < inf:
            raise ConfigError(
                f"The time limit is {limit:g}; use more than 0 seconds, or none at all."
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ConfigError(f"The seed is {self.seed}; use 0 to {LARGEST_SEED}.")
        if self.workers < 1:
            raise ConfigError(f"The number of workers is {self.workers}; use 1 or more.")

    def options(self) -> "SolveOptions":
        """The same in the solver's words."""
        from allocator.solver.options import Effort, SolveOptions

        return SolveOptions(
            effort=Effort(self.effort),
            time_limit_seconds=self.time_limit_seconds,
            seed=self.seed,
            workers=self.workers,
        )


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a command puts in the place of the scenario's own choice; None leaves it."""

    policy: str | None = None
    legal_profile: str | None = None
    contact_weights: str | None = None
    max_moves: int | None = None

    def of_scenario(self) -> "ScenarioOverrides":
        """The same in the reader's words."""
        from allocator.prepare.read import ScenarioOverrides

        return ScenarioOverrides(
            policy=self.policy,
            legal_profile=self.legal_profile,
            contact_weights=self.contact_weights,
            max_moves=self.max_moves,
        )


NO_OVERRIDES = Overrides()
