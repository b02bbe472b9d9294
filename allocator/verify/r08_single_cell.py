"""R08: people with a high sharing risk or without a dated assessment are alone in their cell."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, SharingRisk
from allocator.verify.each import company_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.SINGLE_CELL


def check(view: View) -> Iterator[Breach]:
    """People who must be alone and have company."""
    people_in = view.people_by_unit(Level.CELL)

    def fault_of(person: Person, site: Site) -> str | None:
        others = len(people_in[site.cell_id]) - 1
        why = must_be_alone(view, person)
        company = "1 other" if others == 1 else f"{others} others"
        return f"with {company}, none allowed ({why})" if others and why else None

    yield from company_breaches(view, RULE, fault_of)


def must_be_alone(view: View, person: Person) -> str | None:
    """Why a person may not share; None for those who may."""
    if person.sharing_risk is SharingRisk.HIGH:
        return "sharing risk high"
    if person.sharing_assessed_at is None or person.sharing_assessed_at > view.day:
        return "not assessed for sharing"
    return None
