"""The best placement so far, the clock, and who is told about it."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier
from allocator.solver.bound.narrowing import Kept
from allocator.solver.options import Observer, Progress, SolveOptions
from allocator.solver.search.alike import alike_cells
from allocator.solver.search.apply import load_placement
from allocator.solver.search.elite import Elite
from allocator.solver.search.flat import as_flat
from allocator.solver.search.outside import with_outside
from allocator.solver.search.state import State, copy_state, new_state
from allocator.solver.search.tempering import FlatTier
from allocator.solver.tables import DEFICIT, Tables

MANY_PAIRS = 100  # terms of later tiers for each person


@dataclass(eq=False)
class Incumbent:
    """Best placement and its values; changed as the search goes on.

    Parameters
    ----------
    least : shape (K,) lower bounds that need no search. bounds : the best known so far.
    passes : how often all tiers have been gone through.
    asked : for each tier, the caps before it and the value for which a bound was last looked for,
        and CP-SAT's deterministic seconds that it was given.
    bound_seconds : wall clock of bounds by the move budget so far.
    kept : what the last such bound of each tier left of the placement in force.
    packed_in_vain : how often packing gave nobody a place.
    searched : the search is over and what is left of a time limit is for bounds.
    elite : the best placements that the search of each tier found in any pass.
    walked : tiers that are assignments, and whether walks found more than annealing.
    flat : what is known of tiers as flat problems, by tier and values of earlier ones; None of
        those that are none.
    """

    tables: Tables
    tiers: tuple[Tier, ...]
    options: SolveOptions
    observer: Observer | None
    placement: IntArray
    values: IntArray
    least: IntArray
    bounds: IntArray
    started: float = field(default_factory=time.monotonic)
    stopped: bool = False
    passes: int = 0
    asked: dict[int, tuple[tuple[int, ...], float]] = field(default_factory=dict)
    bound_seconds: float = 0.0
    kept: dict[int, Kept] = field(default_factory=dict)
    packed_in_vain: int = 0
    searched: bool = False
    elite: defaultdict[int, Elite] = field(default_factory=lambda: defaultdict(Elite))
    walked: dict[int, bool] = field(default_factory=dict)
    flat: dict[tuple[int, ...], FlatTier | None] = field(default_factory=dict)
    _fewer: dict[int, Tables] = field(default_factory=dict)
    _kept: tuple[IntArray, IntArray] | None = None

    @cached_property
    def _held(self) -> State:
        """State kept at the incumbent, since building one anew takes long in large prisons."""
        return new_state(self.tables, 1)

    @cached_property
    def alike(self) -> tuple[IntArray, ...]:
        """Sets of cells that differ by name only."""
        return alike_cells(self.tables)

    def take(self, placement: IntArray) -> None:
        """Make a placement the incumbent; people whom a hard shape keeps out are unplaced."""
        load_placement(self.tables.packed, self._held.flat, placement)
        self.placement = self._held.place.copy()
        self.values = self._held.values.copy()

    def keep_better(self, tolerance: IntArray) -> None:
        """Go back to the placement kept before where the present one is worse; keep the better.

        A search that ends early may have gained in no tier and lost in later ones, which an early
        tier's search only weighs against each other.

        Parameters
        ----------
        tolerance : shape (K,), per mille of a tier's value that it may give back to later ones.
        """
        if self._kept is not None and is_worse(self.values, self._kept[1], tolerance):
            self.take(self._kept[0])
        self._kept = self.placement, self.values

    def values_at(self, placement: IntArray) -> IntArray:
        """Tier values of another placement, shape (K,)."""
        load_placement(self.tables.packed, self._held.flat, placement)
        values = self._held.values.copy()
        load_placement(self.tables.packed, self._held.flat, self.placement)
        return values

    def state(self, seed: int) -> State:
        """A state at the incumbent, the caller's to change."""
        return copy_state(self._held, seed)

    def ground(self, tier: int) -> tuple[Tables, State]:
        """Tables for the search of a tier, and a state at the incumbent of these tables.

        Where people have many pair terms of later tiers these are left out: they would only break
        ties, and keeping their sums takes many times as long as the trials themselves.
        """
        t = self._tables_until(tier)
        if t is self.tables:
            return t, self._held
        state = new_state(t, 1)
        load_placement(t.packed, state.flat, self.placement)
        return t, state

    def _tables_until(self, tier: int) -> Tables:
        t = self.tables
        if np.count_nonzero(t.pair_tier > tier) <= MANY_PAIRS * len(t.places):
            return t
        if tier not in self._fewer:
            self._fewer[tier] = t.until(tier)
        return self._fewer[tier]

    def flat_tier(self, tier: int) -> FlatTier | None:
        """A tier as a flat problem, None where it is something else.

        The values of earlier tiers tell who may stay out; no lower limit may lack anything.
        """
        if self.values[DEFICIT]:
            return None
        reading = tier, *self.values[:tier].tolist()
        if reading not in self.flat:
            t = self._tables_until(tier)
            one = as_flat(t, tier)
            self.flat[reading] = (
                None if one is None else FlatTier(with_outside(one, t, tier, self.values))
            )
        return self.flat[reading]

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float | None:
        """Wall-clock seconds left, None without a limit."""
        limit = self.options.time_limit_seconds
        return None if limit is None else limit - self.seconds

    def tell(
        self, stage: str, tier: int, values: IntArray, placement: IntArray | None = None
    ) -> bool:
        """Report progress; True when the search should end now.

        Parameters
        ----------
        placement : the best one of a search under way, None for the incumbent.
        """
        if self.observer is not None:
            name = self.tiers[max(tier, 1) - 1]
            shown = tuple(int(v) for v in values[1:])
            bound = int(self.bounds[tier])
            best = self.placement if placement is None else placement
            self.observer.on_progress(Progress(self.seconds, stage, name, shown, bound, best))
            self.stopped = self.stopped or self.observer.should_stop()
        left = self.seconds_left
        self.stopped = self.stopped or (left is not None and left <= 0)
        return self.stopped

    def raise_bound(self, tier: int, bound: int) -> None:
        """Take a lower bound of a tier where it is better than the one known."""
        self.bounds[tier] = max(int(self.bounds[tier]), bound)

    def is_proven(self, tier: int) -> bool:
        """True when the tier's value meets its bound."""
        return bool(self.values[tier] <= self.bounds[tier])


def is_worse(values: IntArray, kept: IntArray, tolerance: IntArray) -> bool:
    """True where the first tier that tells the two apart, tolerances counted, is the worse one.

    `values`, `kept`, `tolerance` : shape (K,).
    """
    allowed = kept + np.abs(kept) * tolerance // 1000
    for value, before, most in zip(values, kept, allowed, strict=True):
        if value > most:
            return True
        if value < before:
            return False
    return bool(np.any(values > kept))
