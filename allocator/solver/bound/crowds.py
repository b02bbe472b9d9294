"""People who compete for the same blocks of a layer."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.never import never_share
from allocator.solver.bound.sizes import Sizes, sizes_of
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Part of a layer that has nothing to do with the rest; p people, B blocks.

    Parameters
    ----------
    people : shape (p,), ascending. places : shape (p,), what each of them takes.
    points : shape (p, p), symmetric, what a pair costs in one block; any sign.
    never : shape (p, p), True for pairs that share no block.
    may : shape (p, B), True where a person may be in a block.
    free : shape (p,), True for who may also be where nobody has contact with anybody.
    kind : shape (p,), people of one kind may be in the same cells.
    cells : shape (kinds, c), True where a kind may be in a cell. block : shape (c,), block of each
        such cell, B for spare ones. cap : shape (c,), places. sizes : of the B blocks.
    unplaced : most people who may be without a place.
    """

    people: IntArray
    places: IntArray
    points: IntArray
    never: BoolArray
    may: BoolArray
    free: BoolArray
    kind: IntArray
    cells: BoolArray
    block: IntArray
    cap: IntArray
    sizes: Sizes
    unplaced: int

    @property
    def n_units(self) -> int:
        """Most groups without contact between them that the people can form."""
        spare = int(self.cap[self.block == self.may.shape[1]].sum())
        return int(self.may.shape[1]) + spare + self.unplaced


def open_cells(t: Tables) -> BoolArray:
    """Where everybody may be by hard shapes of their own, shape (n, m)."""
    elig: BoolArray = t.elig[t.elig_row] == 1
    fixed = np.flatnonzero(t.fixed >= 0)
    only = np.zeros((len(fixed), len(t.cap)), dtype=np.bool_)
    only[np.arange(len(fixed)), t.fixed[fixed]] = True
    elig[fixed] &= only
    elig &= t.cap[None, :] >= t.places[:, None]
    return elig


def crowds_of(
    t: Tables, block: IntArray, points: IntArray, tier: int, slack: IntArray, unplaced: int
) -> tuple[Crowd, ...]:
    """Crowds of a layer; people without a cell that they may be in belong to none.

    Parameters
    ----------
    block : shape (m,), block of each cell, -1 where nobody has contact.
    points : shape (n, n), symmetric. slack : shape (K,). unplaced : most people without a place.
    """
    whole = _Whole(
        block=block,
        points=points,
        never=never_share(t, block, tier, slack),
        open=open_cells(t),
        sizes=sizes_of(t, block, slack),
        unplaced=unplaced,
    )
    person, cell = np.nonzero(whole.open)
    n, m = whole.open.shape
    node = n + np.where(block < 0, m + np.arange(m), block)
    size = n + 2 * m
    graph = coo_array((np.ones(len(person)), (person, node[cell])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    people_of = [np.flatnonzero(label[:n] == k) for k in np.unique(label[person]).tolist()]
    return tuple(_crowd(t, whole, people) for people in people_of)


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """A layer of which crowds are parts: block, shape (m,), open, shape (n, m), and for everybody
    what a crowd has for its people.
    """

    block: IntArray
    points: IntArray
    never: BoolArray
    open: BoolArray
    sizes: Sizes
    unplaced: int


def _crowd(t: Tables, whole: _Whole, people: IntArray) -> Crowd:
    cells = np.flatnonzero(whole.open[people].any(axis=0))
    known = np.unique(whole.block[cells][whole.block[cells] >= 0])
    inside = whole.block[cells] >= 0
    block = np.where(inside, np.searchsorted(known, whole.block[cells]), len(known))
    own = whole.open[np.ix_(people, cells)]
    may = np.zeros((len(people), len(known) + 1), dtype=np.bool_)
    for b in range(len(known) + 1):
        may[:, b] = own[:, block == b].any(axis=1)
    rows, kind = np.unique(t.elig_row[people], return_inverse=True)
    return Crowd(
        people=people,
        places=t.places[people],
        points=whole.points[np.ix_(people, people)],
        never=whole.never[np.ix_(people, people)],
        may=may[:, :-1],
        free=may[:, -1],
        kind=kind.reshape(-1).astype(np.int64),
        cells=t.elig[np.ix_(rows, cells)] == 1,
        block=block.astype(np.int64),
        cap=t.cap[cells],
        sizes=whole.sizes.of(known),
        unplaced=min(whole.unplaced, len(people)),
    )
