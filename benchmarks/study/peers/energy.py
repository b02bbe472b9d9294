"""Tiers as one number, for methods that know one objective only.

A point of the main tier (the one with contact terms) counts 1. Earlier tiers count so much more
than a usual rise that they are given up for nothing, but not so much that the search cannot pass
through; later ones break ties.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.model.instance import Instance
from allocator.model.shapes import PairPoints
from benchmarks.study.kernel.model import Model, Work
from benchmarks.study.kernel.walk import sample_rises

EARLIER, SEVERAL, LATER = 30.0, 3, 1e-3
SAMPLES, TRIALS = 2_000, 400_000


def main_tier(instance: Instance) -> int:
    """Number from 1 of the tier that holds the contact terms, else of the first tier."""
    tiers = [setting.tier for setting in instance.tiers]
    weight = [0] * len(tiers)
    for shape in instance.shapes:
        if isinstance(shape, PairPoints):
            weight[tiers.index(shape.tier)] += len(shape.first)
    return int(np.argmax(weight)) + 1


def usual_rises(model: Model, work: Work, tier: int, seed: int) -> NDArray[np.float64]:
    """Rises of the main tier by lawful trial moves at a placement, sorted; at least one."""
    found: Any = np.zeros(SAMPLES, dtype=np.int64)
    number = sample_rises(model, work, TRIALS, tier, seed, found)
    return np.sort(found[:number]).astype(np.float64) if number else np.ones(1)


def tier_weights(instance: Instance, rise: float) -> NDArray[np.float64]:
    """Energy of a point of each tier, with the shortfall of lower limits first; shape (K,).

    A point of a tier is worth several of the dearest breaches of the next one.
    """
    main, tiers = main_tier(instance), [setting.tier for setting in instance.tiers]
    dearest = [1] * (len(tiers) + 1)
    for shape in instance.shapes:
        penalty = getattr(shape, "penalty", None)
        if penalty is not None:
            number = tiers.index(penalty.tier) + 1
            dearest[number] = max(dearest[number], penalty.price)
    weights = np.ones(len(tiers) + 1)
    weights[main - 1] = EARLIER * rise
    for k in range(main - 2, -1, -1):
        weights[k] = weights[k + 1] * SEVERAL * dearest[k + 1]
    for k in range(main + 1, len(weights)):
        weights[k] = LATER ** (k - main)
    return weights
