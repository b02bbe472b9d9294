r"""R34: few people moved, fewer still among those for whom a move costs most.

.. math:: \sum_{p\ moved} w \cdot (2 + long_p + mentor_p + programme_p + pair_p)

Each term is 0 or 1: a year or more in the present cell; recorded mentor; the person's programme is
offered where they are; member of a stable pair in one cell. Unit: points in tier moves, 2w to 6w
per person moved.

References
----------
.. [1] Kreager et al., "Where 'old heads' prevail": those longest on a unit are seen as powerful,
   often as positive mentors, so moving them costs more. The unit steps are an assumption.
"""

from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.facts import role_of
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import MovePoints
from allocator.model.vocabulary import NetworkRole, Tier

GOAL = GoalId.MOVES
MOVE = 2
LONG_STAY_DAYS = 365


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[MovePoints]:  # noqa: ARG001
    """Points of a move of each person who has a present cell."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    settled = index.everyone[index.current >= 0]
    if weight == 0 or not settled.size:
        return
    paired = _paired_in_one_cell(index)
    cost = int_array(MOVE + _ties_to_place(index, p) + (p in paired) for p in settled.tolist())
    yield MovePoints(GOAL, Tier.MOVES, settled, weight * cost)


def _ties_to_place(index: ScenarioIndex, position: int) -> int:
    """Long stay, mentor role and programme, 0-3."""
    scenario = index.scenario
    person = scenario.people[position]
    since = person.placed_since
    is_long = since is not None and (scenario.day - since).days >= LONG_STAY_DAYS
    is_mentor = role_of(scenario, person) is NetworkRole.MENTOR
    cell = scenario.estate.cells[index.current[position]]
    is_offered = any(person.programme in unit.programmes for unit in index.units_above(cell))
    return is_long + is_mentor + is_offered


def _paired_in_one_cell(index: ScenarioIndex) -> frozenset[int]:
    """Members of stable pairs who share their present cell."""
    at = index.person_at
    pairs = [(at[pair.person_a], at[pair.person_b]) for pair in index.scenario.stable_pairs]
    current = index.current
    return frozenset(
        member
        for a, b in pairs
        if current[a] >= 0 and current[a] == current[b]
        for member in (a, b)
    )
