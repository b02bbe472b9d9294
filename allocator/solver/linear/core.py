"""Tiers in which nobody has points with anybody: bound, rounding, neighbourhoods and proof.

A relaxation prices every choice (`prices.py`). Choices that no better plan can have are left out,
and CP-SAT has few to decide on.

References
----------
.. [1] Balas and Zemel (1980), An algorithm for large zero-one knapsack problems: the core.
.. [2] Yagiura, Ibaraki and Glover (2006), A path relinking approach with ejection chains for the
   generalized assignment problem: what is to be reached; their neighbourhoods are not used.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.least import least_load
from allocator.solver.cpsat.limits import FULL_RELAXATION, Limits
from allocator.solver.cpsat.tiers import build_around, solve_tiers
from allocator.solver.incumbent import Incumbent
from allocator.solver.linear.around import Aim, improve_around
from allocator.solver.linear.choices import Choices, all_choices, rows_of, within_caps
from allocator.solver.linear.matching import optimal_matching
from allocator.solver.linear.prices import Priced, price
from allocator.solver.passes import caps_before, take_reached
from allocator.solver.search.initial import initial_placement

MOST_CHOICES = 4_000_000
MOST_LITERALS = 60_000  # that CP-SAT gets at once
PRICE_SHARE, ROUND_SHARE, PROOF_SHARE = 0.3, 0.2, 0.1  # of a tier's seconds
TURNS = 4
FEWER = 0.6  # of the choices at the last proof, from which on another one is tried
LIKELY = 10  # choices of each person that neighbourhoods look at
LINEAR_SHARE = 0.9  # of the seconds left; the others are for annealing


def match_people(inc: Incumbent, tolerance: IntArray) -> bool:
    """Solve a problem that is a matching; False where it is none."""
    found = optimal_matching(inc.tables, tolerance, inc.placement)
    if found is None:
        return False
    inc.take(found)
    for tier, value in enumerate(inc.values.tolist()):
        inc.raise_bound(tier, value)
    inc.tell("whole", len(inc.values) - 1, inc.values)
    return True


def close_linear_tiers(inc: Incumbent, tolerance: IntArray, reached: IntArray) -> bool:
    """Tier after tier by relaxation, neighbourhoods and proof; True when all were proved.

    Parameters
    ----------
    tolerance : shape (K,), per mille of a tier's value that later tiers may give back.
    reached : shape (K,), least value of each tier given the tiers before it; brought up to date.
    """
    if int(inc.tables.elig.sum(axis=1)[inc.tables.elig_row].sum()) > MOST_CHOICES:
        return False
    left = LINEAR_SHARE * (inc.seconds_left or 0.0)
    ends = time.monotonic() + left
    for tier in range(len(inc.values)):
        caps = caps_before(inc, tier, tolerance, reached)
        if inc.stopped:
            return False
        if not inc.is_proven(tier):
            open_tiers = sum(not inc.is_proven(k) for k in range(tier, len(inc.values)))
            seconds = (ends - time.monotonic()) / open_tiers
            Closing(inc, tier, caps, seconds).run(tolerance)
        take_reached(inc, tier, reached)
    return all(inc.is_proven(k) for k in range(len(inc.values)))


@dataclass(frozen=True, eq=False)
class Closing:
    """One tier within so many seconds.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    """

    inc: Incumbent
    tier: int
    caps: IntArray
    seconds: float

    def run(self, tolerance: IntArray) -> None:
        """Bound, round, place neighbourhoods anew, prove."""
        inc, tier, started = self.inc, self.tier, time.monotonic()
        loads = [least_load(inc.tables, k) for k in range(len(self.caps))]
        slack = self.caps - np.array(loads, dtype=np.int64)
        choices = within_caps(all_choices(inc.tables), slack, tier)
        rows = rows_of(inc.tables, choices, slack, tier)
        known = choices.at(inc.placement)
        priced = price(choices, choices.costs[tier], rows, known, PRICE_SHARE * self.seconds)
        inc.raise_bound(tier, priced.bound + least_load(inc.tables, tier))
        if inc.is_proven(tier) or inc.tell("bound", tier, inc.values):
            return
        self._round(choices, priced, started + (PRICE_SHARE + ROUND_SHARE) * self.seconds)
        tried = MOST_LITERALS
        for turn in range(TURNS):
            only = self._kept(choices, priced)
            number = sum(map(len, only))
            if number <= tried:
                self._prove(only, tolerance, PROOF_SHARE * self.seconds)
                tried = int(number * FEWER)
            left = started + self.seconds - time.monotonic()
            ends = time.monotonic() + left / (TURNS - turn)
            improve_around(inc, replace(self._aim(choices, priced), turn=turn), ends)

    def _round(self, choices: Choices, priced: Priced, ends: float) -> None:
        """Start from the relaxation's solution where, mended, it is better."""
        inc, tier = self.inc, self.tier
        before, value = inc.placement, int(inc.values[tier])
        most = np.flatnonzero(priced.x > 1 / 2)
        start = np.full(len(choices.first), -1, dtype=np.int64)
        start[choices.person[most]] = choices.cell[most]
        inc.take(initial_placement(inc.tables, start))
        over = np.flatnonzero(inc.values[:tier] > self.caps[:tier]).tolist()
        if over:
            aim = self._aim(choices, priced)
            weights = aim.weights.copy()
            weights[over[0]] = 1 + 2 * int(np.ptp(choices.costs[tier]))
            mend = replace(aim, tier=over[0], until=int(self.caps[over[0]]), weights=weights)
            improve_around(inc, mend, ends)
        if np.any(inc.values[:tier] > self.caps[:tier]) or inc.values[tier] >= value:
            inc.take(before)

    def _aim(self, choices: Choices, priced: Priced) -> Aim:
        weights = np.zeros(len(self.caps), dtype=np.int64)
        weights[self.tier] = 1
        above = np.zeros((len(choices.first), len(self.inc.tables.cap) + 1))
        above[choices.person, choices.cell] = priced.above / priced.scale
        likely = _by_person(choices, choices.cheapest(priced.above, LIKELY))
        return Aim(self.tier, int(self.inc.bounds[self.tier]), self.caps, weights, likely, above)

    def _kept(self, choices: Choices, priced: Priced) -> list[list[int]]:
        """Cells of everybody that a better plan may have, and where they are."""
        inc, tier = self.inc, self.tier
        goal = int(inc.values[tier]) - 1 - least_load(inc.tables, tier)
        here = choices.cell == inc.placement[choices.person]
        return _by_person(choices, priced.may_reach(goal) | here)

    def _prove(self, only: list[list[int]], tolerance: IntArray, seconds: float) -> None:
        """The whole problem of the kept choices by CP-SAT: what they cannot reach is a bound."""
        inc, tier, before = self.inc, self.tier, int(self.inc.values[self.tier])
        if inc.is_proven(tier) or inc.stopped:
            return
        everyone = np.arange(len(only), dtype=np.int64)
        cells = np.arange(len(inc.tables.cap), dtype=np.int64)
        build = build_around(inc.tables, inc.state(1), everyone, cells, dict(enumerate(only)))
        for k in range(tier):
            value = build.value(k)
            if not isinstance(value, int):
                build.model.add(value <= int(self.caps[k]))
        limits = Limits(seconds, seconds, inc.options.seed, relaxation=FULL_RELAXATION)
        found = solve_tiers(build, inc.placement, (tier,), inc.bounds, tolerance, limits)
        inc.take(found.placement)
        if found.bounds[0] is not None:
            inc.raise_bound(tier, min(before, found.bounds[0]))
        inc.tell("whole", tier, inc.values)


def _by_person(choices: Choices, keep: BoolArray) -> list[list[int]]:
    """Cells of some of everybody's choices."""
    cells: list[list[int]] = [[] for _ in choices.first]
    for k in np.flatnonzero(keep & (choices.cell >= 0)).tolist():
        cells[choices.person[k]].append(int(choices.cell[k]))
    return cells
