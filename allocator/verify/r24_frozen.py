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
    complaining = frozen_by_complaint(view)
    for person, present in view.moved:
        why = ""
        if person.person_id in view.records.frozen:
            why = "may not leave"
        elif person.person_id in complaining:
            why = "has an open complaint and may not leave"
        if why:
            place = view.site_of[person.person_id].cell_id
            words = f"{person.person_id} {why} {present.cell_id} and is placed in {place}"
            yield Breach(RULE, (person.person_id,), place, 1, words)


def frozen_by_complaint(view: View) -> frozenset[str]:
    """People with an open complaint and a present cell in which they may stay."""
    complaining = {c.person_id for c in view.scenario.complaints if c.is_open(view.day)}
    people = (view.scenario.person_by_id[person_id] for person_id in complaining)
    return frozenset(
        person.person_id
        for person in people
        if (present := view.present_site(person)) and not _is_urgent(view, person, present)
    )


def _is_urgent(view: View, person: Person, present: Site) -> bool:
    """True where nobody may stay in the cell, or this person not any longer."""
    return (
        not present.in_use
        or is_held_unlawfully(view, person)
        or person.days_in_solitary >= view.limits.solitary_limit_days
        or person.days_below_hard_floor >= view.limits.max_days_below_hard_floor
    )
