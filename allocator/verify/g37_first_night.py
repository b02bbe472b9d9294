"""R71's preference: first-time newcomers in cells used for the first night, at the weight of R37.

It falls away when rule R71 is off.
"""

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.vocabulary import Tier, UsedFor
from allocator.verify.view import View

GOAL = GoalId.PROGRAMME
TIER = Tier.PREFERENCES


def value(view: View) -> int:
    """Minus the weight for each first-time newcomer in a first-night cell."""
    if not view.applies(RuleId.FIRST_TIME):
        return 0
    inducted = sum(
        person.first_time and UsedFor.FIRST_NIGHT in site.uses and view.records.is_newcomer(person)
        for person, site in view.placed()
    )
    return -view.weight(GOAL) * inducted
