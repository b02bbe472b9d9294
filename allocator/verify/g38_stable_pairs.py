"""R38, preferences: stable pairs stay in one cell."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

GOAL = GoalId.SUPPORT
TIER = Tier.PREFERENCES
PAIR_POINTS = 5


def value(view: View) -> int:
    """Minus five times the weight for each stable pair placed in one cell."""
    site_of = view.site_of
    together = sum(
        pair.person_a in site_of and site_of[pair.person_a] is site_of.get(pair.person_b)
        for pair in view.scenario.stable_pairs
    )
    return -PAIR_POINTS * view.weight(GOAL) * together
