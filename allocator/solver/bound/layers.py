"""Contact as layers: partitions of the cells, each with the weight that it adds.

The weight between two people is the sum of the steps of the layers in which their contact counts.
Where contact is nested (cell in landing in wing), "counts" means sharing a block. Elsewhere the
blocks of `inner` are a little too small and those of `outer` too large, so that positive points
are bounded with the one and negative points with the other.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.tables import Tables

MOST_LAYERS = 20
NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Blocks of cells, numbered from 0; -1 for cells in which nobody has contact.

    Parameters
    ----------
    inner : shape (m,), people in one block have contact. outer : shape (m,), people who have
        contact are in one block.
    step : points are multiplied by this, at least 1.
    """

    inner: IntArray
    outer: IntArray
    step: int

    @property
    def is_exact(self) -> bool:
        """True when contact means sharing a block."""
        return np.array_equal(self.inner, self.outer)


def layers_of(t: Tables, level: int) -> tuple[Layer, ...] | None:
    """Layers of the pair terms of a level, -1 for contact weights.

    None where contact is not symmetric, or negative, or has too many values.
    """
    if level >= 0:
        units = t.units[level].astype(np.int64)
        return (Layer(units, units, 1),)
    used = np.flatnonzero(t.cap > 0)
    here, number = np.unique(t.contact_class[used], return_counts=True)
    weights = t.contact[np.ix_(here, here)].copy()
    single = np.flatnonzero(number == 1)
    weights[single, single] = 0
    values = np.unique(np.append(t.cell_contact[used], weights))
    if len(values) > MOST_LAYERS or values.min(initial=0) < 0:
        return None
    if not np.array_equal(weights, weights.T):
        return None
    steps = np.diff(values[values > 0], prepend=0).tolist()
    kind = np.full(len(t.cap), NOWHERE, dtype=np.int64)
    kind[used] = np.searchsorted(here, t.contact_class[used])
    return tuple(
        _layer(kind, weights >= value, t.cell_contact >= value, step)
        for value, step in zip(values[values > 0].tolist(), steps, strict=True)
    )


def _layer(kind: IntArray, linked: BoolArray, near: BoolArray, step: int) -> Layer:
    """A layer of contact between linked classes and inside cells that are near.

    Parameters
    ----------
    kind : shape (m,), class of each cell or -1. linked : shape (C, C), symmetric; the diagonal is
        for two cells of a class. near : shape (m,), contact inside each cell.
    """
    inner, outer = np.full(len(kind), NOWHERE), np.full(len(kind), NOWHERE)
    _, component = connected_components(linked, directed=False)
    groups: list[list[int]] = []
    separate = len(linked) + np.arange(len(kind))
    for k in range(len(linked)):
        cells = np.flatnonzero(kind == k)
        own = cells[near[cells]]
        outer[own] = separate[own]
        inner[own] = separate[own]
        if linked[k].any():
            outer[cells] = component[k]
        if linked[k, k] or len(cells) == 1:
            group = next((g for g, inside in enumerate(groups) if linked[k, inside].all()), None)
            if group is None:
                group = len(groups)
                groups.append([])
            groups[group].append(k)
            inner[own] = group
    return Layer(_renumbered(inner), _renumbered(outer), step)


def _renumbered(block: IntArray) -> IntArray:
    """Blocks numbered by first appearance; -1 stays."""
    known, first, inverse = np.unique(block, return_index=True, return_inverse=True)
    first = np.where(known < 0, -1, first)
    rank = np.argsort(np.argsort(first)) - int(np.any(known < 0))
    numbered: IntArray = rank[inverse].astype(np.int64)
    return numbered
