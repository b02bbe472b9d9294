"""A placement with everything needed to price one insertion or removal in compiled code.

Like the tables, a state is one flat integer array that starts with the offsets of its parts;
`State` names them for Python. All functions keep the values equal to the tier values of the
placement (tests recompute them from the shapes). Values are exact integers.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import N_TIERS, spot
from allocator.solver.tables import DEFICIT, Tables

# Header: offsets of the parts; N_ROOMY and N_TAKEN are numbers.
(
    PLACE, SLOT_OF, CELLS, MEMBERS, SHARED, COUNTS, CLASSES, USED, VALUES, ROOMY, TAKEN, RNG,
    SUMS, N_ROOMY, N_TAKEN,
) = range(15)  # fmt: skip
# Columns of CELLS: places taken, people, people who must be alone, position in ROOMY (cells with a
# free place) and in TAKEN (cells with somebody), -1 outside of them.
LOAD, PEOPLE, LONERS, ROOMY_AT, TAKEN_AT = range(5)
CELL_COLUMNS = 5


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A placement and its counters; the arrays are views of `flat` and change in place.

    Parameters
    ----------
    place : shape (n,), cell or -1. cells : shape (m, 5). shared : shape (m, K), company prices of
        the people of a cell. count, classes, used : counters of groups, partitions and limits.
    values : shape (K,).
    """

    flat: IntArray
    place: IntArray
    cells: IntArray
    shared: IntArray
    count: IntArray
    classes: IntArray
    used: IntArray
    values: IntArray


def new_state(tables: Tables, seed: int) -> State:
    """State with nobody placed."""
    n, m, width = len(tables.places), len(tables.cap), tables.unplaced.shape[1]
    class_slots = int(((tables.part_classes + 1) * np.diff(tables.part_units)).sum())
    sizes = (
        n, n, CELL_COLUMNS * m, int(tables.slot_offset[-1]), m * width,
        int(tables.group_offset[-1]), class_slots, len(tables.limit_high), width, m, m, 1,
        tables.fields.table_entries,
    )  # fmt: skip
    offsets = N_TAKEN + 1 + np.concatenate(([0], np.cumsum(sizes)))
    flat = np.zeros(int(offsets[-1]), dtype=np.int64)
    flat[: len(sizes)] = offsets[:-1]
    state = _view(flat, width)
    roomy = np.flatnonzero(tables.cap > 0)
    state.cells[:, ROOMY_AT:] = -1
    state.cells[roomy, ROOMY_AT] = np.arange(len(roomy))
    flat[offsets[ROOMY] : offsets[ROOMY] + len(roomy)] = roomy
    flat[N_ROOMY] = len(roomy)
    state.place[:] = -1
    state.values[:] = tables.unplaced.sum(axis=0)
    strict = np.repeat(tables.group_or_none == 0, np.diff(tables.group_offset))
    state.values[DEFICIT] += int(tables.unit_low[strict].sum())
    _set_seed(flat, seed)
    return state


def copy_state(state: State, seed: int) -> State:
    """The same placement and counters, changed apart from the first."""
    flat = state.flat.copy()
    _set_seed(flat, seed)
    return _view(flat, len(state.values))


def _set_seed(flat: IntArray, seed: int) -> None:
    flat[flat[RNG]] = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % (1 << 62) + 1


def _view(flat: IntArray, width: int) -> State:
    """Name the parts of a flat state of `width` tiers."""
    views = [flat[a:b] for a, b in pairwise([*flat[: SUMS + 1].tolist(), len(flat)])]
    return State(
        flat, views[PLACE], views[CELLS].reshape(-1, CELL_COLUMNS),
        views[SHARED].reshape(-1, width), views[COUNTS], views[CLASSES], views[USED], views[VALUES],
    )  # fmt: skip


@compiled("u8(i8[::1], i8, i8)")
def room(s: IntArray, c: int, column: int) -> int:
    """Address of an entry of a cell."""
    return spot(s, CELLS, c * CELL_COLUMNS + column)


@compiled("void(i8[::1], i8[::1], i8[::1])")
def keep(t: IntArray, s: IntArray, d: IntArray) -> None:
    """Add a change to the values."""
    for k in range(t[N_TIERS]):
        s[spot(s, VALUES, k)] += d[k]


@inner("u8(i8[::1])", hot=True)
def _draw_bits(s: IntArray) -> int:
    """64 random bits (xorshift64*)."""
    x = np.uint64(s[spot(s, RNG, 0)])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s[spot(s, RNG, 0)] = np.int64(x)
    return x * np.uint64(2685821657736338717)  # type: ignore[return-value]


@compiled("i8(i8[::1], i8)")
def draw(s: IntArray, below: int) -> int:
    """Integer from 0 to `below` - 1, `below` under 2**31; the bias is under `below` / 2**32."""
    high = _draw_bits(s) >> np.uint64(32)
    return np.int64((high * np.uint64(below)) >> np.uint64(32))  # type: ignore[return-value]


@inner("f8(i8[::1])", hot=True)
def draw_unit(s: IntArray) -> float:
    """Real number in [0, 1)."""
    return (_draw_bits(s) >> np.uint64(12)) * (1.0 / (1 << 52))
