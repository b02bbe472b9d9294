r"""What more moves are worth: gains between plans, and the knee of a curve of plans.

A plan with k moves is lawful with k + 1, so that along a curve the tiers, compared in their order,
never get worse. Values of a tier compare between plans whose earlier tiers are equal, nowhere else.

The knee is the point furthest below the chord from the first point to the last:

.. math:: \max_i \; (x_n - x_0)(y_0 - y_i) - (y_0 - y_n)(x_i - x_0)

in exact integers. Scaling either axis multiplies all distances by the same number, so this is the
point of greatest difference on the unit square; and the point furthest below a line is a corner of
the lower convex hull, so that a point above its neighbours' line never is the knee.

References
----------
.. [1] Satopää, Albrecht, Irwin and Raghavan (2011), Finding a "Kneedle" in a Haystack, ICDCSW: the
   greatest difference from the diagonal of the unit square. Its smoothing and its threshold are
   left out: there are few points, and each is a plan and no measurement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.model.vocabulary import Tier

METHOD = "greatest distance below the chord (Kneedle, Satopää et al. 2011, without smoothing)"
FEWEST_POINTS = 3


@dataclass(frozen=True, slots=True)
class Worth:
    """One plan of a curve: moves allowed, and the values of the compared tiers in their order."""

    moves: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fall:
    """How much lower one tier is with more moves; below 0 where it is higher.

    `percent` : of the value with fewer moves, one decimal; None where that is not above 0.
    """

    tier: Tier
    points: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Gain:
    """What the moves between two points are worth.

    `falls` : compared tiers that differ, in their order. The first is above 0 and is the gain; a
    later one may be a price of it. Empty where none differs.
    """

    fewer: int
    more: int
    falls: tuple[Fall, ...]


@dataclass(frozen=True, slots=True)
class Knee:
    """Moves beyond which a tier falls more slowly, among the points that are as good before it.

    `first`, `last` : the moves of the points compared. `per_move_before`, `per_move_after` : fall
    of the tier for each further move up to the knee and beyond it, one decimal.
    """

    tier: Tier
    moves: int
    first: int
    last: int
    per_move_before: float
    per_move_after: float


def compared_tiers(tiers: Sequence[Tier]) -> tuple[Tier, ...]:
    """Exposure and the tiers before it; all where exposure is none of them."""
    end = tiers.index(Tier.EXPOSURE) + 1 if Tier.EXPOSURE in tiers else len(tiers)
    return tuple(tiers[:end])


def gain_between(tiers: Sequence[Tier], fewer: Worth, more: Worth) -> Gain:
    """What a point with more moves gains; its values are never greater in their order."""
    pairs = zip(tiers, fewer.values, more.values, strict=True)
    falls = tuple(_fall(tier, before, after) for tier, before, after in pairs if before != after)
    return Gain(fewer.moves, more.moves, falls)


def _fall(tier: Tier, before: int, after: int) -> Fall:
    percent = round(100 * (before - after) / before, 1) if before > 0 else None
    return Fall(tier, before - after, percent)


def knee_of(points: Sequence[tuple[int, int]]) -> int | None:
    """Position of the knee; None with fewer than three points or none below the chord.

    Parameters
    ----------
    points : moves, strictly increasing, and values, never increasing.
    """
    if len(points) < FEWEST_POINTS:
        return None
    (x_0, y_0), (x_n, y_n) = points[0], points[-1]
    below = [(x_n - x_0) * (y_0 - y) - (y_0 - y_n) * (x - x_0) for x, y in points]
    deepest = max(below)
    return below.index(deepest) if deepest > 0 else None


def knees(tiers: Sequence[Tier], points: Sequence[Worth]) -> tuple[Knee, ...]:
    """The knee of each tier that has one, among the points as good as the last one before it."""
    found = (_tier_knee(tiers, k, points) for k in range(len(tiers)))
    return tuple(knee for knee in found if knee is not None)


def comparable(points: Sequence[Worth], k: int) -> tuple[Worth, ...]:
    """Points whose values before tier k are those of the last point; they come last."""
    return tuple(point for point in points if point.values[:k] == points[-1].values[:k])


def _tier_knee(tiers: Sequence[Tier], k: int, points: Sequence[Worth]) -> Knee | None:
    group = comparable(points, k)
    at = knee_of([(point.moves, point.values[k]) for point in group])
    if at is None:
        return None
    return Knee(
        tier=tiers[k],
        moves=group[at].moves,
        first=group[0].moves,
        last=group[-1].moves,
        per_move_before=_per_move(group[0], group[at], k),
        per_move_after=_per_move(group[at], group[-1], k),
    )


def _per_move(fewer: Worth, more: Worth, k: int) -> float:
    return round((fewer.values[k] - more.values[k]) / (more.moves - fewer.moves), 1)
