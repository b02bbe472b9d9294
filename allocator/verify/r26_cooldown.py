"""R26: no second move within the cooldown while the present cell is in use."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.view import View

RULE = RuleId.COOLDOWN


def check(view: View) -> Iterator[Breach]:
    """People moved again too soon."""
    cooldown = view.limits.cooldown_days
    for person, present in view.moved:
        if person.last_moved_at is None or not present.in_use:
            continue
        days = (view.day - person.last_moved_at).days
        if 0 <= days < cooldown:
            place = view.site_of[person.person_id].cell_id
            words = f"{person.person_id} was moved {days} days ago; {cooldown} needed"
            yield Breach(RULE, (person.person_id,), place, 1, words)
