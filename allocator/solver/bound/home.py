"""The reference of the move-budget bound: everybody at home, and kinds of cells to move to.

People stand for themselves; cells that no kept term tells apart are one kind. Whoever has no
present cell, or may not stay in it, is nowhere in the reference.
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.clashes import find_clashes, find_closed
from allocator.solver.tables import Tables

UNBOUNDED = 1 << 40


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """Where everybody is in the reference, and what else they may do; Q is the number of kinds.

    Parameters
    ----------
    cell : shape (n,), -1 for nowhere. kind : shape (m,), kind of each cell.
    example, number : shape (Q,), a cell of each kind and how many there are.
    load : shape (Q,), places taken in all cells of a kind together in the reference.
    options : shape (n, Q), True where a person may move to a kind.
    may_leave : shape (n,), True for who is in a cell and may be left without one.
    leavers : most people who can leave the reference at all.
    clash : shape (n, n), True for people who may never share a cell. closed : shape (n, m), True
        for cells that somebody of these has in the reference.
    """

    cell: IntArray
    kind: IntArray
    example: IntArray
    number: IntArray
    load: IntArray
    options: BoolArray
    may_leave: BoolArray
    leavers: int
    clash: BoolArray
    closed: BoolArray

    @property
    def partners(self) -> int:
        """Other movers at most beside one of them: who else leaves, and who comes from nowhere."""
        return self.leavers - 1 + int(np.count_nonzero(self.cell < 0))

    @property
    def is_cell_by_cell(self) -> bool:
        """True where every cell is a kind of its own, with its own number."""
        return np.array_equal(self.example, np.arange(len(self.kind)))


def find_home(t: Tables, tier: int, slack: IntArray) -> Home:
    """The reference for the bound of a tier; every cell is a kind of its own, with its own number.

    Parameters
    ----------
    slack : shape (K,), points that people without a place may cost earlier tiers at most.
    """
    cell = stays_at(t)
    stays = cell >= 0
    load = t.loads(cell)
    clash = find_clashes(t)
    closed = find_closed(clash, cell, len(t.cap))
    kind = example = np.arange(len(t.cap), dtype=np.int64)
    number = np.ones_like(kind)
    options = t.elig[t.elig_row][:, example] == 1
    options &= (t.cap[example][None, :] >= t.places[:, None]) & (t.fixed < 0)[:, None]
    at_home = np.flatnonzero(stays)
    options[at_home, kind[cell[at_home]]] &= number[kind[cell[at_home]]] > 1
    priced = t.unplaced[:, :tier] > np.maximum(0, slack[:tier])[None, :]
    may_leave = stays & ~priced.any(axis=1)
    leavers = most_leavers(t, cell, tier, slack)
    return Home(
        cell,
        kind,
        example,
        number,
        load[example] * number,
        options,
        may_leave,
        leavers,
        clash,
        closed,
    )


def stays_at(t: Tables) -> IntArray:
    """Present cell of everybody who may stay in it, else -1; shape (n,)."""
    here = np.maximum(t.current, 0)
    stays = (t.current >= 0) & (t.elig[t.elig_row, here] == 1) if len(t.cap) else t.current >= 0
    stays &= (t.fixed < 0) | (t.fixed == t.current)
    cell: IntArray = np.where(stays, t.current, -1)
    return cell


def most_leavers(t: Tables, cell: IntArray, tier: int, slack: IntArray) -> int:
    """Most people who can be elsewhere than `cell` says, shape (n,), moved or without a place."""
    return min(len(cell), _most_moves(t, cell) + most_unplaced(t, tier, slack))


def kinds_of_cells(
    t: Tables, load: IntArray, closed: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Kind of each cell, an example and the number of each kind.

    Parameters
    ----------
    load : shape (m,), places taken. closed : shape (people, m), cells that kinds tell apart too.
    """
    m = len(t.cap)
    static = t.static.reshape(t.static.shape[0], m, -1).transpose(1, 0, 2).reshape(m, -1)
    columns = np.column_stack(
        (
            t.cap,
            t.load_row,
            load,
            t.contact_class,
            t.units[1:].T,
            t.elig.T,
            static,
            np.packbits(closed.T, axis=1),
        )
    )
    _, example, kind, number = np.unique(
        columns, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    return kind.reshape(-1).astype(np.int64), example.astype(np.int64), number.astype(np.int64)


def _most_moves(t: Tables, cell: IntArray) -> int:
    """Most people in the reference who can be elsewhere, by hard limits that hold all of them."""
    people = np.flatnonzero(cell >= 0)
    most = UNBOUNDED
    person = np.repeat(np.arange(len(cell)), np.diff(t.limit_ptr))
    for k in np.flatnonzero(t.limit_tier < 0).tolist():
        rows = t.limit_id == k
        if len(people) and np.all(np.isin(people, person[rows])):
            most = min(most, int(t.limit_high[k]) // int(t.limit_weight[rows].min()))
    return most


def most_unplaced(t: Tables, tier: int, slack: IntArray) -> int:
    """Most people who can be without a place, by what earlier tiers allow."""
    most = UNBOUNDED
    for k in range(1, tier):
        price = int(t.unplaced[:, k].min(initial=UNBOUNDED))
        if price > 0:
            most = min(most, max(0, int(slack[k])) // price)
    return most
