r"""R76: a plan that is revised changes for as few people as possible.

.. math:: \sum_{p:\ \pi_p \text{ known}} w \cdot [c_p \neq \pi_p]

with :math:`\pi_p` the cell of the last plan. Being without a place is a departure too: R01 adds it.
A cell that is gone is departed from whatever the plan does. Unit: points in tier departures, which
a scenario without planned places does not have; w per person.

References
----------
.. [1] ROADEF/EURO 2012 counts moves from the assignment in force; we count departures from what
   was proposed, which need not be in force yet, and put the law before them.
"""

from collections.abc import Iterator

import numpy as np

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import CellPoints
from allocator.model.vocabulary import Tier

GOAL = GoalId.LAST_PLAN


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[CellPoints]:  # noqa: ARG001
    """Points of everybody in every cell, taken back in the cell of the last plan."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    planned = index.people_where(lambda person: person.planned_place is not None)
    if weight == 0 or not planned.size:
        return
    cells = np.arange(len(index.scenario.estate.cells), dtype=np.int64)
    yield CellPoints(GOAL, Tier.DEPARTURES, planned, cells, weight)
    for cell in np.unique(index.planned[index.planned >= 0]).tolist():
        kept = np.flatnonzero(index.planned == cell).astype(np.int64)
        yield CellPoints(GOAL, Tier.DEPARTURES, kept, int_array([cell]), -weight)
