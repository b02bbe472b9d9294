r"""R34, moves: few people moved, fewer still among those for whom a move costs most.

.. math:: 2 + [d \ge 365] + [\text{mentor}] + [\text{programme}] + [\text{pair}]

per person moved after d days in the cell: one point more each for mentors, for those whose
programme is offered where they are, and for those who share the cell with the other of a stable
pair. An arrival's first placement is no move.
"""

from allocator.model.catalogue import GoalId
from allocator.model.person import Person
from allocator.model.vocabulary import NetworkRole, Tier
from allocator.verify.g37_programme import has_programme
from allocator.verify.sites import Site
from allocator.verify.view import View

GOAL = GoalId.MOVES
TIER = Tier.MOVES
MOVE_POINTS = 2
LONG_STAY_DAYS = 365


def value(view: View) -> int:
    """The weight for each point of each move."""
    settled = settled_pairs(view)
    points = sum(_points(view, person, present, settled) for person, present in view.moved)
    return view.weight(GOAL) * points


def _points(view: View, person: Person, present: Site, settled: frozenset[str]) -> int:
    since = person.placed_since
    return MOVE_POINTS + sum(
        (
            since is not None and (view.day - since).days >= LONG_STAY_DAYS,
            view.records.role_of[person.person_id] is NetworkRole.MENTOR,
            has_programme(person, present),
            person.person_id in settled,
        )
    )


def settled_pairs(view: View) -> frozenset[str]:
    """People in a stable pair whose two members share a present cell."""
    known = view.scenario.person_by_id
    settled: set[str] = set()
    for pair in view.scenario.stable_pairs:
        people = [known[i] for i in (pair.person_a, pair.person_b) if i in known]
        cells = {person.current_place for person in people}
        if len(people) == 2 and len(cells) == 1 and cells <= view.sites.keys():
            settled |= {pair.person_a, pair.person_b}
    return frozenset(settled)
