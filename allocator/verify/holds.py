"""People held today in a unit that needs an authority they do not have, whatever the plan does."""

from allocator.model.person import Person
from allocator.verify.view import View


def unlawful_holds(view: View) -> tuple[str, ...]:
    """Ids, sorted, of people whose present cell is above the ordinary regime without authority.

    One current authority must do it all: its kind among the cell's uses, its level high enough, its
    medical consideration dated.
    """
    people = view.scenario.people
    return tuple(sorted(person.person_id for person in people if is_held_unlawfully(view, person)))


def is_held_unlawfully(view: View, person: Person) -> bool:
    """True where no single current authority carries the regime of the present cell."""
    site = view.present_site(person)
    if site is None or site.regime_level <= view.limits.ordinary_regime_ceiling:
        return False
    held = view.records.current_authorities(person, site.uses)
    return not any(
        authority.regime_level >= site.regime_level and authority.has_medical(view.day)
        for authority in held
    )
