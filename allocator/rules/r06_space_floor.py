r"""R06: floor space per person is not below the hard floor.

With the cell's area :math:`A_c`, the floor :math:`s` and load :math:`\ell_c`:

.. math:: \ell_c \le a_c = \lfloor A_c / s + 10^{-9} \rfloor

Cells of unknown area are not judged; cells whose maximum capacity is within :math:`a_c` cannot
break the rule and get no limit here.

Amount of a breach: :math:`T(\ell_c - a_c)` per cell, :math:`T(k) = k(k+1)/2`.

References
----------
.. [1] CPT/Inf (2015) 44; Muršić v Croatia [GC], 7334/13: strong presumption below 3 m².
"""

from collections.abc import Iterator
from math import floor

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import Count, Penalty
from allocator.model.vocabulary import Level

RULE = RuleId.SPACE_FLOOR
ROUNDING = 1e-9


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Count]:
    """A limit on places in each cell of known area that could hold too many."""
    estate = index.scenario.estate
    floor_m2 = index.scenario.profile.thresholds.space_floor_hard_m2

    def places_with_space(cell: Cell) -> int:
        most = cell.max_capacity if estate.is_in_use(cell) else 0
        return most if cell.area_m2 is None else floor(cell.area_m2 / floor_m2 + ROUNDING)

    def can_be_crowded(cell: Cell) -> bool:
        return estate.is_in_use(cell) and places_with_space(cell) < cell.max_capacity

    cells = index.cells_where(can_be_crowded)
    if cells.size and index.everyone.size:
        high = int_array(places_with_space(estate.cells[c]) for c in cells)
        low = np.zeros_like(cells)
        yield Count(
            RULE, index.everyone, index.places, Level.CELL, cells, low, high,
            triangular=True, penalty=penalty,
        )  # fmt: skip
