"""Whom the search of a tier tries most."""

import numpy as np

from allocator.model.catalogue import GoalId
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray, PairPoints
from allocator.model.vocabulary import Tier
from allocator.solver.search.focus import focus_of
from tests.solver.incumbents import incumbent_of
from tests.solver.night_cases import with_budget
from tests.solver.random_instances import STRICT_TIERS
from tests.solver.random_moves import array, bare_instance

TIERS = tuple(setting.tier for setting in STRICT_TIERS)
EXPOSURE = 1 + TIERS.index(Tier.EXPOSURE)


def two_pairs(points: tuple[int, int]) -> Instance:
    """Five people in cells of their own, of whom the first four have points two by two."""
    pairs = PairPoints(
        GoalId.SPILLOVER, Tier.EXPOSURE, array(0, 2), array(1, 3), np.array(points, dtype=np.int64)
    )
    return bare_instance([1] * 6, [0, 1, 2, 3, 4], (pairs,))


def named(instance: Instance, placement: IntArray) -> list[int]:
    """How often the focus names everybody."""
    inc = incumbent_of(instance)
    inc.take(placement)
    times: list[int] = np.bincount(focus_of(inc, EXPOSURE), minlength=instance.n_persons).tolist()
    return times


def test_everybody_with_ties_is_named_once_where_moves_are_free() -> None:
    instance = two_pairs((10, 1))
    assert named(instance, instance.current) == [1, 1, 1, 1, 0]


def test_where_they_are_limited_as_often_as_the_share_of_the_tier_says() -> None:
    instance = with_budget(two_pairs((10, 1)), 2)
    assert named(instance, instance.current) == [4, 4, 1, 1, 0]


def test_once_where_nobody_has_a_share() -> None:
    instance = with_budget(two_pairs((-3, -5)), 2)
    assert named(instance, instance.current) == [1, 1, 1, 1, 0]
