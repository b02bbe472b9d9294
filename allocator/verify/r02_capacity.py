r"""R02: a cell holds no more than its capacity.

.. math:: L_c \le e_c,\qquad \text{amount} = T(L_c - e_c)

for the load L, the effective capacity e and the maximum m. Over m, and in a cell that must stay
empty, the breach is unlawful whatever the setting; between e and m the setting decides.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.sites import Site
from allocator.verify.view import View, ids_of, load_of, triangular

RULE = RuleId.CAPACITY


def check(view: View) -> Iterator[Breach]:
    """Loads over the effective capacity, up to the maximum."""
    for site, people in view.occupied():
        load = load_of(people)
        if not must_be_empty(site) and site.capacity < load <= site.maximum:
            words = (
                f"{site.cell_id}: {load} places taken; working capacity {site.capacity}, "
                f"maximum {site.maximum}"
            )
            over = triangular(load - site.capacity)
            yield Breach(RULE, ids_of(people), site.cell_id, over, words)


def check_always(view: View) -> Iterator[Breach]:
    """People in cells that must be empty, and loads over the maximum."""
    for site, people in view.occupied():
        load = load_of(people)
        allowed = 0 if must_be_empty(site) else min(site.capacity, site.maximum)
        if load > site.maximum or must_be_empty(site):
            why = _why_empty(site) if must_be_empty(site) else f"maximum {site.maximum}"
            places = "1 place" if load == 1 else f"{load} places"
            words = f"{site.cell_id}: {places} taken; {why}"
            amount = max(triangular(load - allowed), 1)
            yield Breach(RULE, ids_of(people), site.cell_id, amount, words)


def _why_empty(site: Site) -> str:
    if not site.in_use:
        return "it is out of use and holds nobody"
    return "it is kept for swaps" if site.cell.buffer else "it has no capacity"


def must_be_empty(site: Site) -> bool:
    """True for cells out of use, cells kept for swaps and cells without effective capacity."""
    return not site.in_use or site.cell.buffer or site.capacity == 0
