r"""R39: nobody carries repeated moves or repeated crowding.

.. math:: \sum_{p\ moved} w \cdot \min(m_p, 5)^2, \qquad
          \sum_{p\ in\ a\ tight\ cell} w \cdot \min(\lceil d_p / 30 \rceil, 12)

with :math:`m_p` moves in the last 90 days, :math:`d_p` days so far below the warning floor; a cell
is tight when its area per place in effective use is below that floor, cells of unknown area never.
Unit: points in tier moves (0 to 25w per person moved) and preferences (0 to 12w per person).

References
----------
.. [1] A requirement of fairness over time; squares and caps are assumptions.
"""

from collections import defaultdict
from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.person import Person
from allocator.model.shapes import CellPoints, MovePoints
from allocator.model.vocabulary import Tier

GOAL = GoalId.BURDEN
MOST_MOVES = 5
DAYS_PER_STEP = 30
MOST_STEPS = 12


def compile_goal(
    index: ScenarioIndex,
    points: InfluencePoints,  # noqa: ARG001
) -> Iterator[MovePoints | CellPoints]:
    """Another move for those who were moved, another tight cell for those who had one."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    people = index.scenario.people
    moved = index.everyone[
        (index.current >= 0) & (int_array(p.moves_last_90_days for p in people) > 0)
    ]
    if moved.size:
        before = int_array(min(people[i].moves_last_90_days, MOST_MOVES) for i in moved)
        yield MovePoints(GOAL, Tier.MOVES, moved, weight * before**2)
    tight = index.cells_where(lambda cell: _is_tight(index, cell))
    if tight.size:
        for steps, persons in sorted(_people_by_steps(people).items()):
            yield CellPoints(GOAL, Tier.PREFERENCES, int_array(persons), tight, weight * steps)


def _is_tight(index: ScenarioIndex, cell: Cell) -> bool:
    """True for a cell of known area below the warning floor at its effective capacity."""
    if cell.area_m2 is None:
        return False
    places = max(index.scenario.estate.effective_capacity(cell), 1)
    return cell.area_m2 / places < index.scenario.profile.thresholds.space_floor_warning_m2


def _people_by_steps(people: tuple[Person, ...]) -> dict[int, list[int]]:
    """People by started months below the warning floor, 1-12."""
    by_steps: dict[int, list[int]] = defaultdict(list)
    for p, person in enumerate(people):
        if person.days_below_warning_floor > 0:
            steps = -(-person.days_below_warning_floor // DAYS_PER_STEP)
            by_steps[min(steps, MOST_STEPS)].append(p)
    return by_steps
