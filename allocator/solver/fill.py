"""Filling a time limit: pass after pass, then bounds in the time kept for them."""

from allocator.errors import ConfigError
from allocator.model.shapes import IntArray
from allocator.solver.bound.improve import BOUND_SHARE, SECONDS_PER_TERM
from allocator.solver.incumbent import Incumbent
from allocator.solver.passes import Work, bound_tiers, led_by_bounds, most_moves, search_tiers

FIRST_PASS = 1 / 48  # share of the effort's trials with which filling a time limit begins
MARGIN = 1.5  # of the seconds that a bound will likely take, since a pass may end late
SHORTEST_PASS = 0.02  # of a time limit
LONGEST_CHAIN = 0.06  # seconds of a pass for each person, above which another start promises more
WALK, FLAT_CHAIN = 0.02, 0.05  # the same of walks, and of flat problems: one slow cooling is best
GROWTH = 0.5  # of the seconds so far, that a pass of a flat problem takes at least: slow is good
START_PEOPLE = 5  # who count for the length of a chain, for each move that is allowed


def fill_time(inc: Incumbent, tolerance: IntArray, work: Work, reached: IntArray) -> None:
    """Pass after pass, each fitted to a share of the seconds that are left.

    Raises
    ------
    ConfigError
        If there is no time limit.
    """
    limit = inc.options.time_limit_seconds
    if limit is None:
        raise ConfigError("Filling the time needs a time limit.")
    work = led_by_bounds(inc, work, BOUND_SHARE * limit)
    ends = limit - _bound_seconds(inc, work, limit)
    while not inc.stopped and not all(inc.is_proven(k) for k in range(len(inc.values))):
        left = ends - inc.seconds
        if left < SHORTEST_PASS * limit:
            break
        longest = _longest_pass(inc)
        search_tiers(inc, tolerance, work, reached, left if left < 2 * longest else longest)
    bound_tiers(inc, tolerance, work, reached)


def _bound_seconds(inc: Incumbent, work: Work, limit: float) -> float:
    """Seconds of a time limit that are kept for bounds."""
    share = BOUND_SHARE * limit
    pairs = MARGIN * len(inc.tables.pair_other) * SECONDS_PER_TERM
    return share if work.bound_time > 0 else pairs if pairs <= share else 0.0


def _longest_pass(inc: Incumbent) -> float:
    """Seconds in which a chain makes so many trials that another start promises more.

    Where few may move, there are few ways to go on from a start.
    """
    t = inc.tables
    if inc.walked or any(inc.flat.values()):
        longest = WALK if inc.walked else FLAT_CHAIN
        return max(longest * len(t.places), GROWTH * inc.seconds)
    return LONGEST_CHAIN * min(len(t.places), START_PEOPLE * (1 + most_moves(inc.tables)))
