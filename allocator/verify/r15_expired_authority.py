"""R15: nobody is held in a unit above the ordinary regime on an authority that has expired."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.EXPIRED_AUTHORITY


def check(view: View) -> Iterator[Breach]:
    """People with an expired authority for the cell and no current one."""

    def fault_of(person: Person, site: Site) -> str | None:
        if site.regime_level <= view.limits.ordinary_regime_ceiling:
            return None
        held = view.records.authorities(person, site.uses)
        expired = [authority.expires_at for authority in held if authority.expires_at < view.day]
        if not expired or any(authority.is_current(view.day) for authority in held):
            return None
        return f"the authority expired on {max(expired).isoformat()}"

    yield from person_breaches(view, RULE, fault_of)
