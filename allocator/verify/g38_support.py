"""R38, exposure: support points times contact are subtracted."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import ExposureKind, Tier
from allocator.verify.view import View

GOAL = GoalId.SUPPORT
TIER = Tier.EXPOSURE


def value(view: View) -> int:
    """Minus the weight for each point of support."""
    return -view.weight(GOAL) * view.exposure[ExposureKind.SUPPORT]
