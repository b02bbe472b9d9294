"""Who has to leave before a person can move to a kind of cell."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.away_model import AwayModel


def post_conflicts(away: AwayModel) -> None:
    """Rows: where every cell of a kind is closed by its people, one of them leaves first.

    A cell is closed by one person who may not share it, by a class, or by having no room. Any one
    reason per cell will do, because the cell that is entered has none left; people who cannot
    leave close their cell for good. Kinds that are full everywhere need no row: their room is
    counted.
    """
    t, home = away.t, away.home
    people = _people_of(home.cell, len(t.cap))
    load = np.array([int(t.places[p].sum()) for p in people], dtype=np.int64)
    cells_of = [np.flatnonzero(home.kind == q) for q in range(len(home.example))]
    for i, q in sorted(away.x):
        cells = cells_of[q][cells_of[q] != home.cell[i]]
        full = load[cells] + t.places[i] > t.cap[cells]
        if np.all(full) and len(cells) > 1:
            continue
        if np.all(home.closed[i, cells] | full):
            _post(away, i, q, cells, people)


def _people_of(cell: IntArray, n_cells: int) -> list[IntArray]:
    order = np.argsort(cell, kind="stable")
    edges = np.searchsorted(cell[order], np.arange(n_cells + 1))
    return [order[edges[c] : edges[c + 1]] for c in range(n_cells)]


def _post(away: AwayModel, i: int, q: int, cells: IntArray, people: list[IntArray]) -> None:
    moves = away.x[i, q]
    clash = [people[c][away.home.clash[i, people[c]]].tolist() for c in cells.tolist()]
    if len(cells) == 1:
        for j in clash[0]:
            away.model.add_implication(moves, away.away[j] if j in away.away else moves.Not())
    first = []
    for c, bad in zip(cells.tolist(), clash, strict=True):
        reasons = bad[:1] or people[c].tolist()
        if all(j in away.away for j in bad):
            first += [away.away[j] for j in reasons if j in away.away]
    away.model.add_bool_or([moves.Not(), *first])
