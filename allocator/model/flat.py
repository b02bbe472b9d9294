"""Placement problems without a prison: grouping, clustering and assignment in a flat set of cells.

With these few parts a problem from the literature becomes an `Instance` for
`allocator.solver.solve.solve`; docs/library.md has whole examples. Numbers are integers and
everything is minimised: what is to be gained has negative points. Rule and goal names mean nothing
here; they are what a shape is called when a plan is explained.
"""

from dataclasses import dataclass

import numpy as np

from allocator.errors import ConfigError
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.policy import TierSetting
from allocator.model.shapes import CellPoints, Count, IntArray, PairPoints, Penalty, Placed, Shape
from allocator.model.vocabulary import Level, Tier

TIERS = (TierSetting(Tier.UNPLACED), TierSetting(Tier.EXPOSURE))


class Mutual(PairPoints):
    """Points of a symmetric matrix, each pair once."""

    def seen(self, directed: bool) -> PairPoints:
        """The same by contact with or without a direction; with one, both directions count."""
        both = np.array([self.first, self.second])
        a, b = np.hstack((both, both[::-1])) if directed else both
        points = np.tile(self.points, 2) if directed else self.points
        return PairPoints(self.goal, self.tier, a, b, points)


@dataclass(frozen=True, slots=True, eq=False)
class Contact:
    """By what the points of a pair are multiplied, from both people's cells.

    Parameters
    ----------
    of_cell : shape (n_cells,), class of each cell. between : shape (n_classes, n_classes), from the
        first person's class to the second's, for two different cells. inside : shape (n_cells,),
        for two people in one cell.
    """

    of_cell: IntArray
    between: IntArray
    inside: IntArray


def only_inside(n_cells: int) -> Contact:
    """Points count once for members of one cell and not otherwise: grouping, clustering."""
    return Contact(
        np.arange(n_cells, dtype=np.int64),
        np.zeros((n_cells, n_cells), dtype=np.int64),
        np.ones(n_cells, dtype=np.int64),
    )


def table(distance: IntArray) -> Contact:
    """A number for every two cells, within a cell the diagonal: quadratic assignment.

    Parameters
    ----------
    distance : shape (n_cells, n_cells), of either sign, symmetric or not.
    """
    own = distance.astype(np.int64)
    return Contact(np.arange(len(own), dtype=np.int64), own, own.diagonal().copy())


def flat_instance(
    places: IntArray,
    caps: IntArray,
    contact: Contact,
    shapes: tuple[Shape, ...],
    *,
    optional: bool = False,
) -> Instance:
    """Nobody has a present cell; everybody is to be placed, then the exposure tier is minimised.

    Parameters
    ----------
    places : shape (n_persons,), what each takes of a cell, at least 1.
    caps : shape (n_cells,), what a cell holds, never exceeded.
    shapes : points in `Tier.EXPOSURE` and hard rules.
    optional : nobody needs a cell, as in knapsacks; only points decide who has one.

    Raises
    ------
    ConfigError
        If somebody takes less than one place, or a cell is missing in the contact.
    """
    if np.any(places < 1):
        raise ConfigError(f"Everybody takes at least 1 place; the least found is {places.min()}.")
    if not len(caps) == len(contact.of_cell) == len(contact.inside):
        raise ConfigError(
            f"There are {len(caps)} cells, and contact for {len(contact.of_cell)} of them."
        )
    everyone = np.arange(len(places), dtype=np.int64)
    directed = not np.array_equal(contact.between, contact.between.T)
    all_placed = () if optional else (Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)),)
    given = (s.seen(directed) if isinstance(s, Mutual) else s for s in shapes)
    return Instance(
        person_ids=tuple(f"p{i}" for i in range(len(places))),
        cell_ids=tuple(f"c{c}" for c in range(len(caps))),
        places=places.astype(np.int64),
        max_places=caps.astype(np.int64),
        current=np.full(len(places), -1, dtype=np.int64),
        unit_of={},
        contact_class=contact.of_cell,
        contact=contact.between,
        cell_contact=contact.inside,
        shapes=(*all_placed, *given),
        tiers=TIERS,
    )


def pair_points(points: IntArray) -> PairPoints:
    """Points times contact for every pair of a square matrix; the diagonal is left out.

    Both directions count, unless neither the matrix nor the instance's contact has one: then each
    pair counts once, which is half of the sum over both.
    """
    symmetric = bool(np.array_equal(points, points.T))
    first, second = np.nonzero(np.triu(points, 1) if symmetric else points)
    keep = first != second
    a, b = first[keep].astype(np.int64), second[keep].astype(np.int64)
    kind = Mutual if symmetric else PairPoints
    return kind(GoalId.SPILLOVER, Tier.EXPOSURE, a, b, points[a, b].astype(np.int64))


def cell_points(cost: IntArray) -> tuple[CellPoints, ...]:
    """A cost for every person and cell, shape (n_persons, n_cells); zeros are left out.

    One shape for each person who has a cost.
    """
    own = [(i, np.flatnonzero(row).astype(np.int64)) for i, row in enumerate(cost)]
    return tuple(
        CellPoints(
            GoalId.PROGRAMME,
            Tier.EXPOSURE,
            np.array([i], dtype=np.int64),
            cells,
            cost[i, cells].astype(np.int64),
        )
        for i, cells in own
        if len(cells)
    )


def size_limits(places: IntArray, low: IntArray, high: IntArray) -> Count:
    """Every cell holds between low and high places of everybody, and none may stay empty.

    Parameters
    ----------
    places : shape (n_persons,). low, high : shape (n_cells,), in places.
    """
    cells = np.arange(len(low), dtype=np.int64)
    everyone = np.arange(len(places), dtype=np.int64)
    return Count(
        RuleId.UNIT_GROUP_CAP, everyone, places, Level.CELL, cells, low, high, or_none=False
    )
