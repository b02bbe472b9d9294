"""The public call: solve an instance tier by tier with search, neighbourhoods and proofs."""

import time
from dataclasses import dataclass, replace

import numpy as np

from allocator.errors import ConfigError, InternalError
from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.shapes import IntArray
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.limits import FULL_RELAXATION, Limits
from allocator.solver.cpsat.tiers import build_around, solve_tiers
from allocator.solver.fill import FIRST_PASS, fill_time
from allocator.solver.incumbent import Incumbent
from allocator.solver.linear.choices import is_linear
from allocator.solver.linear.core import close_linear_tiers, match_people
from allocator.solver.options import Observer, Progress, Solution, SolveOptions
from allocator.solver.passes import WORK, bound_tiers, led_by_bounds, search_tiers
from allocator.solver.renumber import linked_first, renumbered
from allocator.solver.search.initial import initial_placement
from allocator.solver.tables import DEFICIT, Tables

SECONDS_TO_LEAD = 1.5  # of bounds by the move budget, which every effort has
MOST_TERMS = 50  # pairs times pairs of classes, for each literal that is solved whole
WITHOUT_PAIRS = 40  # times as many literals are solved whole where nobody has points with anybody
WHOLE_SHARE = 0.1  # of a time limit to be filled, for what seldom ends where people have points


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
    options, place = options or SolveOptions(), _checked_start(instance, start)
    order = linked_first(instance)
    if order is None:
        return _solve(instance, options, observer, place, started)
    told = None if observer is None else _InOwnOrder(observer, order)
    found = _solve(renumbered(instance, order), options, told, place[order], started)
    return replace(found, placement=_in_own_order(found.placement, order))


def _in_own_order(placement: IntArray, order: IntArray) -> IntArray:
    """A placement of renumbered people, person `order[k]` as number k, as the caller knows them."""
    own = np.empty_like(placement)
    own[order] = placement
    return own


@dataclass(frozen=True, slots=True)
class _InOwnOrder:
    """An observer of a renumbered problem that passes placements on in the caller's order."""

    observer: Observer
    order: IntArray

    def on_progress(self, progress: Progress) -> None:
        place = progress.placement
        own = None if place is None else _in_own_order(place, self.order)
        self.observer.on_progress(replace(progress, placement=own))

    def should_stop(self) -> bool:
        return self.observer.should_stop()


def _solve(
    instance: Instance,
    options: SolveOptions,
    observer: Observer | None,
    start: IntArray,
    started: float,
) -> Solution:
    """As `solve`, from a placement; `started` is when the clock began."""
    tables = build_tables(instance)
    inc = _first_incumbent(instance, tables, options, observer)
    inc.take(initial_placement(tables, start))
    inc.started = started
    tolerance = np.array([0, *(s.tolerance_permille for s in instance.tiers)], dtype=np.int64)
    inc.keep_better(tolerance)
    if match_people(inc, tolerance):
        return _solution(inc, proven=True)
    work = WORK[options.effort]
    if options.fill_time:
        work = replace(work.scaled(FIRST_PASS), rounds=0, flat_times=1)
    else:
        work = led_by_bounds(inc, work, SECONDS_TO_LEAD)
    reached = inc.values.copy()
    search_tiers(inc, tolerance, work, reached)
    if _has_no_pairs(inc) and is_linear(tables):
        proven = not inc.stopped and close_linear_tiers(inc, tolerance, reached)
    else:
        proven = _is_small(inc) and not inc.stopped and _solve_whole(inc, tolerance)
    if options.fill_time and not proven:
        fill_time(inc, tolerance, WORK[options.effort], reached)
    elif not proven and options.time_limit_seconds is not None:
        bound_tiers(inc, tolerance, WORK[options.effort], reached)
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


def _is_small(inc: Incumbent) -> bool:
    t = inc.tables
    literals = int(t.elig.sum(axis=1, dtype=np.int64)[t.elig_row].sum())
    pairs = len(t.pair_other) // 2
    most = WORK[inc.options.effort].exact_literals
    most *= WITHOUT_PAIRS if _has_no_pairs(inc) else 1
    terms = pairs * int(t.contact_class.max(initial=0) + 1) ** 2
    return literals <= most and terms <= MOST_TERMS * most


def _has_no_pairs(inc: Incumbent) -> bool:
    """True where time is to be filled with a problem in which nobody minds who is with whom."""
    t = inc.tables
    return inc.options.fill_time and not len(t.pair_other) and not len(t.apart_other)


def _solve_whole(inc: Incumbent, tolerance: IntArray) -> bool:
    """CP-SAT on the whole problem; True when every tier was proved."""
    t = inc.tables
    everyone = np.arange(len(t.places), dtype=np.int64)
    build = build_around(t, inc.state(1), everyone, np.arange(len(t.cap), dtype=np.int64))
    left = inc.seconds_left
    if inc.options.fill_time and left is not None and not _has_no_pairs(inc):
        left *= WHOLE_SHARE
    limits = Limits(WORK[inc.options.effort].exact_time, left, inc.options.seed, workers=1)
    if _has_no_pairs(inc):
        limits = replace(limits, deterministic=inc.seconds_left or 0.0, relaxation=FULL_RELAXATION)
    tiers = tuple(range(len(inc.values)))
    result = solve_tiers(build, inc.placement, tiers, inc.bounds, tolerance, limits)
    inc.take(result.placement)
    for tier, bound in enumerate(result.bounds):
        if bound is not None:
            inc.raise_bound(tier, bound)
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
