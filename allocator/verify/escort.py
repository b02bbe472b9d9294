"""Officers whom a move takes (P23)."""

from collections.abc import Iterable

from allocator.model.person import Person
from allocator.model.profile import Thresholds
from allocator.model.vocabulary import SecurityCategory, UsedFor
from allocator.verify.sites import Site

SEPARATE = frozenset({UsedFor.SEPARATION, UsedFor.SEGREGATION})


def officers_needed(limits: Thresholds, person: Person, ends: Iterable[Site]) -> int:
    """Officers for a person who leaves or comes to these cells; where several apply, the most."""
    sites = tuple(ends)
    special = []
    if person.security_category is SecurityCategory.A or any(SEPARATE & s.uses for s in sites):
        special.append(limits.officers_high_risk)
    if any(site.sealed for site in sites):
        special.append(limits.officers_sealed_unit)
    return max(special, default=limits.officers_per_move)
