"""R01: everyone has exactly one place that exists, or is named as unplaced.

Unplaced people are counted in their own tier and are no breach. A person whom the placement does
not name, a person whom the scenario does not know and a cell that the estate does not have always
are.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.view import View

RULE = RuleId.ONE_BED


def check_always(view: View) -> Iterator[Breach]:
    """People missing or unknown, and cells unknown."""
    for person in view.scenario.people:
        if person.person_id not in view.placement:
            yield _breach(person.person_id, "", "is neither placed nor named as unplaced")
    for person_id, cell_id in view.placement.items():
        if person_id not in view.scenario.person_by_id:
            yield _breach(person_id, cell_id or "", "is not a person of this scenario")
        elif cell_id is not None and cell_id not in view.sites:
            yield _breach(person_id, cell_id, f"is placed in {cell_id}, which is no cell")


def _breach(person_id: str, place: str, words: str) -> Breach:
    return Breach(RULE, (person_id,), place, 1, f"{person_id} {words}")
