r"""R35: single cells and space above the floor; crowding spread evenly.

.. math:: w \cdot T(\max(0, load_c - cna_c))
          + w \cdot \max(0, load_c - \lfloor area_c / f + 10^{-9} \rfloor)

per cell, :math:`T(k) = k(k+1)/2` and f the warning floor in m² per place; the second term only for
cells of known area. And w for each person who prefers a single cell and is in a larger one. Unit:
points in tier preferences, 0 or more.

References
----------
.. [1] Mandela Rule 12: a cell by oneself where accommodation is in individual cells.
.. [2] Planning parameter P17: 4 m² per place as the warning floor.
"""

from collections.abc import Iterator

import numpy as np

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import CellPoints, IntArray, LoadPoints
from allocator.model.vocabulary import Tier

GOAL = GoalId.SPACE


def compile_goal(
    index: ScenarioIndex,
    points: InfluencePoints,  # noqa: ARG001
) -> Iterator[LoadPoints | CellPoints]:
    """A convex table for each cell that can be crowded, and the wish for a single cell."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    table = _crowding(index)
    most = int_array(cell.max_capacity for cell in index.scenario.estate.cells)
    can_be_crowded = np.flatnonzero(table[np.arange(len(most)), most] > 0)
    if can_be_crowded.size:
        yield LoadPoints(GOAL, Tier.PREFERENCES, can_be_crowded, weight * table[can_be_crowded])
    estate = index.scenario.estate
    wishing = index.people_where(lambda person: person.prefers_single)
    shared = index.cells_where(lambda cell: cell.max_capacity > 1 and estate.is_in_use(cell))
    if wishing.size and shared.size:
        yield CellPoints(GOAL, Tier.PREFERENCES, wishing, shared, weight)


def _crowding(index: ScenarioIndex) -> IntArray:
    """Unweighted points by load; shape (n_cells, largest maximum capacity + 1)."""
    cells = index.scenario.estate.cells
    floor_m2 = index.scenario.profile.thresholds.space_floor_warning_m2
    width = max((cell.max_capacity for cell in cells), default=0) + 1
    load = np.arange(width, dtype=np.int64)
    normal = int_array(cell.cna for cell in cells)
    roomy = int_array(
        width if cell.area_m2 is None else int(cell.area_m2 / floor_m2 + 1e-9) for cell in cells
    )
    over = np.maximum(load - normal[:, None], 0)
    total: IntArray = over * (over + 1) // 2 + np.maximum(load - roomy[:, None], 0)
    return total
