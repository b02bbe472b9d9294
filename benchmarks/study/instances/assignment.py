"""Assignment problems: GQAP, explicit contact tables, a prison tree in which every pair has points.

References
----------
.. [1] Lee and Ma (2004); Cordeau, Gaudioso, Laporte and Moccia (2006): generalised quadratic
   assignment with n 20-50, m 6-20, a tightness of 35-95 % and Euclidean distances. We took sizes,
   tightness and form; instances are drawn anew, in whole numbers.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from allocator.model.flat import Contact, cell_points, flat_instance, pair_points, table
from allocator.model.instance import Instance
from allocator.model.shapes import CellPoints, IntArray, Shape
from benchmarks.study.instances.flat import sparse, symmetric


def quadratic(people: int, cells: int, tightness: int, seed: int) -> Instance:
    """Flows times distances plus costs of installation.

    `tightness` : weight of all people in per cent of all places.
    """
    rng = np.random.default_rng(seed)
    places = rng.integers(5, 41, people).astype(np.int64)
    share = rng.dirichlet(np.full(cells, 12.0))
    caps = np.floor(share * places.sum() * 100 / tightness).astype(np.int64)
    caps = np.maximum(caps, int(places.max()))
    at = rng.random((cells, 2)) * 100
    away = np.rint(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))).astype(np.int64)
    flows = np.where(rng.random((people, people)) < 0.4, rng.integers(1, 11, (people, people)), 0)
    cost = rng.integers(0, 1001, (people, cells)).astype(np.int64)
    shapes: tuple[Shape, ...] = (pair_points(flows.astype(np.int64)), *_one_by_one(cost))
    return flat_instance(places, caps, table(away), shapes)


def _one_by_one(cost: IntArray) -> Iterator[CellPoints]:
    """Every cost as a shape of its own, which the digests of the study were taken of."""
    for shape in cell_points(cost):
        for k, points in enumerate(shape.by_cell.tolist()):
            yield replace(shape, cells=shape.cells[k : k + 1], points=points)


def contact_table(people: int, units: int, cells_per_unit: int, seed: int) -> Instance:
    """Contact between units given pair by pair, not by a tree; sparse points of either sign."""
    rng = np.random.default_rng(seed)
    cells = units * cells_per_unit
    caps = rng.integers(2, 4, cells).astype(np.int64)
    while caps.sum() < 1.05 * people:
        caps[int(rng.integers(cells))] += 1
    near = symmetric(rng, units, 0, 12)
    near[rng.random((units, units)) < 0.5] = 0
    near = np.maximum(near, near.T)
    np.fill_diagonal(near, 13)
    contact = Contact(
        np.repeat(np.arange(units), cells_per_unit).astype(np.int64),
        near.astype(np.int64),
        rng.integers(17, 30, cells).astype(np.int64),
    )
    points = sparse(rng, people, 8 / people, (-10, 30))
    ones = np.ones(people, dtype=np.int64)
    return flat_instance(ones, caps, contact, (pair_points(points),))


def dense_tree(people: int, wings: int, landings: int, seed: int) -> Instance:
    """Two-person cells on landings of wings; every pair has 1 to 20 points.

    Contact 100 in the cell, 40 on the landing, 10 on the wing and 1 in the facility.
    """
    rng = np.random.default_rng(seed)
    classes = wings * landings
    per_landing = -(-people * 21 // (20 * 2 * classes))
    cells = classes * per_landing
    wing = np.repeat(np.arange(wings), landings)
    near = np.where(wing[:, None] == wing[None, :], 10, 1).astype(np.int64)
    np.fill_diagonal(near, 40)
    contact = Contact(
        np.repeat(np.arange(classes), per_landing).astype(np.int64),
        near,
        np.full(cells, 100, dtype=np.int64),
    )
    points = symmetric(rng, people, 1, 20)
    ones = np.ones(people, dtype=np.int64)
    return flat_instance(ones, np.full(cells, 2), contact, (pair_points(points),))
