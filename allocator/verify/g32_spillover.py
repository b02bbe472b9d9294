"""R32, exposure: spillover and coercion points times contact."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import ExposureKind, Tier
from allocator.verify.view import View

GOAL = GoalId.SPILLOVER
TIER = Tier.EXPOSURE


def value(view: View) -> int:
    """The weight for each point of spillover and coercion."""
    exposure = view.exposure
    points = exposure[ExposureKind.SPILLOVER] + exposure[ExposureKind.COERCION]
    return view.weight(GOAL) * points
