"""R76, departures: people placed elsewhere than in the last plan, or without a place."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

GOAL = GoalId.LAST_PLAN
TIER = Tier.DEPARTURES


def value(view: View) -> int:
    """The weight for each person who had a place in the last plan and is not in it now."""
    departed = 0
    for person in view.scenario.people:
        if person.planned_place is not None:
            site = view.site_of.get(person.person_id)
            departed += site is None or site.cell_id != person.planned_place
    return view.weight(GOAL) * departed
