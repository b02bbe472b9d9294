r"""R36: a facility near home where there is one; distance is never a penalty.

.. math:: -w \cdot |\{p : home_p = home(c_p)\}|

with the cell's home area inherited from the units above it. Unit: points in tier preferences, -w
or 0 per placed person; nobody pays for being far away.

References
----------
.. [1] European Prison Rules 17.1: as close as possible to home or the place of rehabilitation.
"""

from collections import defaultdict
from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import CellPoints
from allocator.model.vocabulary import Tier

GOAL = GoalId.NEAR_HOME


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[CellPoints]:  # noqa: ARG001
    """The people and the cells of each home area."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    people: dict[str, list[int]] = defaultdict(list)
    for p, person in enumerate(index.scenario.people):
        if person.home_area is not None:
            people[person.home_area].append(p)
    cells: dict[object, list[int]] = defaultdict(list)
    for c, cell in enumerate(index.scenario.estate.cells):
        cells[index.scenario.estate.inherited(cell, "home_area")].append(c)
    for area in sorted(people.keys() & cells.keys()):
        yield CellPoints(
            GOAL, Tier.PREFERENCES, int_array(people[area]), int_array(cells[area]), -weight
        )
