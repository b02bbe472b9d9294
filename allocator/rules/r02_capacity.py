r"""R02: a cell holds no more than its capacity; cells out of use and buffer cells hold nobody.

With load :math:`\ell_c = \sum_p n_p x_{p,c}` (places needed), effective capacity :math:`e_c` and
maximum capacity :math:`m_c`:

.. math:: \ell_c = 0 \text{ if out of use, buffer or } e_c = 0; \quad
          \ell_c \le m_c \text{ always hard}; \quad \ell_c \le e_c \text{ by the setting}

Amount of a breach: :math:`T(\ell_c - e_c)` per cell, :math:`T(k) = k(k+1)/2`, so that unavoidable
crowding is spread.

References
----------
.. [1] hmpps-locations-inside-prison-api, working and maximum capacity of a cell.
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import Count, Eligible, IntArray, Penalty
from allocator.model.vocabulary import Level

RULE = RuleId.CAPACITY


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible | Count]:
    """Closed cells, then the physical limit, then the ordinary one where it is lower."""
    if not index.everyone.size:
        return
    estate = index.scenario.estate

    def is_open(cell: Cell) -> bool:
        return estate.effective_capacity(cell) > 0 and not cell.buffer

    usable = index.cells_where(is_open)
    closed = index.cells_where(lambda cell: not is_open(cell))
    if closed.size:
        witness = "cells out of use, kept as buffer or without capacity"
        yield Eligible(RULE, index.everyone, closed, None, witness)
    most = int_array(estate.cells[c].max_capacity for c in usable)
    effective = index.effective_capacity[usable]
    if usable.size:
        yield _places(index, usable, most, None)
    lower = effective < most
    if lower.any():
        yield _places(index, usable[lower], effective[lower], penalty)


def _places(
    index: ScenarioIndex, cells: IntArray, high: IntArray, penalty: Penalty | None
) -> Count:
    low = np.zeros_like(cells)
    return Count(
        RULE, index.everyone, index.places, Level.CELL, cells, low, high,
        triangular=True, penalty=penalty,
    )  # fmt: skip
