"""R36, preferences: a place near home where there is one; distance is never a penalty."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

GOAL = GoalId.NEAR_HOME
TIER = Tier.PREFERENCES


def value(view: View) -> int:
    """Minus the weight for each person placed in the own home area."""
    near = sum(
        person.home_area is not None and person.home_area == site.inherited("home_area")
        for person, site in view.placed()
    )
    return -view.weight(GOAL) * near
