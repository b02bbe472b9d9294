"""R14: an authority for a unit above the ordinary regime shows a dated medical consideration.

The authority that reaches the unit's level must show it; a lesser one cannot lend it. Where none
reaches the level, which is R12's breach, any of them may.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.MEDICAL_CONSIDERED


def check(view: View) -> Iterator[Breach]:
    """People whose current authorities for the cell's regime all lack the consideration."""

    def fault_of(person: Person, site: Site) -> str | None:
        if site.regime_level <= view.limits.ordinary_regime_ceiling:
            return None
        held = view.records.current_authorities(person, site.uses)
        held = [a for a in held if a.regime_level >= site.regime_level] or held
        if not held or any(authority.has_medical(view.day) for authority in held):
            return None
        return f"{len(held)} current authorities, none with a medical consideration"

    yield from person_breaches(view, RULE, fault_of)
