"""R04: people on remand and sentenced people are held apart.

A cell designated for a legal category, or used for remand, holds only people of that category.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import LegalCategory, UsedFor
from allocator.verify.class_rule import class_breaches
from allocator.verify.each import first_of, person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.REMAND_SENTENCED


def check(view: View) -> Iterator[Breach]:
    """Mixed units, and people in cells designated for the other category."""
    level = view.limits.remand_sentenced_level
    yield from class_breaches(view, RULE, level, lambda person: person.legal_category.value)
    yield from person_breaches(view, RULE, _fault)


def category_fault(category: LegalCategory, site: Site) -> str | None:
    """Why a cell is not for people of a legal category; None where it is."""
    designated = site.inherited("legal_category")
    is_remand = category is LegalCategory.REMAND
    return first_of(
        (
            designated is not None and designated is not category,
            f"{category} in a unit for {designated}",
        ),
        (UsedFor.REMAND in site.uses and not is_remand, f"{category} in a cell used for remand"),
    )


def _fault(person: Person, site: Site) -> str | None:
    return category_fault(person.legal_category, site)
