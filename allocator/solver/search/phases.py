"""Runs the annealing of one tier: schedules, weights of later tiers, two chains side by side."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent
from allocator.solver.search.anneal import anneal
from allocator.solver.search.apply import load_placement
from allocator.solver.search.assignment import Assignment, as_assignment
from allocator.solver.search.chain import FORBIDDEN, STEPS, Chain, Pace, Schedule, Terrain
from allocator.solver.search.core_chain import CoreChain
from allocator.solver.search.ejection_chain import EjectionChain
from allocator.solver.search.flat_chain import ABOVE, FlatChain
from allocator.solver.search.focus import focus_of, heavy_people
from allocator.solver.search.scouting import SHARE, Allowance, send_scouts, settle
from allocator.solver.search.scouts import Field
from allocator.solver.search.state import State, copy_state
from allocator.solver.search.tempering import FlatTier, Ladder, Tempered
from allocator.solver.search.trials import (
    KINDS,
    PHASE,
    ROW_LOG,
    ROW_RISE,
    ROW_RISES,
    TIERS,
    new_decision,
)
from allocator.solver.search.walker import Walker
from allocator.solver.tables import DEFICIT, Tables

# The first chain melts everything and may go over the caps of earlier tiers for a while; the second
# keeps to them and spends its trials where most is decided. Prisons, grouping and assignment
# problems agree on this range once rises are taken by their geometric mean: a few people weigh a
# hundred times more than most, and an arithmetic mean is theirs alone.
SCHEDULES = (Schedule(2.0, 0.01, 2.0), Schedule(0.7, 0.005, FORBIDDEN))
REFINING = Schedule(0.3, 0.01, FORBIDDEN)
PILOT_TRIALS = 20_000
MENDING = 100  # trials for each person in which a child that lacks somebody becomes whole
EMPTY_SHARE = 2  # cells for each with people from which on empty ones are counted by kind
HOME_SHARE = 10
HOME_SHARE_MOVES = 50


def tier_weights(inc: Incumbent, tier: int, tolerance: IntArray) -> NDArray[np.float64]:
    """Weights (K,) of all tiers while one is minimised.

    A later tier only breaks ties: all its points together are worth less than one of the tier's.
    Where the tier has a tolerance, a point of moving is worth what the tolerance would give back
    if it were spread over everybody's moves. A point of an earlier tier is worth more than all of
    the tier.
    """
    t = inc.tables
    weights = np.zeros(len(inc.values))
    weights[tier] = 1.0
    weights[:tier] = 4.0 * (1 + abs(float(inc.values[tier])))
    share = 0.5
    for k in range(tier + 1, len(weights)):
        share /= 4
        weights[k] = share / (1 + abs(float(inc.values[k])))
        range_points = float(t.moved[t.current >= 0, k].sum())
        if range_points > 0 and tolerance[tier] > 0:
            slack = float(tolerance[tier]) / 1000 * abs(float(inc.values[tier]))
            weights[k] = max(weights[k], slack / range_points)
    return weights


def run_phase(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    tolerance: IntArray,
    trials: int,
    seconds: float | None = None,
) -> None:
    """Anneal one tier from the incumbent and keep the best of all chains.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    trials : trial moves of each chain.
    seconds : fit the trials to so much wall-clock time instead; None to make `trials`.

    References
    ----------
    .. [1] White (1984), Concepts of scale in simulated annealing: temperatures from the changes
       that trials make.
    """
    began = time.monotonic()
    phase = _Phase.start(inc, tier, _decision(inc, tier, caps, tolerance), trials)
    workers = max(1, min(inc.options.workers, len(phase.chains)))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        if phase.scout(Allowance.of(phase.t, trials, seconds), pool):
            trials = int(trials * (1 - SHARE))
        phase.set_out()
        left = None if seconds is None else seconds - (time.monotonic() - began)
        phase.cool(Pace.start(trials, left), pool)
    phase.end()


def _decision(
    inc: Incumbent, tier: int, caps: IntArray, tolerance: IntArray
) -> NDArray[np.float64]:
    exact = tolerance == 0
    few_moves = bool(inc.tables.moved[:, tier].any()) or inc.tables.has_move_limit
    return new_decision(
        tier,
        caps,
        np.where(exact, np.minimum(caps, inc.bounds), caps),
        tier_weights(inc, tier, tolerance),
        exact,
        HOME_SHARE_MOVES if few_moves else HOME_SHARE,
        _kinds_of_cells(inc),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Phase:
    """One tier's chains on their way.

    Parameters
    ----------
    t : tables without what the tier need not look at. terrain : the same packed, and whom to try.
    seed : of this tier in this pass. chains : one for each schedule; some become walkers.
    """

    inc: Incumbent
    tier: int
    t: Tables
    terrain: Terrain
    seed: int
    chains: list[Chain]

    @classmethod
    def start(cls, inc: Incumbent, tier: int, rule: NDArray[np.float64], trials: int) -> "_Phase":
        """Chains at the incumbent, as hot as a pilot of at most so many trials tells."""
        focus, heavy = focus_of(inc, tier), heavy_people(inc.tables, tier)
        pilot, own = min(PILOT_TRIALS, trials), inc.options.seed * 1009 + tier
        t, start = inc.ground(tier)
        rises = usual_rises(t, copy_state(start, own), rule, focus, pilot)
        seed = (inc.options.seed + 7919 * inc.passes) * 1009 + 17 * tier
        chains = [
            Chain.start(copy_state(start, seed + number), rule, schedule, rises)
            for number, schedule in enumerate(SCHEDULES)
        ]
        return cls(inc, tier, t, Terrain(t.packed, focus, heavy), seed, chains)

    def scout(self, allowance: Allowance, pool: ThreadPoolExecutor) -> bool:
        """Let scouts find where to set out from; True where they found something."""
        if not len(self.terrain.heavy) or not _is_first_contact(self.t, self.tier):
            return False
        field = Field(self.t, self.terrain.focus, self.terrain.heavy)
        finds = send_scouts(field, self.chains, allowance, pool, lambda: not self._tell())
        if finds:
            settle(self.t, self.chains, finds)
        return bool(finds)

    def set_out(self) -> None:
        """Let chains that know flat problems and assignments take over; send out a child.

        Annealing keeps one chain of an assignment until it is seen to find less than walks. Of two
        chains that anneal the second one places core groups where there are groups; elsewhere it
        begins at a child, one alone every other time.
        """
        inc, tier, chains = self.inc, self.tier, self.chains
        flat = inc.flat_tier(tier)
        everybody = not inc.values[DEFICIT] and bool(np.all(inc.placement >= 0))
        problem = as_assignment(self.t, tier) if everybody else None
        others = self._others(flat, problem)
        annealing = len(chains) - len(others)
        groups = flat is not None and flat.problem.has_like_groups
        both = annealing == len(chains)
        if (both and not groups) or (annealing and not both and inc.passes % 2 == 1):
            self._begin_at_child(chains[annealing - 1])
        if flat is not None:
            forms = FlatChain, CoreChain if groups else FlatChain
            chains[:annealing] = [
                form.of(chain, flat.problem, above)
                for chain, above, form in zip(chains[:annealing], ABOVE, forms, strict=False)
            ]
        chains[annealing:] = others

    def _others(self, flat: FlatTier | None, problem: Assignment | None) -> list[Chain]:
        """Chains that walk or change heats instead of cooling; they take the last ones' places.

        Walks that put people out and a second chain that cools take turns: in a random graph the
        former place more, in one with a pattern the latter.
        """
        inc, tier, last = self.inc, self.tier, self.chains[-1]
        if problem is not None:
            walking = self.chains if inc.walked.setdefault(tier, False) else [last]
            return [
                Walker.of(chain, problem, inc.elite[tier], inc.alike, self.seed + number)
                for number, chain in enumerate(walking)
            ]
        if flat is None:
            return []
        if flat.problem.is_packing:
            turn = inc.passes % 2 == 0
            return [EjectionChain.of(last, flat.problem)] if turn else []
        if flat.peak is None or flat.problem.has_like_groups:
            return []
        if flat.ladder is None:
            kinds = float(last.rule[KINDS])
            flat.ladder = Ladder.start(flat.problem, kinds, inc.placement, flat.peak, self.seed)
        return [Tempered.of(last, flat.ladder)]

    def _begin_at_child(self, chain: Chain) -> None:
        """Start a chain, not hot, at a child of two of the best placements of earlier passes."""
        inc = self.inc
        child = inc.elite[self.tier].child(inc.options.seed * 1009 + inc.passes, inc.alike)
        if inc.passes > 1 and child is not None:
            load_placement(self.t.packed, chain.state.flat, child)
            chain.schedule = REFINING
            place = chain.state.place
            is_short = np.count_nonzero(place < 0) > np.count_nonzero(inc.placement < 0)
            if is_short or chain.state.values[DEFICIT]:
                chain.advance(self.terrain, (0.0, 0.0), MENDING * len(child))

    def cool(self, pace: Pace, pool: ThreadPoolExecutor) -> None:
        """Take the chains through their schedules step by step."""
        for step in range(STEPS):
            number = pace.trials(step)
            span = step / STEPS, (step + 1) / STEPS
            list(pool.map(lambda c: self._advance(c, span, number), self.chains))  # noqa: B023
            if pace.ends is not None:
                for walker in self._walkers:
                    walker.keep_pace(self.chains[0])
            if self._tell() or self._is_done:
                break

    def _advance(self, chain: Chain, span: tuple[float, float], number: int) -> None:
        began = time.thread_time()
        chain.advance(self.terrain, span, number)
        chain.busy = time.thread_time() - began

    @property
    def _is_done(self) -> bool:
        """True where a flat problem is solved; elsewhere later tiers gain by going on."""
        value = self._leader.best_values(self.inc.values)[self.tier]
        is_flat = isinstance(self.chains[0], FlatChain)
        return bool(is_flat and value <= self.inc.bounds[self.tier])

    def _tell(self) -> bool:
        """Report the best so far; True when the search should end."""
        values = self._leader.best_values(self.inc.values)
        if self.t is not self.inc.tables:
            values = np.concatenate((values[: self.tier + 1], self.inc.values[self.tier + 1 :]))
        return self.inc.tell("search", self.tier, values, self._leader.best)

    def end(self) -> None:
        """Make the best placement the incumbent and remember what may help later passes."""
        inc, tier = self.inc, self.tier
        if inc.passes > 1:
            flat = inc.flat_tier(tier)
            for chain in self.chains:
                inc.elite[tier].add(inc.values_at(chain.best)[: tier + 1], chain.best)
                if flat is not None and isinstance(chain, FlatChain) and chain.sweep.peak:
                    flat.peak = chain.sweep.peak
            if self._walkers and self.chains[-1].rank < self.chains[0].rank:
                inc.walked[tier] = True
        inc.take(self._leader.best)

    @property
    def _leader(self) -> Chain:
        return min(self.chains, key=lambda chain: chain.rank)

    @property
    def _walkers(self) -> list[Walker]:
        return [chain for chain in self.chains if isinstance(chain, Walker)]


def _kinds_of_cells(inc: Incumbent) -> float:
    """How many kinds of cells there are, or endlessly many where few are empty anyway."""
    m = len(inc.tables.cap)
    if EMPTY_SHARE * len(np.unique(inc.placement[inc.placement >= 0])) > m:
        return np.inf
    return m - sum(len(cells) - 1 for cells in inc.alike)


def _is_first_contact(t: Tables, tier: int) -> bool:
    """True when where people meet is decided in this tier and in no earlier one."""
    earlier = any(t.contact_rows(k).any() for k in range(tier))
    return bool(t.contact_rows(tier).any()) and not earlier


def usual_rises(
    t: Tables, state: State, rule: NDArray[np.float64], focus: IntArray, trials: int
) -> NDArray[np.float64]:
    """Usual increase of each tier over trials that increase it, shape (K,), at least 1.

    Of the tier that is minimised the geometric mean, of earlier ones the arithmetic mean. The state
    is changed.
    """
    own, tier = rule.copy(), int(rule[PHASE])
    nobody, best = np.zeros(0, dtype=np.int64), state.place.copy()
    anneal(t.packed, state.flat, best, own, focus, nobody, 1.0, trials)
    rows = own[TIERS:].reshape(-1, len(state.values))
    number = np.maximum(1.0, rows[ROW_RISES])
    rises: NDArray[np.float64] = np.maximum(1.0, rows[ROW_RISE] / number)
    rises[tier] = np.exp(rows[ROW_LOG, tier] / number[tier])
    return rises
