"""R31, protection: people with an authority that the policy uses are in a unit of its kind."""

from allocator.model.catalogue import GoalId
from allocator.model.person import Person
from allocator.model.vocabulary import Tier, UsedFor
from allocator.verify.people import use_of
from allocator.verify.view import View

GOAL = GoalId.TIERS
TIER = Tier.PROTECTION


def value(view: View) -> int:
    """The weight for each person placed in a cell that is used for none of their kinds."""
    elsewhere = 0
    for person, site in view.placed():
        kinds = _kinds(view, person)
        elsewhere += bool(kinds) and kinds.isdisjoint(site.uses)
    return view.weight(GOAL) * elsewhere


def _kinds(view: View, person: Person) -> set[UsedFor]:
    held = view.records.authorities_of.get(person.person_id, ())
    return {
        use_of(authority.kind)
        for authority in held
        if authority.kind in view.policy.authorities_used
        and authority.is_current(view.day)
        and authority.has_medical(view.day)
    }
