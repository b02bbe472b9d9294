"""Which part of a tier's pair cost each person has: a move of those with much can gain most."""

import numpy as np
from numpy.typing import NDArray

from allocator.solver.incumbent import Incumbent


def person_share(inc: Incumbent, tier: int) -> NDArray[np.float64]:
    """Each person's pair cost in a tier at the incumbent, shape (n,), at least 0."""
    t, place = inc.tables, inc.placement
    rows = np.repeat(np.arange(len(place)), np.diff(t.pair_ptr))
    other = t.pair_other
    both = (place[rows] >= 0) & (place[other] >= 0) & t.contact_rows(tier)
    rows, other = rows[both], other[both]
    a, b = place[rows], place[other]
    contact = np.where(a == b, t.cell_contact[a], t.contact[t.contact_class[a], t.contact_class[b]])
    cost = contact * (t.pair_out[both] + t.pair_in[both])
    return np.maximum(0.0, np.bincount(rows, weights=cost, minlength=len(place)))
