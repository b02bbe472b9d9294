"""R12: a unit above the ordinary regime is no more severe than the person's authority permits."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.LEAST_RESTRICTIVE


def check(view: View) -> Iterator[Breach]:
    """People whose current authorities of the cell's kind permit less than the cell's regime."""

    def fault_of(person: Person, site: Site) -> str | None:
        regime = site.regime_level
        if regime <= view.limits.ordinary_regime_ceiling:
            return None
        held = view.records.current_authorities(person, site.uses)
        permitted = max((authority.regime_level for authority in held), default=regime)
        return (
            f"regime level {regime}; {permitted} at most permitted" if permitted < regime else None
        )

    yield from person_breaches(view, RULE, fault_of)
