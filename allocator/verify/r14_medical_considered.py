"""R14: an authority for a unit above the ordinary regime shows a dated medical consideration."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.MEDICAL_CONSIDERED


def check(view: View) -> Iterator[Breach]:
    """People whose current authorities for the cell all lack the consideration."""

    def fault_of(person: Person, site: Site) -> str | None:
        if site.regime_level <= view.limits.ordinary_regime_ceiling:
            return None
        held = view.records.current_authorities(person, site.uses)
        if not held or any(authority.has_medical(view.day) for authority in held):
            return None
        return f"{len(held)} current authorities, none with a medical consideration"

    yield from person_breaches(view, RULE, fault_of)
