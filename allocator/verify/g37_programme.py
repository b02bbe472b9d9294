"""R37, preferences: a wing that offers the person's programme."""

from allocator.model.catalogue import GoalId
from allocator.model.person import Person
from allocator.model.vocabulary import Tier
from allocator.verify.sites import Site
from allocator.verify.view import View

GOAL = GoalId.PROGRAMME
TIER = Tier.PREFERENCES


def value(view: View) -> int:
    """Minus the weight for each person placed where the programme is offered."""
    return -view.weight(GOAL) * sum(has_programme(person, site) for person, site in view.placed())


def has_programme(person: Person, site: Site) -> bool:
    """True when a unit above the cell offers the person's programme."""
    wanted = person.programme
    return wanted is not None and any(wanted in unit.programmes for unit in site.units)
