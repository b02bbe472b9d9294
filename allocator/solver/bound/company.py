r"""Cheapest company: who cannot be elsewhere must be here, so everybody shares with so many.

With n people of whom at most u have no place, and room for R outside a block, at least n - u - R
are inside. Whoever is there has at least the cheapest terms with that many others:

.. math:: 2 Z \ge \sum_i \min_b \max_S \mathrm{cheapest}_i(S, |S| - u - R_S(b) - [i \in S])

over blocks b that i may be in and sets S of people, less the u largest shares.

For full groups of equal size this is the classical bound: half of everybody's cheapest partners.
"""

from itertools import combinations

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.crowds import Crowd

FEW_KINDS = 5
FEW_PEOPLE = 300
IMPOSSIBLE = 1 << 40


def company_bound(crowd: Crowd) -> int:
    """Bound of the positive points of a crowd; 0 or more."""
    share = np.zeros((len(crowd.may), crowd.may.shape[1]), dtype=np.int64)
    costs = np.where(crowd.never, IMPOSSIBLE, np.maximum(crowd.points, 0))
    np.fill_diagonal(costs, IMPOSSIBLE)
    for kinds in _sets_of_kinds(crowd):
        inside = np.isin(crowd.kind, kinds)
        others = _others_needed(crowd, kinds, inside)
        if others.max(initial=0) > 0:
            np.maximum(share, _cheapest(costs[:, inside], others, inside), out=share)
    share[~crowd.may] = IMPOSSIBLE
    least = np.where(crowd.free, 0, share.min(axis=1, initial=IMPOSSIBLE))
    least = np.sort(np.where(least >= IMPOSSIBLE, 0, least))
    total = int(least[: len(least) - crowd.unplaced].sum())
    return -(-total // 2)


def _sets_of_kinds(crowd: Crowd) -> list[tuple[int, ...]]:
    kinds = range(len(crowd.cells))
    if len(kinds) > FEW_KINDS or len(crowd.people) > FEW_PEOPLE:
        return [*((k,) for k in kinds), tuple(kinds)]
    return [s for size in range(1, len(kinds) + 1) for s in combinations(kinds, size)]


def _others_needed(crowd: Crowd, kinds: tuple[int, ...], inside: BoolArray) -> IntArray:
    """Fewest people of the kinds in each block, shape (B,)."""
    reach = np.where(crowd.cells[list(kinds)].any(axis=0), crowd.cap, 0)
    by_block = np.bincount(crowd.block, weights=reach, minlength=crowd.may.shape[1] + 1)
    elsewhere = int(by_block.sum()) - by_block[:-1].astype(np.int64)
    return np.maximum(0, int(inside.sum()) - crowd.unplaced - elsewhere)


def _cheapest(costs: IntArray, fewest: IntArray, inside: BoolArray) -> IntArray:
    """Cost of the cheapest company of a set, by person and block; shape (p, B).

    Parameters
    ----------
    costs : shape (p, s), of each person with those of the set. fewest : shape (B,), people of the
        set in each block. inside : shape (p,), True for those of the set.
    """
    ordered = np.minimum(np.cumsum(np.sort(costs, axis=1), axis=1), IMPOSSIBLE)
    ordered = np.column_stack((np.zeros(len(costs), dtype=np.int64), ordered))
    others = np.maximum(0, fewest[None, :] - inside[:, None])
    others = np.minimum(others, costs.shape[1])
    return np.take_along_axis(ordered, others, axis=1)
