"""R73: a person under a monitoring order is where the order can be carried out."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.COMMUNICATIONS


def check(view: View) -> Iterator[Breach]:
    """People with a current order in cells without the capability."""

    def fault_of(person: Person, site: Site) -> str | None:
        until = person.communications_order_until
        if until is None or until < view.day or site.inherited("communications_monitoring") is True:
            return None
        return f"order until {until.isoformat()}, no monitoring here"

    yield from person_breaches(view, RULE, fault_of)
