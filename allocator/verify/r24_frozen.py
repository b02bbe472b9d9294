"""R24: a person with a current freeze, or who is out, stays in the present cell."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.view import View

RULE = RuleId.FROZEN


def check(view: View) -> Iterator[Breach]:
    """Frozen people placed elsewhere."""
    for person, present in view.moved:
        if person.person_id in view.records.frozen:
            place = view.site_of[person.person_id].cell_id
            words = f"{person.person_id} may not leave {present.cell_id} and is placed in {place}"
            yield Breach(RULE, (person.person_id,), place, 1, words)
