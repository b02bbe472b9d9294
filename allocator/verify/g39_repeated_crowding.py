r"""R39, preferences: nobody carries repeated crowding.

.. math:: \min(\lceil d / 30 \rceil, 12)

for a person with d days below the warning floor who is placed in a cell below it.
"""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

GOAL = GoalId.BURDEN
TIER = Tier.PREFERENCES
MONTH_DAYS = 30
MOST_MONTHS = 12


def value(view: View) -> int:
    """The weight for each started month of those placed below the warning floor again."""
    floor_m2 = view.limits.space_floor_warning_m2
    months = (
        min(-(-person.days_below_warning_floor // MONTH_DAYS), MOST_MONTHS)
        for person, site in view.placed()
        if site.is_below(floor_m2)
    )
    return view.weight(GOAL) * sum(months)
