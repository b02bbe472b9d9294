r"""R35, preferences: single cells and space above the floor; crowding spread evenly.

.. math:: T(\max(0, L_c - n_c)) + \max(0, L_c - \lfloor A_c / f \rfloor)

per cell, for the load L, the certified number n, the area A where known, and the warning floor f;
and 1 for each person who prefers a single cell and is in a larger one.
"""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.sites import Site
from allocator.verify.view import View, load_of, triangular

GOAL = GoalId.SPACE
TIER = Tier.PREFERENCES


def value(view: View) -> int:
    """The weight for each point of crowding and each unmet wish."""
    crowding = sum(_crowding(view, site, load_of(people)) for site, people in view.occupied())
    wishes = sum(person.prefers_single and site.maximum > 1 for person, site in view.placed())
    return view.weight(GOAL) * (crowding + wishes)


def _crowding(view: View, site: Site, load: int) -> int:
    spacious = site.places_of_size(view.limits.space_floor_warning_m2)
    short = 0 if spacious is None else max(0, load - spacious)
    return triangular(load - site.cell.cna) + short
