"""R24: people who are frozen, or out, or whose complaint is open stay in the present cell."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.holds import is_held_unlawfully
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.FROZEN


def check(view: View) -> Iterator[Breach]:
    """Frozen people placed elsewhere."""
    complaining = {c.person_id for c in view.scenario.complaints if c.is_open(view.day)}
    for person, present in view.moved:
        why = ""
        if person.person_id in view.records.frozen:
            why = "may not leave"
        elif person.person_id in complaining and not _is_urgent(view, person, present):
            why = "has an open complaint and may not leave"
        if why:
            place = view.site_of[person.person_id].cell_id
            words = f"{person.person_id} {why} {present.cell_id} and is placed in {place}"
            yield Breach(RULE, (person.person_id,), place, 1, words)


def _is_urgent(view: View, person: Person, present: Site) -> bool:
    """True where nobody may stay in the cell, or this person not any longer."""
    return (
        not present.in_use
        or is_held_unlawfully(view, person)
        or person.days_in_solitary >= view.limits.solitary_limit_days
        or person.days_below_hard_floor >= view.limits.max_days_below_hard_floor
    )
