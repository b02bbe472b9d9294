"""An instance as flat arrays for compiled code: the fields of `Model` and of `Work`."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray

Small = NDArray[np.int32]
HARD = -1
NO_LIMIT = 1 << 40
SHORTFALL = 0
"""Number of the tier of lower limits that are not met; the instance's tiers follow from 1."""


class Model(NamedTuple):
    """The problem. K counts the shortfall of lower limits and the instance's tiers.

    Rows of `apart`: other person, level, tier or `HARD`, price. Rows of `pairs`: other person,
    points out, points in, tier, level or -1 for contact. Rows of `counts`: group, weight. Rows of
    `groups`: level, offset, tier, price, triangular, or_none. Rows of `members`: partition, class.
    Rows of `partitions`: level, offset, classes, tier, price. Rows of `limited`: limit, weight.
    Rows of `limits`: high, tier, price.
    """

    places: IntArray  # (n,)
    cap: IntArray  # (m,)
    current: IntArray  # (n,)
    alone: IntArray  # (n, K + 1), last column 1 where hard
    row: IntArray  # (n,) people with equal rows of `allowed` and `linear`
    allowed: NDArray[np.bool_]  # (rows, m)
    linear: Small  # (rows, m, K)
    unplaced: IntArray  # (n, K)
    moved: IntArray  # (n, K)
    load_row: IntArray  # (m,)
    load_cost: IntArray  # (load rows, K, width)
    units: IntArray  # (levels, m)
    apart_ptr: IntArray
    apart: IntArray
    pair_ptr: IntArray
    pairs: IntArray
    cell_class: IntArray  # (m,)
    contact: IntArray  # (classes, classes)
    inside: IntArray  # (m,)
    dense_out: Small  # (n, n) contact points of each pair, or (0, 0): then they are in `pairs`
    dense_in: Small  # (n, n), or (0, 0) where contact is symmetric
    dense_tier: int
    count_ptr: IntArray
    counts: IntArray
    groups: IntArray
    high: IntArray
    low: IntArray
    member_ptr: IntArray
    members: IntArray
    partitions: IntArray
    limit_ptr: IntArray
    limited: IntArray
    limits: IntArray
    slots: IntArray  # (m + 1,) where each cell's list of people begins

    @property
    def n_tiers(self) -> int:
        """K."""
        return int(self.unplaced.shape[1])


class Work(NamedTuple):
    """A placement with its sums; changed in place."""

    place: IntArray  # (n,)
    load: IntArray  # (m,)
    heads: IntArray  # (m,)
    people: IntArray  # people of each cell, at `slots`
    position: IntArray  # (n,) where a person stands in `people`
    weight: IntArray  # by group and unit
    classed: IntArray  # by partition, unit and class
    used: IntArray  # by limit
    near_out: IntArray  # (n, classes) dense points towards the people of each class
    near_in: IntArray


def new_work(model: Model) -> Work:
    """Nobody placed yet."""
    n, m = len(model.places), len(model.cap)
    shape = (n, len(model.contact))

    def zeros(*size: int) -> Any:
        return np.zeros(size, dtype=np.int64)

    cells = model.partitions[:, 1:3] if len(model.partitions) else zeros(1, 2)
    last = model.partitions[-1] if len(model.partitions) else None
    most = 0 if last is None else int(cells[-1, 0] + (model.units[last[0]].max() + 1) * last[2])
    return Work(
        place=np.full(n, -1, dtype=np.int64),
        load=zeros(m),
        heads=zeros(m),
        people=zeros(max(1, int(model.slots[-1]))),
        position=zeros(n),
        weight=zeros(max(1, len(model.high))),
        classed=zeros(max(1, most)),
        used=zeros(max(1, len(model.limits))),
        near_out=zeros(*shape) if model.dense_out.size else zeros(0, 0),
        near_in=zeros(*shape) if model.dense_in.size else zeros(0, 0),
    )
