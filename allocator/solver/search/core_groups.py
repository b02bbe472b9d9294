"""People who are together whatever a search does, placed as one: groups of groups.

Single people cross from one group to another when it is hot, but then the groups that belong
together for good are hot as well; when it is cold, whole parts of groups are in wrong company and
nobody leaves alone. Several quick coolings agree on these parts. Placed as one person each, with
the points that they have in all, they make a small problem of the same kind, in which groups join,
divide and exchange parts as easily as people do.

References
----------
.. [1] Ovelgönne and Geyer-Schulz (2013), An ensemble learning strategy for graph clustering, in
   Graph Partitioning and Graph Clustering, Contemporary Mathematics 588: core groups.
.. [2] Guimerà and Amaral (2005), Functional cartography of complex metabolic networks, doi
   10.1038/nature03288: annealing of modules needs moves of whole modules.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from allocator.model.shapes import IntArray
from allocator.solver.search.flat import Flat
from allocator.solver.search.terms import Floats


def core_groups(problem: Flat, placements: list[IntArray]) -> IntArray:
    """Number of everybody's core group, shape (n,).

    Two people are in one if they share a cell in all placements and gain by it, or others do
    through whom they hang together: what shares a cell without that are several parts.

    Parameters
    ----------
    placements : each of shape (n,), at least one.
    """
    company = np.unique(np.column_stack(placements), axis=0, return_inverse=True)[1].ravel()
    together = (company[:, None] == company) & (problem.points < 0.0)
    return connected_components(csr_array(together), directed=False)[1].astype(np.int64)


def contracted(problem: Flat, core: IntArray) -> Flat:
    """The problem in which each core group is one person, of one that has like groups.

    What people of a core group have among themselves is left out: it is the same in all cells.

    Parameters
    ----------
    core : shape (n,), as `core_groups`.
    """
    order, number = np.argsort(core, kind="stable"), np.bincount(core)
    first = np.cumsum(number) - number
    points = _of_all_pairs(problem.points, order, first)
    np.fill_diagonal(points, 0.0)
    apart = _of_all_pairs(problem.apart, order, first) if problem.apart.size else problem.apart
    return replace(
        problem,
        points=points,
        apart=np.minimum(apart, 1.0),
        cost=np.add.reduceat(problem.cost[order], first, axis=0),
        open_rows=np.minimum.reduceat(problem.open_rows[problem.row[order]], first, axis=0),
        row=np.arange(len(first)),
        weight=np.add.reduceat(problem.weight[:, order], first, axis=1),
    )


def _of_all_pairs(pairs: Floats, order: IntArray, first: IntArray) -> Floats:
    """Sums over the people of every two core groups, shape (groups, groups)."""
    rows = np.add.reduceat(pairs[order], first, axis=0)
    return np.ascontiguousarray(np.add.reduceat(rows[:, order], first, axis=1))
