"""A tier read as a quadratic assignment: one person to a cell, and nothing counts but who is where.

References
----------
.. [1] Koopmans and Beckmann (1957), Assignment problems and the location of economic activities.
"""

from dataclasses import dataclass

import numpy as np

from allocator.solver.search.terms import EXACT, Floats, costs_of, has_only_points, points_of
from allocator.solver.tables import Tables

MOST_CELLS = 400  # above which a step of the tabu search takes longer than annealing can afford


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """The sum of points times contact over all pairs of people, plus costs; m cells.

    Parameters
    ----------
    flow : shape (m, m), points between people, zeros for those made up for empty cells; from the
        first to the second where `directed`. contact : shape (m, m), between cells; the diagonals
        are zeros. cost : shape (m, m), of a person in a cell; `wall` or more where they may not be.
    directed : contact is not symmetric, so both directions of a pair are summed.
    people : how many are not made up; they come first.
    wall : more than any placement may differ from another.
    """

    flow: Floats
    contact: Floats
    cost: Floats
    directed: bool
    people: int
    wall: float


def as_assignment(t: Tables, tier: int) -> Assignment | None:
    """The tier as an assignment; None where it is something else.

    Earlier tiers ask that everybody has a cell and nothing else. Later ones are not looked at.
    """
    n, m = len(t.places), len(t.cap)
    if n > m or m > MOST_CELLS or not _is_one_to_one(t) or not has_only_points(t, tier):
        return None
    if not np.all(t.unplaced[:, :tier].any(axis=1)):
        return None
    flow, contact, directed = _pairs(t, tier)
    cost = _costs(t, tier)
    most = np.abs(flow).sum() * np.abs(contact).max(initial=0.0)
    wall = 4.0 * (1.0 + most + np.abs(cost).max(axis=1).sum())
    if wall * m >= EXACT:
        return None
    cost[:n][t.elig[t.elig_row] == 0] = wall
    held = np.flatnonzero(t.fixed >= 0)
    cost[held] = wall
    cost[held, t.fixed[held]] = 0.0
    return Assignment(flow, contact, cost, directed, n, wall)


def _is_one_to_one(t: Tables) -> bool:
    """True where each takes the one place of a cell and no hard shape looks at several people."""
    return bool(
        np.all(t.places == 1)
        and np.all(t.cap <= 1)
        and not len(t.apart_other)
        and not np.any(t.group_tier < 0)
        and not np.any(t.part_tier < 0)
        and not np.any(t.limit_tier < 0)
    )


def _pairs(t: Tables, tier: int) -> tuple[Floats, Floats, bool]:
    """Points between people, contact between cells, and whether contact has a direction."""
    n, m = len(t.places), len(t.cap)
    flow = np.zeros((m, m))
    flow[:n, :n] = points_of(t, tier)
    contact = t.contact[np.ix_(t.contact_class, t.contact_class)].astype(np.float64)
    np.fill_diagonal(contact, 0.0)
    return flow, contact, not np.array_equal(contact, contact.T)


def _costs(t: Tables, tier: int) -> Floats:
    """Cost of each person in each cell, shape (m, m), nothing for people made up."""
    n, m = len(t.places), len(t.cap)
    cost = np.zeros((m, m))
    cost[:n] = costs_of(t, tier)
    return cost
