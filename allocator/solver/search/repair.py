"""Last resort for hard lower limits: who would be too few in a unit is left without a place."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.apply import load_placement, place_person
from allocator.solver.search.state import State, new_state
from allocator.solver.tables import DEFICIT, Tables


def without_shortfalls(tables: Tables, placement: IntArray) -> IntArray:
    """Copy of a placement in which no unit holds fewer than its lower limit but more than none.

    Limits that hold even for an empty unit cannot be met this way and stay short.
    """
    state = new_state(tables, 1)
    load_placement(tables.packed, state.flat, placement)
    while state.values[DEFICIT] > 0:
        leaving = _too_few(tables, state)
        if len(leaving) == 0:
            break
        for i in leaving.tolist():
            place_person(tables.packed, state.flat, i, -1)
    return state.place.copy()


def _too_few(t: Tables, state: State) -> IntArray:
    """People of the groups that are short, in the units where they are."""
    people: set[int] = set()
    for i in range(len(t.places)):
        cell = int(state.place[i])
        for e in range(t.count_ptr[i], t.count_ptr[i + 1]):
            g = int(t.count_group[e])
            unit = int(t.units[t.group_level[g], cell]) if cell >= 0 else -1
            at = int(t.group_offset[g]) + unit
            if unit >= 0 and t.group_or_none[g] and state.count[at] < t.unit_low[at]:
                people.add(i)
    return np.array(sorted(people), dtype=np.int64)
