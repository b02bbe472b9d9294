"""First placement: all stay where the hard rules allow, the others take the best place."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import N_CELLS, N_TIERS, spot
from allocator.solver.search.apply import place_person
from allocator.solver.search.cost import add_cost
from allocator.solver.search.entry import may_enter
from allocator.solver.search.state import PLACE, new_state
from allocator.solver.tables import Tables


@inner("i8(i8[::1], i8[::1], i8, i8[::1], i8[::1])", allocates=True)
def _best_cell(t: IntArray, s: IntArray, i: int, d: IntArray, best: IntArray) -> int:
    """Cell of least cost, tier by tier, for person i, who is nowhere; -1 for none."""
    found = -1
    for c in range(t[N_CELLS]):
        if not may_enter(t, s, i, c):
            continue
        d[:] = 0
        add_cost(t, s, i, c, d, 1)
        better = found < 0
        if not better:
            for k in range(len(d)):
                if d[k] != best[k]:
                    better = d[k] < best[k]
                    break
        if better:
            found = c
            best[:] = d
    return found


@compiled("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])", allocates=True)
def _keep_and_fill(
    t: IntArray, s: IntArray, start: IntArray, keep: IntArray, fill: IntArray
) -> None:
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    best = np.zeros_like(d)
    for i in keep:
        if may_enter(t, s, i, start[i]):
            place_person(t, s, i, start[i])
    for i in fill:
        if s[spot(s, PLACE, i)] < 0:
            c = _best_cell(t, s, i, d, best)
            if c >= 0:
                place_person(t, s, i, c)


def initial_placement(tables: Tables, start: IntArray) -> IntArray:
    """Placement of shape (n,) near `start` that satisfies every hard shape but lower limits.

    Frozen people are settled first; then those with the fewest cells to choose from, and of these
    whoever takes most places.
    """
    choices = tables.elig.sum(axis=1, dtype=np.int64)[tables.elig_row]
    free = tables.fixed < 0
    order = np.lexsort((np.arange(len(free)), choices, free)).astype(np.int64)
    keep = order[start[order] >= 0]
    alone = tables.alone.astype(np.int64)
    alone_first = np.lexsort((np.arange(len(free)), -tables.places, choices, -alone))
    state = new_state(tables, 1)
    _keep_and_fill(tables.packed, state.flat, start, keep, alone_first.astype(np.int64))
    return state.place.copy()
