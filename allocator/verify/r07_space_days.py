"""R07: whoever has been below the hard floor for the time allowed gets a cell with space."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.SPACE_DAYS


def check(view: View) -> Iterator[Breach]:
    """People at the limit of days in a cell known to be below the floor when in full use."""
    limits = view.limits

    def fault_of(person: Person, site: Site) -> str | None:
        days = person.days_below_hard_floor
        if days < limits.max_days_below_hard_floor or not site.is_below(limits.space_floor_hard_m2):
            return None
        return (
            f"{days} days below {limits.space_floor_hard_m2} m², "
            f"{limits.max_days_below_hard_floor} allowed; the cell has {site.cell.area_m2} m² "
            f"for {max(site.capacity, 1)}"
        )

    yield from person_breaches(view, RULE, fault_of)
