r"""R37: a wing that offers the person's programme.

.. math:: -w \cdot |\{p : programme_p \in \bigcup_{u\ above\ c_p} programmes_u\}|

Unit: points in tier preferences, -w or 0 per placed person.

References
----------
.. [1] The founding texts' aim of rehabilitation; the size of the step is an assumption.
"""

from collections import defaultdict
from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import CellPoints
from allocator.model.vocabulary import Tier

GOAL = GoalId.PROGRAMME


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[CellPoints]:  # noqa: ARG001
    """The people and the cells of each programme."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    people: dict[str, list[int]] = defaultdict(list)
    for p, person in enumerate(index.scenario.people):
        if person.programme is not None:
            people[person.programme].append(p)
    cells: dict[str, list[int]] = defaultdict(list)
    for c, cell in enumerate(index.scenario.estate.cells):
        for offered in frozenset[str]().union(*(u.programmes for u in index.units_above(cell))):
            cells[offered].append(c)
    for name in sorted(people.keys() & cells.keys()):
        yield CellPoints(
            GOAL, Tier.PREFERENCES, int_array(people[name]), int_array(cells[name]), -weight
        )
