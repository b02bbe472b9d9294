"""Parts that all instances without a prison share: everybody to be placed, points in one tier."""

from dataclasses import dataclass

import numpy as np

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.policy import TierSetting
from allocator.model.shapes import Count, IntArray, PairPoints, Penalty, Placed, Shape
from allocator.model.vocabulary import Level, Tier

TIERS = (TierSetting(Tier.UNPLACED), TierSetting(Tier.EXPOSURE))


@dataclass(frozen=True, slots=True, eq=False)
class Contact:
    """Contact between cells: class of each cell, classes × classes, and within each cell."""

    of_cell: IntArray
    between: IntArray
    inside: IntArray


def only_inside(n_cells: int) -> Contact:
    """Points count between members of one cell only."""
    return Contact(
        np.arange(n_cells, dtype=np.int64),
        np.zeros((n_cells, n_cells), dtype=np.int64),
        np.ones(n_cells, dtype=np.int64),
    )


def table(distance: IntArray) -> Contact:
    """A number for every two cells; within a cell the diagonal."""
    return Contact(np.arange(len(distance), dtype=np.int64), distance, distance.diagonal().copy())


def flat_instance(
    places: IntArray, caps: IntArray, contact: Contact, shapes: tuple[Shape, ...]
) -> Instance:
    """Nobody has a present cell; everybody is to be placed, then the exposure tier is minimised.

    Parameters
    ----------
    places : shape (n_persons,), at least 1. caps : shape (n_cells,), places.
    """
    everyone = np.arange(len(places), dtype=np.int64)
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
        shapes=(Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)), *shapes),
        tiers=TIERS,
    )


def pair_points(points: IntArray) -> PairPoints:
    """Terms of a square matrix; of a symmetric one each pair once, else each direction."""
    symmetric = bool(np.array_equal(points, points.T))
    first, second = np.nonzero(np.triu(points, 1) if symmetric else points)
    keep = first != second
    a, b = first[keep].astype(np.int64), second[keep].astype(np.int64)
    return PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, a, b, points[a, b].astype(np.int64))


def symmetric(rng: np.random.Generator, n: int, low: int, high: int) -> IntArray:
    """A random symmetric matrix of low..high with an empty diagonal."""
    upper = np.triu(rng.integers(low, high + 1, (n, n)), 1)
    return (upper + upper.T).astype(np.int64)


def sparse(rng: np.random.Generator, n: int, share: float, values: tuple[int, int]) -> IntArray:
    """As `symmetric`, with only a share of the pairs; values are never 0."""
    points = symmetric(rng, n, *values)
    points[points == 0] = 1
    kept = np.triu(rng.random((n, n)) < share, 1)
    return np.where(kept | kept.T, points, 0).astype(np.int64)


def size_limits(places: IntArray, low: IntArray, high: IntArray) -> Count:
    """Every cell holds between low and high places of everybody, and none may stay empty."""
    cells = np.arange(len(low), dtype=np.int64)
    everyone = np.arange(len(places), dtype=np.int64)
    return Count(
        RuleId.UNIT_GROUP_CAP, everyone, places, Level.CELL, cells, low, high, or_none=False
    )
