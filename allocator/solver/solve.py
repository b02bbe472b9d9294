"""The public call: solve an instance tier by tier with search, neighbourhoods and proofs."""

import time
from dataclasses import dataclass, replace

import numpy as np

from allocator.errors import ConfigError, InternalError
from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.shapes import IntArray
from allocator.solver.bound.improve import (
    SECONDS_PER_TERM,
    close_gap,
    raise_by_pairs,
    raise_by_room,
)
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.neighbourhood import WEIGHT_SCALE, improve
from allocator.solver.cpsat.tiers import Limits, build_around, solve_tiers
from allocator.solver.incumbent import Incumbent
from allocator.solver.options import Effort, Observer, Solution, SolveOptions
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.phases import run_phase, tier_weights
from allocator.solver.search.repair import without_shortfalls
from allocator.solver.tables import DEFICIT, Tables


@dataclass(frozen=True, slots=True)
class Work:
    """Deterministic work of one effort.

    Parameters
    ----------
    base_trials, trials_per_person : trial moves of each chain in a tier with pair terms; other
        tiers get a quarter.
    rounds : CP-SAT neighbourhoods in such a tier.
    exact_literals : largest number of (person, cell) literals solved whole.
    exact_time : CP-SAT's deterministic seconds per tier of the whole problem.
    bound_time : the same for a bound from the move budget.
    """

    base_trials: int
    trials_per_person: int
    rounds: int
    exact_literals: int
    exact_time: float
    bound_time: float = 0.0


WORK = {
    Effort.QUICK: Work(200_000, 500, 4, 1_500, 0.5),
    Effort.NORMAL: Work(2_000_000, 1_000, 8, 4_000, 1.2, 6.0),
    Effort.THOROUGH: Work(10_000_000, 10_000, 120, 8_000, 60.0, 90.0),
}

BOUND_SHARE = 0.15  # of a time limit
FIRST_PASS = 1 / 16  # share of the effort's trials with which filling a time limit begins
# Shares of a tier's seconds for neighbourhoods when a time limit is filled: few moves leave little
# to anneal and suit CP-SAT. The last one is of the whole limit, the least that every tier gets.
NEIGHBOURHOOD_SHARE, BUDGET_SHARE, LEAST_SHARE = 0.08, 0.4, 0.03
SHORTEST_PASS = 0.02  # of a time limit
LONGEST_CHAIN = 0.06  # seconds of a pass for each person, above which another start promises more
START_PEOPLE = 5  # who count for the length of a chain, for each move that is allowed
PAIRS_SHARE = 16  # seconds of a tier with contact for each second of another one


def solve(
    instance: Instance,
    options: SolveOptions | None = None,
    observer: Observer | None = None,
    start: IntArray | None = None,
) -> Solution:
    """Best placement found for an instance, with a lower bound per tier.

    Each tier is minimised while the ones before it stay within their value and tolerance. The
    result satisfies every hard shape; whoever cannot be placed so is left without a cell. The
    same instance, effort and seed give the same placement unless a time limit or the observer
    stops the search.

    Parameters
    ----------
    instance : any placement problem: a prison, or a grouping or quadratic assignment problem.
    options : effort, seed, time limit, workers; defaults of `SolveOptions`.
    observer : told of progress and asked whether to stop.
    start : shape (n_persons,), cell or -1 for none: the placement to set out from, say the last
        plan's; the present one by default. Whoever may not be there any more is placed anew.

    Raises
    ------
    ConfigError
        If a shape uses a tier that the instance's order lacks, or `start` has another shape or
        names a cell that does not exist.

    References
    ----------
    .. [1] ROADEF/EURO challenge 2012: local search from the assignment in force, then large
       neighbourhoods; we add the tiers.
    """
    started = time.monotonic()
    options = options or SolveOptions()
    tables = build_tables(instance)
    inc = _first_incumbent(instance, tables, options, observer)
    inc.take(initial_placement(tables, _checked_start(instance, start)))
    inc.started = started
    tolerance = np.array([0, *(s.tolerance_permille for s in instance.tiers)], dtype=np.int64)
    work = WORK[options.effort]
    if options.fill_time:
        work = replace(_scaled(work, FIRST_PASS), rounds=0)
    reached = inc.values.copy()
    _search_tiers(inc, tolerance, work, reached)
    proven = _is_small(inc) and not inc.stopped and _solve_whole(inc, tolerance)
    if options.fill_time and not proven:
        _fill_time(inc, tolerance, WORK[options.effort], reached)
        _bound_tiers(inc, tolerance, WORK[options.effort], reached)
    return _solution(inc, proven)


def _first_incumbent(
    instance: Instance, tables: Tables, options: SolveOptions, observer: Observer | None
) -> Incumbent:
    least = trivial_bounds(tables)
    return Incumbent(
        tables,
        tuple(s.tier for s in instance.tiers),
        options,
        observer,
        np.full(instance.n_persons, -1, dtype=np.int64),
        tables.unplaced.sum(axis=0),
        least,
        least.copy(),
    )


def _checked_start(instance: Instance, start: IntArray | None) -> IntArray:
    """Where to set out from: `start`, else the present placement.

    Raises
    ------
    ConfigError
        If `start` has another shape or names a cell that does not exist.
    """
    if start is None:
        return instance.current
    if start.shape != (instance.n_persons,):
        raise ConfigError(
            f"The start has shape {start.shape}; it needs one cell for each of "
            f"{instance.n_persons} people."
        )
    if np.any((start < -1) | (start >= instance.n_cells)):
        raise ConfigError(f"The start names cells outside -1 to {instance.n_cells - 1}.")
    return start.astype(np.int64)


def _has_pairs(inc: Incumbent, tier: int) -> bool:
    return bool(np.any((inc.tables.pair_tier == tier) & (inc.tables.pair_level < 0)))


def _fill_time(inc: Incumbent, tolerance: IntArray, work: Work, reached: IntArray) -> None:
    """Pass after pass, each fitted to a share of the seconds that are left.

    Raises
    ------
    ConfigError
        If there is no time limit.
    """
    limit = inc.options.time_limit_seconds
    if limit is None:
        raise ConfigError("Filling the time needs a time limit.")
    ends = limit - _bound_seconds(inc, work, limit)
    longest = _longest_pass(inc)
    while not inc.stopped and not all(inc.is_proven(k) for k in range(len(inc.values))):
        left = ends - inc.seconds
        if left < SHORTEST_PASS * limit:
            return
        _search_tiers(inc, tolerance, work, reached, left if left < 2 * longest else longest)


def _bound_seconds(inc: Incumbent, work: Work, limit: float) -> float:
    """Seconds of a time limit that are kept for bounds."""
    share = BOUND_SHARE * limit
    pairs = len(inc.tables.pair_other) * SECONDS_PER_TERM
    return share if work.bound_time > 0 else pairs if pairs <= share else 0.0


def _longest_pass(inc: Incumbent) -> float:
    """Seconds in which a chain makes so many trials that another start promises more.

    Where few may move, there are few ways to go on from a start.
    """
    t = inc.tables
    most_moves = t.limit_high[t.limit_tier < 0].min(initial=len(t.places))
    return LONGEST_CHAIN * min(len(t.places), START_PEOPLE * (1 + int(most_moves)))


def _bound_tiers(inc: Incumbent, tolerance: IntArray, work: Work, reached: IntArray) -> None:
    """Raise the bounds of all tiers in the time that searching has left over."""
    for tier in range(DEFICIT + 1, len(inc.values)):
        left = inc.seconds_left
        if inc.is_proven(tier) or inc.stopped or left is None or left <= 0:
            continue
        caps = _caps(inc, tier, tolerance, reached)
        raise_by_pairs(inc, tier, caps, left)
        if not inc.is_proven(tier):
            close_gap(inc, tier, caps, tolerance, _bound_time(inc, work.bound_time))
        inc.tell("bound", tier, inc.values)


def _caps(inc: Incumbent, tier: int, tolerance: IntArray, reached: IntArray) -> IntArray:
    """What the tiers before one may not exceed, shape (K,), and 0 for the others.

    `reached` : least value of each tier so far; it is brought up to date.
    """
    reached[:tier] = np.minimum(reached, inc.values)[:tier]
    allowed = np.maximum(reached + np.abs(reached) * tolerance // 1000, inc.values)
    return np.where(np.arange(len(allowed)) < tier, allowed, 0).astype(np.int64)


def _scaled(work: Work, scale: float) -> Work:
    """The same work with more or fewer trial moves."""
    return replace(
        work,
        base_trials=max(1, int(work.base_trials * scale)),
        trials_per_person=max(1, int(work.trials_per_person * scale)),
    )


def _search_tiers(
    inc: Incumbent,
    tolerance: IntArray,
    work: Work,
    reached: IntArray,
    seconds: float | None = None,
) -> None:
    """Deficit of lower limits first, then each tier in order.

    Parameters
    ----------
    reached : shape (K,), least value of each tier given the tiers before it, kept from pass to
        pass: what a tier gives back to later ones is counted from there.
    seconds : fit the search to so much wall-clock time; None to do `work`.
    """
    t = inc.tables
    inc.passes += 1
    ends = None if seconds is None else time.monotonic() + seconds
    for tier in range(len(inc.values)):
        caps = _caps(inc, tier, tolerance, reached)
        if inc.stopped:
            break
        if inc.passes == 1 and tier != DEFICIT and not inc.is_proven(tier):
            raise_by_room(inc, tier, caps, _bound_time(inc, work.exact_time))
            if not inc.options.fill_time:
                raise_by_pairs(inc, tier, caps)
        if not inc.is_proven(tier):
            _search_tier(inc, tier, caps, tolerance, work, _share_of(inc, tier, ends))
        if tier == DEFICIT and inc.values[DEFICIT] > 0:
            inc.take(without_shortfalls(t, inc.placement))
        if inc.values[tier] < reached[tier] or inc.passes == 1:
            reached[tier] = inc.values[tier]
            reached[tier + 1 :] = np.maximum(reached, inc.values)[tier + 1 :]


def _has_budget(inc: Incumbent) -> bool:
    """True when the number of moves has a hard limit."""
    return bool(np.any(inc.tables.limit_tier < 0))


def _neighbourhood_seconds(inc: Incumbent, seconds: float) -> float:
    """How many of a tier's seconds neighbourhoods get."""
    share = BUDGET_SHARE if _has_budget(inc) else NEIGHBOURHOOD_SHARE
    return max(share * seconds, LEAST_SHARE * (inc.options.time_limit_seconds or 0.0))


def _share_of(inc: Incumbent, tier: int, ends: float | None) -> float | None:
    """Seconds for a tier of those until `ends`, by the weights of the tiers that are left."""
    if ends is None:
        return None
    weights = [
        PAIRS_SHARE if _has_pairs(inc, k) else 1
        for k in range(tier, len(inc.values))
        if not inc.is_proven(k)
    ]
    return max(0.0, ends - time.monotonic()) * weights[0] / sum(weights)


def _search_tier(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    tolerance: IntArray,
    work: Work,
    seconds: float | None,
) -> None:
    """Anneal a tier, re-place neighbourhoods, raise its bound; `caps` of exact tiers tighten."""
    pairs = _has_pairs(inc, tier)
    trials = work.base_trials + work.trials_per_person * len(inc.tables.places)
    limit = None if seconds is None else _neighbourhood_seconds(inc, seconds)
    search = None if seconds is None or limit is None else max(0.0, seconds - limit)
    run_phase(inc, tier, caps, tolerance, trials if pairs else trials // 4, search)
    gained = np.minimum(caps, inc.values)  # what an earlier tier gained by the way is kept
    caps[:tier] = np.where(tolerance == 0, gained, caps)[:tier]
    if tier == DEFICIT or inc.stopped or inc.is_proven(tier):
        return
    weights = np.round(tier_weights(inc, tier, tolerance) * WEIGHT_SCALE).astype(np.int64)
    rounds = work.rounds if pairs else work.rounds // 4
    improve(inc, tier, caps, weights, rounds, limit)
    bounding = not inc.options.fill_time or _has_budget(inc)
    if bounding and not inc.stopped and not inc.is_proven(tier):
        close_gap(inc, tier, caps, tolerance, _bound_time(inc, work.bound_time))


def _bound_time(inc: Incumbent, deterministic: float) -> float:
    """CP-SAT's deterministic seconds for a tier's bound; a time limit is mostly for the search."""
    limit = inc.options.time_limit_seconds
    if limit is None:
        return deterministic
    return min(deterministic, BOUND_SHARE * limit / len(inc.tiers))


def _is_small(inc: Incumbent) -> bool:
    t = inc.tables
    literals = int(t.elig.sum(axis=1, dtype=np.int64)[t.elig_row].sum())
    pairs = len(t.pair_other) // 2
    most = WORK[inc.options.effort].exact_literals
    return literals <= most and pairs * int(t.contact_class.max(initial=0) + 1) <= 10 * most


def _solve_whole(inc: Incumbent, tolerance: IntArray) -> bool:
    """CP-SAT on the whole problem; True when every tier was proved."""
    t = inc.tables
    everyone = np.arange(len(t.places), dtype=np.int64)
    build = build_around(t, inc.state(1), everyone, np.arange(len(t.cap), dtype=np.int64))
    limits = Limits(
        WORK[inc.options.effort].exact_time, inc.seconds_left, inc.options.seed, workers=1
    )
    tiers = tuple(range(len(inc.values)))
    result = solve_tiers(build, inc.placement, tiers, inc.bounds, tolerance, limits)
    inc.take(result.placement)
    for tier, bound in enumerate(result.bounds):
        if bound is not None:
            inc.bounds[tier] = max(int(inc.bounds[tier]), bound)
    inc.tell("whole", len(inc.values) - 1, inc.values)
    return result.optimal


def _solution(inc: Incumbent, proven: bool) -> Solution:
    values = tuple(int(v) for v in inc.values[1:])
    bounds = tuple(int(b) for b in inc.bounds[1:])
    if any(b > v for b, v in zip(bounds, values, strict=True)):
        raise InternalError(f"A bound exceeds its value: {bounds} against {values}.")
    if inc.values[DEFICIT] > 0:
        verdict = Verdict.OUT_OF_TIME
    elif proven or bounds == values:
        verdict = Verdict.OPTIMAL
    else:
        verdict = Verdict.FEASIBLE
    return Solution(inc.placement, values, bounds, verdict, inc.seconds)
