"""People without a cell as the people of one more cell, which has no contact with any.

Where nobody has to have a cell (knapsacks) or cells do not hold everybody, who stays out is decided
together with who is where.
"""

from dataclasses import replace

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.flat import Flat
from allocator.solver.tables import UNLIMITED, Tables


def with_outside(one: Flat, t: Tables, tier: int, values: IntArray) -> Flat:
    """The problem with a last cell for those who stay out, or as it is where nobody may.

    It holds anybody who may move, and of those whose staying out counts in an earlier tier no more
    than count there now; it counts for no other limit. Whoever has to stay in a cell, and is in
    none, since a hard shape keeps them out, is there too and may only leave it.

    Parameters
    ----------
    values : shape (K,), of a placement; of earlier tiers these are kept.
    """
    priced = [k for k in range(tier) if t.unplaced[:, k].any()]
    is_free = ~t.unplaced[:, :tier].any(axis=1)
    if not is_free.any() and not values[priced].any():
        return one
    n, m, k = len(one.points), len(one.kind), len(one.contact)
    cost = one.cost if one.cost.size else np.zeros((n, m))
    away = t.unplaced[:, tier].astype(np.float64)
    is_open = np.ones((len(one.open_rows), 1), dtype=np.int64)
    is_open[np.unique(one.row[t.fixed >= 0])] = 0
    out, unit = len(priced), np.pad(one.unit, ((0, 0), (0, 1)), constant_values=-1)
    width = max(m + 1, one.high.shape[1])
    low, high = _wider(one.low, width, 0), _wider(one.high, width, UNLIMITED)
    unit[0, m] = m
    caps = np.full((out, width), UNLIMITED, dtype=np.int64)
    caps[:, 0] = values[priced]
    return replace(
        one,
        contact=np.pad(one.contact, (0, 1)),
        turned_contact=np.pad(one.turned_contact, (0, 1 if one.turned_contact.size else 0)),
        inside=np.append(one.inside, 0.0),
        apart_cost=np.append(one.apart_cost, 0.0),
        cost=np.column_stack((cost, away)) if one.cost.size or away.any() else one.cost,
        kind=np.append(one.kind, k),
        open_rows=np.hstack((one.open_rows, is_open)),
        weight=np.vstack((one.weight, t.unplaced[:, priced].T)).astype(np.int64),
        unit=np.vstack((unit, np.where(np.arange(m + 1) == m, 0, np.full((out, 1), -1)))),
        low=np.vstack((low, np.zeros((out, width), dtype=np.int64))),
        high=np.vstack((high, caps)),
        or_none=np.append(one.or_none, np.zeros(out, dtype=np.int64)),
        slots=np.append(one.slots, one.slots[-1] + n),
        outside=m,
    )


def _wider(rows: IntArray, width: int, filled: int) -> IntArray:
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])), constant_values=filled)
