"""Which bounds are tried for a tier, the cheap ones first."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.least import least_load
from allocator.solver.bound.room import room_bound
from allocator.solver.incumbent import Incumbent


def raise_bound(inc: Incumbent, tier: int, caps: IntArray, deterministic: float) -> None:
    """Raise the bound of a tier that depends on room: unplaced people or costs of load.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    deterministic : CP-SAT's deterministic seconds.
    """
    t = inc.tables
    if t.unplaced[:, tier].any() or bool(np.any(t.load_tiers == tier)):
        room = room_bound(t, tier, caps - inc.least, deterministic)
        if room is not None:
            others = int(inc.least[tier]) - least_load(t, tier)
            inc.bounds[tier] = max(int(inc.bounds[tier]), room + others)
