"""Sentences of an explanation: points are points, and of which tier they are."""

import pytest

from allocator.explain.offers import Share
from allocator.explain.readers import Reader
from allocator.explain.sentences import cost_words
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.vocabulary import Tier
from tests.builders import make_scenario


@pytest.mark.parametrize(
    ("reader", "source"),
    [(Reader.OFFICER, "recorded information"), (Reader.SECURITY, "R32-spillover")],
)
def test_costs_are_points_and_no_numbers_of_derogations_or_moves(
    reader: Reader, source: str
) -> None:
    """One derogation of five points and one move with a burden of two."""
    shares = (
        Share(Tier.DEROGATIONS, RuleId.CAPACITY, 5),
        Share(Tier.MOVES, GoalId.MOVES, 2),
        Share(Tier.EXPOSURE, GoalId.SPILLOVER, -1200),
        Share(Tier.PREFERENCES, GoalId.BURDEN, -1),
    )
    assert cost_words(shares, reader.of(make_scenario())) == (
        "cost 5 points in derogations (R02-capacity) and 2 points in the burden of moves "
        f"(R34-moves) and save 1,200 points in exposure ({source}) and 1 point in preferences "
        "(R39-burden)"
    )


def test_every_tier_has_words() -> None:
    shares = [Share(tier, RuleId.CAPACITY, 1) for tier in Tier]
    words = cost_words(shares, Reader.WHOLE)
    assert words.count("1 point in ") == len(Tier)
