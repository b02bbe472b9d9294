"""What more moves are worth, on hand-made points."""

from fractions import Fraction

import pytest

from allocator.explain.curve import (
    Fall,
    Worth,
    comparable,
    compared_tiers,
    gain_between,
    knee_of,
    knees,
)
from allocator.model.vocabulary import Tier

TIERS = (Tier.UNPLACED, Tier.DEROGATIONS, Tier.EXPOSURE)


def test_exposure_and_what_comes_before_it_are_compared() -> None:
    assert compared_tiers((*TIERS, Tier.MOVES)) == TIERS
    assert compared_tiers((Tier.UNPLACED, Tier.MOVES)) == (Tier.UNPLACED, Tier.MOVES)


def test_the_first_tier_that_differs_is_the_gain_and_a_later_one_may_be_its_price() -> None:
    gain = gain_between(TIERS, Worth(5, (2, 30, 700)), Worth(12, (2, 23, 735)))
    assert (gain.fewer, gain.more) == (5, 12)
    assert gain.falls == (Fall(Tier.DEROGATIONS, 7, 23.3), Fall(Tier.EXPOSURE, -35, -5.0))
    assert gain_between(TIERS, Worth(5, (2, 3, 7)), Worth(9, (2, 3, 7))).falls == ()


@pytest.mark.parametrize("value", [0, -40])
def test_there_is_no_share_of_what_is_not_above_nothing(value: int) -> None:
    gain = gain_between((Tier.EXPOSURE,), Worth(0, (value,)), Worth(3, (value - 13,)))
    assert gain.falls == (Fall(Tier.EXPOSURE, 13, None),)


@pytest.mark.parametrize(
    ("points", "position"),
    [
        ([], None),
        ([(0, 9), (5, 2)], None),
        ([(0, 100), (10, 50), (20, 0)], None),  # on the chord
        ([(0, 100), (10, 90), (20, 0)], None),  # above it
        ([(0, 100), (5, 40), (10, 20), (20, 15), (40, 10)], 2),
        ([(0, 100), (2, 30), (20, 29), (40, 10)], 1),
        ([(0, 8), (3, 8), (7, 8)], None),
        ([(0, 90), (10, 40), (20, 10), (30, 0)], 1),  # 10 and 20 are as deep: fewer moves
    ],
)
def test_knee_on_hand_made_points(points: list[tuple[int, int]], position: int | None) -> None:
    assert knee_of(points) == position


def test_the_knee_is_that_of_the_unit_square() -> None:
    """Kneedle's difference, 1 - y - x with both axes scaled to 0 to 1, in exact fractions."""
    points = [(0, 977), (5, 610), (11, 350), (23, 131), (47, 77), (80, 13)]
    (x_0, y_0), (x_n, y_n) = points[0], points[-1]
    differences = [
        1 - Fraction(y - y_n, y_0 - y_n) - Fraction(x - x_0, x_n - x_0) for x, y in points
    ]
    assert knee_of(points) == differences.index(max(differences)) == 3


def test_a_knee_is_sought_among_points_that_are_equal_before() -> None:
    """Exposure falls most from 5 to 10, where derogations fall too: these do not compare."""
    points = [
        Worth(0, (0, 40, 9000)),
        Worth(5, (0, 20, 8900)),
        Worth(10, (0, 5, 3000)),
        Worth(20, (0, 5, 2000)),
        Worth(40, (0, 5, 1900)),
        Worth(80, (0, 5, 1100)),
    ]
    assert [point.moves for point in comparable(points, 2)] == [10, 20, 40, 80]
    found = knees(TIERS, points)
    assert [(k.tier, k.moves, k.first, k.last) for k in found] == [
        (Tier.DEROGATIONS, 10, 0, 80),
        (Tier.EXPOSURE, 20, 10, 80),
    ]
    assert (found[0].per_move_before, found[0].per_move_after) == (3.5, 0.0)
    assert (found[1].per_move_before, found[1].per_move_after) == (100.0, 15.0)
    assert knees(TIERS, points[:4])[-1].tier is Tier.DEROGATIONS
