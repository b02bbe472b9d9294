"""A tier's contact as a quadratic assignment of people to choices, where contact does not nest.

A choice is a class of cells with one weight of contact inside, or a single cell; the last one may
be no place at all.
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.contact import CONTACT, contact_table
from allocator.solver.bound.crowds import open_cells
from allocator.solver.bound.home import most_unplaced
from allocator.solver.bound.layers import layers_of
from allocator.solver.bound.never import never_share
from allocator.solver.bound.pairs import contact_points
from allocator.solver.bound.sizes import sizes_of
from allocator.solver.search.terms import Floats
from allocator.solver.tables import Tables

MOST_ENTRIES = 1_500_000


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """n people, m choices and E pairs of people; impossible costs are infinite.

    Parameters
    ----------
    places : shape (n,), at least 1. room : shape (m,), places in each choice.
    costs : shape (n, m), of a person in a choice. first, second : shape (E,), people of a pair.
    pair_costs : shape (E, m, m), by the choices of the first and the second.
    """

    places: Floats
    room: Floats
    costs: Floats
    first: IntArray
    second: IntArray
    pair_costs: Floats


def assignment_of(t: Tables, tier: int, slack: IntArray) -> Assignment | None:
    """Points of a tier in a cell, of having no place and of contact; other terms are not in it.

    None where contact nests, since layers say more there, or where there are too many choices.

    Parameters
    ----------
    slack : shape (K,), caps of the earlier tiers less the least of their terms.
    """
    rows = t.contact_rows(tier)
    if not rows.any() or _nests(t, rows):
        return None
    choice, weights = _choices(t)
    n, m = len(t.places), len(weights)
    out, back = (contact_points(t, rows, column) for column in (t.pair_out, t.pair_in))
    first, second = (a.astype(np.int64) for a in np.triu_indices(n, 1))
    if len(first) * m * m > MOST_ENTRIES:
        first, second = (a.astype(np.int64) for a in np.nonzero(np.triu((out != 0) | (back != 0))))
    if len(first) * m * m > MOST_ENTRIES:
        return None
    room = sizes_of(t, choice, slack).high.astype(np.float64)
    costs = _costs(t, tier, choice, m)
    if most_unplaced(t, tier, slack) > 0:
        weights = np.pad(weights, (0, 1))
        room = np.append(room, t.places.sum())
        costs = np.column_stack((costs, t.unplaced[:, tier]))
    pair_costs = out[first, second, None, None] * weights
    pair_costs = pair_costs + back[first, second, None, None] * weights.T
    pair_costs[np.isinf(costs)[first]] = np.inf
    np.moveaxis(pair_costs, 1, 2)[np.isinf(costs)[second]] = np.inf
    apart = never_share(t, choice, tier, slack)[first, second]
    same = np.arange(m)
    together = (t.places[first] + t.places[second])[:, None] > room[None, :m]
    pair_costs[:, same, same] = np.where(
        apart[:, None] | together, np.inf, pair_costs[:, same, same]
    )
    return Assignment(t.places.astype(np.float64), room, costs, first, second, pair_costs)


def _nests(t: Tables, rows: BoolArray) -> bool:
    """True where contact is symmetric and half of its greatest weight is in nested layers."""
    layers = None if t.pair_in[rows].any() else layers_of(t, CONTACT)
    if layers is None:
        return False
    nested = sum(layer.step for layer in layers if layer.is_exact)
    return 2 * nested >= sum(layer.step for layer in layers)


def _choices(t: Tables) -> tuple[IntArray, Floats]:
    """Choice of each cell, shape (cells,), and contact between choices, shape (m, m)."""
    table = contact_table(t, CONTACT)
    kind, extra = table.cells[:-1], table.extra[:-1]
    known, choice = np.unique(kind, return_inverse=True)
    if extra.any():
        known, choice = kind, np.arange(len(kind))
    weights = table.matrix[np.ix_(known, known)].astype(np.float64)
    if extra.any():
        weights[np.arange(len(kind)), np.arange(len(kind))] += extra
    return choice.reshape(-1).astype(np.int64), weights


def _costs(t: Tables, tier: int, choice: IntArray, m: int) -> Floats:
    """Least points of a person in the cells of each choice, infinite where none is open."""
    columns = np.flatnonzero(t.static_tiers == tier)
    static = t.static[t.static_row][:, :, columns].sum(axis=2).astype(np.float64)
    static[~open_cells(t)] = np.inf
    costs = np.full((len(t.places), m), np.inf)
    for cell, c in enumerate(choice.tolist()):
        costs[:, c] = np.minimum(costs[:, c], static[:, cell])
    return costs
