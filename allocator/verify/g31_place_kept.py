"""R31, protection: whoever has a cell in use now is not left without a place."""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

GOAL = GoalId.TIERS
TIER = Tier.PROTECTION


def value(view: View) -> int:
    """The weight for each unplaced person whose present cell is in use."""
    estate = view.scenario.estate
    turned_out = 0
    for person in view.scenario.people:
        cell = estate.cell_by_id.get(person.current_place or "")
        unplaced = view.placement.get(person.person_id) is None
        turned_out += unplaced and cell is not None and estate.is_in_use(cell)
    return view.weight(GOAL) * turned_out
