"""One pass over all tiers in order: bound, anneal, re-place neighbourhoods, bound again."""

import time
from dataclasses import dataclass, replace

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.improve import BOUND_SHARE, close_gap, raise_by_pairs, raise_by_room
from allocator.solver.cpsat.neighbourhood import WEIGHT_SCALE, improve
from allocator.solver.incumbent import Incumbent
from allocator.solver.options import Effort
from allocator.solver.packing.pack import Packing, lacks_room
from allocator.solver.search.phases import run_phase, tier_weights
from allocator.solver.search.repair import without_shortfalls
from allocator.solver.tables import DEFICIT, Tables


@dataclass(frozen=True, slots=True)
class Work:
    """Deterministic work of one effort.

    Parameters
    ----------
    base_trials, trials_per_person : trial moves of each chain in a tier with pair terms; other
        tiers get a quarter. Where moves are limited every tier gets an eighth: each trial is a
        trade, and takes longer.
    rounds : CP-SAT neighbourhoods of a tier where moves are limited. Where they are not, half in
        tiers with pair terms and a quarter in others: trials find more in the same time.
    flat_times : so many times the trials, and no neighbourhoods, in a tier that is a flat problem.
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
    flat_times: int = 3

    def scaled(self, scale: float) -> "Work":
        """The same work with more or fewer trial moves."""
        return replace(
            self,
            base_trials=max(1, int(self.base_trials * scale)),
            trials_per_person=max(1, int(self.trials_per_person * scale)),
        )


WORK = {
    Effort.QUICK: Work(1_500_000, 1_000, 4, 1_500, 0.5),
    Effort.NORMAL: Work(6_000_000, 3_000, 8, 4_000, 1.2, 6.0),
    Effort.THOROUGH: Work(40_000_000, 40_000, 120, 8_000, 60.0, 90.0),
}

# Seconds of a bound by the move budget for each move allowed and each person. Where they are few,
# it tells whose moves are worth most and proves that nothing is better, sooner than any search.
SECONDS_PER_MOVE = 1.5e-3
BUDGET_TRIALS, ELSE_TRIALS = 8, 4
PAIRS_ROUNDS, ELSE_ROUNDS = 2, 4
ENOUGH_PEOPLE = 60  # fewer get the base trials in proportion
# Shares of a tier's seconds for neighbourhoods when a time limit is filled: few moves leave little
# to anneal and suit CP-SAT. The last one is of the whole limit, the least that every tier gets.
NEIGHBOURHOOD_SHARE, BUDGET_SHARE, LEAST_SHARE = 0.08, 0.4, 0.03
# Share of a whole time limit for packing in a pass, halved each time that it gives nobody a place;
# neighbourhoods of an effort for a turn of it.
PACK_SHARE, PACK_ROUNDS = 0.2, 2
# Seconds of a tier with contact, and of an unproved one before it, for each second of others.
PAIRS_SHARE, EARLY_SHARE = 16, 4


def led_by_bounds(inc: Incumbent, work: Work, seconds: float) -> Work:
    """Work with bounds by the move budget where they likely take no more than so many seconds."""
    needed = SECONDS_PER_MOVE * most_moves(inc.tables) * len(inc.placement)
    if not inc.tables.has_move_limit or needed > seconds:
        return work
    return replace(work, bound_time=max(work.bound_time, WORK[Effort.NORMAL].bound_time))


def most_moves(t: Tables) -> int:
    """How many moves the tightest hard limit allows; of everybody where there is none."""
    return int(t.limit_high[t.limit_tier < 0].min(initial=len(t.places)))


def search_tiers(
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
        caps = caps_before(inc, tier, tolerance, reached)
        if inc.stopped:
            break
        if inc.passes == 1 and tier != DEFICIT and not inc.is_proven(tier):
            raise_by_room(inc, tier, caps, _bound_time(inc, work.exact_time))
            if not inc.options.fill_time:
                deterministic = _bound_time(inc, work.bound_time)
                raise_by_pairs(inc, tier, caps, inc.seconds_left, deterministic)
        if not inc.is_proven(tier):
            _search_tier(inc, tier, caps, tolerance, work, _share_of(inc, tier, ends))
            _pack(inc, tier, caps, work)
        if tier == DEFICIT and inc.values[DEFICIT] > 0:
            inc.take(without_shortfalls(t, inc.placement))
        if inc.values[tier] < reached[tier] or inc.passes == 1:
            take_reached(inc, tier, reached)
    inc.keep_better(tolerance)


def _pack(inc: Incumbent, tier: int, caps: IntArray, work: Work) -> None:
    """Search places for whoever was left without one where that is not proved to be needed.

    Where everybody would have room but for those they may not be with, the search has put out
    others for them.
    """
    t, before = inc.tables, inc.values[tier]
    unproved = not inc.is_proven(tier) and not inc.stopped
    lacking = unproved and t.unplaced[inc.placement < 0, tier].any()
    if lacking and (not _is_packing(inc, tier) or lacks_room(t, inc.placement)):
        limit = inc.options.time_limit_seconds if inc.options.fill_time else None
        seconds = None if limit is None else PACK_SHARE * limit / 2**inc.packed_in_vain
        Packing(inc, tier, caps).run(work.rounds // PACK_ROUNDS, seconds)
        inc.packed_in_vain += int(inc.values[tier] == before)


def take_reached(inc: Incumbent, tier: int, reached: IntArray) -> None:
    """Note what a tier has reached; `reached`, shape (K,), starts anew for the tiers after it."""
    reached[tier] = inc.values[tier]
    reached[tier + 1 :] = np.maximum(reached, inc.values)[tier + 1 :]


def _split(inc: Incumbent, seconds: float | None) -> tuple[float | None, float | None]:
    """How many of a tier's seconds annealing and neighbourhoods get; None for no such limit."""
    if seconds is None:
        return None, None
    share = BUDGET_SHARE if inc.tables.has_move_limit else NEIGHBOURHOOD_SHARE
    rounds = max(share * seconds, LEAST_SHARE * (inc.options.time_limit_seconds or 0.0))
    return max(0.0, seconds - rounds), rounds


def _share_of(inc: Incumbent, tier: int, ends: float | None) -> float | None:
    """Seconds for a tier of those until `ends`, by the weights of the tiers that are left."""
    if ends is None:
        return None
    tiers = range(len(inc.values))
    with_pairs = [k for k in tiers if _has_pairs(inc, k)]
    shares = [EARLY_SHARE if k < min(with_pairs, default=0) else 1 for k in tiers]
    packed = [k for k in tiers[: min(with_pairs, default=len(tiers))] if _is_packing(inc, k)]
    for k in with_pairs + packed:
        shares[k] = PAIRS_SHARE
    weights = [shares[k] for k in tiers[tier:] if not inc.is_proven(k)]
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
    flat = inc.flat_tier(tier) is not None
    annealing, replacing = (seconds, None) if flat else _split(inc, seconds)
    run_phase(inc, tier, caps, tolerance, _trials(inc, tier, work), annealing)
    gained = np.minimum(caps, inc.values)  # what an earlier tier gained by the way is kept
    caps[:tier] = np.where(tolerance == 0, gained, caps)[:tier]
    if tier == DEFICIT or inc.stopped or inc.is_proven(tier):
        return
    if not flat:
        weights = np.round(tier_weights(inc, tier, tolerance) * WEIGHT_SCALE).astype(np.int64)
        improve(inc, tier, caps, weights, _rounds(inc, tier, work), replacing)
    bounding = not inc.options.fill_time or inc.tables.has_move_limit
    if bounding and not inc.stopped and not inc.is_proven(tier):
        close_gap(inc, tier, caps, tolerance, _bound_time(inc, work.bound_time))


def _trials(inc: Incumbent, tier: int, work: Work) -> int:
    """Trial moves of each chain when there are no seconds to fill."""
    people = len(inc.tables.places)
    base = work.base_trials * min(people, ENOUGH_PEOPLE) // ENOUGH_PEOPLE
    trials = base + work.trials_per_person * people
    if inc.flat_tier(tier) is not None:
        trials *= work.flat_times
    if inc.tables.has_move_limit:
        return trials // BUDGET_TRIALS
    return trials if _has_pairs(inc, tier) else trials // ELSE_TRIALS


def _rounds(inc: Incumbent, tier: int, work: Work) -> int:
    """Neighbourhoods of a tier, or the most of them when there are seconds to fill."""
    if inc.tables.has_move_limit:
        return work.rounds
    return work.rounds // (PAIRS_ROUNDS if _has_pairs(inc, tier) else ELSE_ROUNDS)


def _bound_time(inc: Incumbent, deterministic: float) -> float:
    """CP-SAT's deterministic seconds for a tier's bound; a time limit is mostly for the search."""
    limit = inc.options.time_limit_seconds
    if limit is None:
        return deterministic
    return min(deterministic, BOUND_SHARE * limit / len(inc.tiers))


def bound_tiers(inc: Incumbent, tolerance: IntArray, work: Work, reached: IntArray) -> None:
    """Raise the bounds of all tiers in the time that searching has left over."""
    inc.searched = True
    for tier in range(DEFICIT + 1, len(inc.values)):
        left = inc.seconds_left
        if inc.is_proven(tier) or inc.stopped or left is None or left <= 0:
            continue
        caps = caps_before(inc, tier, tolerance, reached)
        deterministic = min(work.bound_time, left)
        raise_by_pairs(inc, tier, caps, left, deterministic)
        if not inc.is_proven(tier):
            close_gap(inc, tier, caps, tolerance, deterministic)
        inc.tell("bound", tier, inc.values)


def caps_before(inc: Incumbent, tier: int, tolerance: IntArray, reached: IntArray) -> IntArray:
    """What the tiers before one may not exceed, shape (K,), and 0 for the others.

    `reached` : least value of each tier so far; it is brought up to date.
    """
    reached[:tier] = np.minimum(reached, inc.values)[:tier]
    allowed = np.maximum(reached + np.abs(reached) * tolerance // 1000, inc.values)
    return np.where(np.arange(len(allowed)) < tier, allowed, 0).astype(np.int64)


def _is_packing(inc: Incumbent, tier: int) -> bool:
    flat = inc.flat_tier(tier)
    return flat is not None and flat.problem.is_packing


def _has_pairs(inc: Incumbent, tier: int) -> bool:
    return bool(inc.tables.contact_rows(tier).any())
