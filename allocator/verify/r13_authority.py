"""R13: a unit above the ordinary regime needs an authority of a kind that the cell is used for.

People whose authorities have all passed are R15's case; an authority of the future is none yet.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.AUTHORITY


def check(view: View) -> Iterator[Breach]:
    """People without an authority, current or past, for the cell."""

    def fault_of(person: Person, site: Site) -> str | None:
        regime, ceiling = site.regime_level, view.limits.ordinary_regime_ceiling
        held = view.records.authorities(person, site.uses)
        if regime <= ceiling or any(authority.issued_at <= view.day for authority in held):
            return None
        return f"regime level {regime}; without an authority {ceiling} at most, and there is none"

    yield from person_breaches(view, RULE, fault_of)
