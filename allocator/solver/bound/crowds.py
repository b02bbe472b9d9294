"""People who compete for the same blocks of a layer."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.never import never_share
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Part of a layer that has nothing to do with the rest; p people, B blocks.

    Parameters
    ----------
    people : shape (p,), ascending.
    points : shape (p, p), symmetric, what a pair costs in one block; any sign.
    never : shape (p, p), True for pairs that share no block.
    may : shape (p, B), True where a person may be in a block.
    free : shape (p,), True for who may also be where nobody has contact with anybody.
    kind : shape (p,), people of one kind may be in the same cells.
    cells : shape (kinds, c), True where a kind may be in a cell. block : shape (c,), block of each
        such cell, B for spare ones. cap : shape (c,), places.
    unplaced : most people who may be without a place.
    """

    people: IntArray
    points: IntArray
    never: BoolArray
    may: BoolArray
    free: BoolArray
    kind: IntArray
    cells: BoolArray
    block: IntArray
    cap: IntArray
    unplaced: int

    @property
    def n_units(self) -> int:
        """Most groups without contact between them that the people can form."""
        spare = int(self.cap[self.block == self.may.shape[1]].sum())
        return int(self.may.shape[1]) + spare + self.unplaced


def crowds_of(
    t: Tables, block: IntArray, points: IntArray, tier: int, slack: IntArray, unplaced: int
) -> tuple[Crowd, ...]:
    """Crowds of a layer; people without a cell that they may be in belong to none.

    Parameters
    ----------
    block : shape (m,), block of each cell, -1 where nobody has contact.
    points : shape (n, n), symmetric. slack : shape (K,). unplaced : most people without a place.
    """
    never = never_share(t, block, tier, slack)
    elig = t.elig[t.elig_row] == 1
    fixed = np.flatnonzero(t.fixed >= 0)
    only = np.zeros((len(fixed), len(t.cap)), dtype=np.bool_)
    only[np.arange(len(fixed)), t.fixed[fixed]] = True
    elig[fixed] &= only
    elig &= t.cap[None, :] >= t.places[:, None]
    person, cell = np.nonzero(elig)
    n, m = elig.shape
    node = n + np.where(block < 0, m + np.arange(m), block)
    size = n + 2 * m
    graph = coo_array((np.ones(len(person)), (person, node[cell])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    people_of = [np.flatnonzero(label[:n] == k) for k in np.unique(label[person]).tolist()]
    return tuple(_crowd(t, block, points, never, elig, p, unplaced) for p in people_of)


def _crowd(
    t: Tables,
    layer_block: IntArray,
    points: IntArray,
    never: BoolArray,
    elig: BoolArray,
    people: IntArray,
    unplaced: int,
) -> Crowd:
    cells = np.flatnonzero(elig[people].any(axis=0))
    known = np.unique(layer_block[cells][layer_block[cells] >= 0])
    inside = layer_block[cells] >= 0
    block = np.where(inside, np.searchsorted(known, layer_block[cells]), len(known))
    own = elig[np.ix_(people, cells)]
    may = np.zeros((len(people), len(known) + 1), dtype=np.bool_)
    for b in range(len(known) + 1):
        may[:, b] = own[:, block == b].any(axis=1)
    rows, kind = np.unique(t.elig_row[people], return_inverse=True)
    return Crowd(
        people=people,
        points=points[np.ix_(people, people)],
        never=never[np.ix_(people, people)],
        may=may[:, :-1],
        free=may[:, -1],
        kind=kind.reshape(-1).astype(np.int64),
        cells=t.elig[np.ix_(rows, cells)] == 1,
        block=block.astype(np.int64),
        cap=t.cap[cells],
        unplaced=min(unplaced, len(people)),
    )
