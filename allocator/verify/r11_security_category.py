"""R11: the cell's security category, own or inherited, is at least the person's; A is highest."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import SecurityCategory
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.SECURITY_CATEGORY
HIGHEST_FIRST = tuple(SecurityCategory)


def check(view: View) -> Iterator[Breach]:
    """People in cells of a lower category than theirs."""
    yield from person_breaches(view, RULE, _fault)


def _fault(person: Person, site: Site) -> str | None:
    category = site.cell.security_category or site.inherited("security_category")
    if not isinstance(category, SecurityCategory):
        return None
    if HIGHEST_FIRST.index(category) <= HIGHEST_FIRST.index(person.security_category):
        return None
    return f"category {category}, at least {person.security_category} needed"
