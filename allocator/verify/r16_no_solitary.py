"""R16: nobody is alone without contact unless an authority names it, and never beyond the limit.

A cell is low contact when both its unlock hours and its contact hours are under the solitary
thresholds. (a) A low-contact cell for one holds only people who may be alone. (b) A larger one
never holds exactly one person, whatever the setting.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.each import company_breaches, first_of, person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.NO_SOLITARY


def check(view: View) -> Iterator[Breach]:
    """(a) People in low-contact cells for one who may not be alone."""

    def fault_of(person: Person, site: Site) -> str | None:
        is_single = site.maximum == 1 and is_low_contact(view, site)
        return why_not_alone(view, person) if is_single else None

    yield from person_breaches(view, RULE, fault_of)


def check_always(view: View) -> Iterator[Breach]:
    """(b) People left alone in low-contact cells for several."""
    people_in = view.people_by_unit(Level.CELL)

    def fault_of(_: Person, site: Site) -> str | None:
        is_alone = site.maximum > 1 and len(people_in[site.cell_id]) == 1
        if not (is_alone and is_low_contact(view, site)):
            return None
        return f"alone in a low-contact cell for {site.maximum}"

    yield from company_breaches(view, RULE, fault_of)


def is_low_contact(view: View, site: Site) -> bool:
    """True when unlock hours and contact hours are both under the thresholds."""
    return (
        site.hours("unlock_hours") < view.limits.solitary_unlock_hours
        and site.hours("meaningful_contact_hours") < view.limits.solitary_contact_hours
    )


def why_not_alone(view: View, person: Person) -> str | None:
    """Why a person may not be held alone without contact; None for those who may."""
    limits, held = view.limits, view.records.authorities_of.get(person.person_id, ())
    permits = [a for a in held if a.permits_solitary and a.is_current(view.day)]
    considered = any(authority.has_medical(view.day) for authority in permits)
    return first_of(
        (person.age_years < limits.adult_age_years, "alone without contact under adult age"),
        (person.solitary_contraindicated, "alone without contact against medical advice"),
        (
            person.days_in_solitary >= limits.solitary_limit_days,
            f"{person.days_in_solitary} days alone, under {limits.solitary_limit_days} allowed",
        ),
        (not permits, "alone without contact, and no current authority permits it"),
        (not considered, "alone without contact, and no medical consideration of it is dated"),
    )
