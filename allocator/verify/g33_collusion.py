"""R33, exposure: collusion points times contact."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import ExposureKind, Tier
from allocator.verify.view import View

GOAL = GoalId.COLLUSION
TIER = Tier.EXPOSURE


def value(view: View) -> int:
    """The weight for each point of collusion."""
    return view.weight(GOAL) * view.exposure[ExposureKind.COLLUSION]
