"""Whoever sets out from a placement, or is stopped at any moment, never ends with a worse one."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.model.policy import TierSetting
from allocator.solver.incumbent import is_worse
from allocator.solver.options import Effort, Progress, SolveOptions
from allocator.solver.solve import solve
from tests.solver.random_instances import random_instance


class Impatient:
    """Stops a search at its nth question."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def on_progress(self, progress: Progress) -> None:
        pass

    def should_stop(self) -> bool:
        self.patience -= 1
        return self.patience < 0


@pytest.mark.parametrize(("people", "cells", "seed"), [(12, 7, 3), (22, 11, 12)])
@pytest.mark.parametrize("patience", [0, 3, 40])
def test_a_start_is_never_lost(people: int, cells: int, seed: int, patience: int) -> None:
    instance = random_instance(seed, people, cells)
    instance = replace(instance, tiers=tuple(TierSetting(s.tier) for s in instance.tiers))
    good = solve(instance, SolveOptions(Effort.QUICK, seed=seed + 100))
    options = SolveOptions(Effort.QUICK, seed=seed)
    again = solve(instance, options, Impatient(patience), start=good.placement)
    assert again.values <= good.values


def test_what_a_later_tier_gives_for_a_tolerance_is_kept() -> None:
    tolerance = np.array([0, 0, 50, 0])
    kept = np.array([0, 2, 1000, 30])
    assert not is_worse(np.array([0, 2, 1040, 25]), kept, tolerance)
    assert is_worse(np.array([0, 2, 1040, 30]), kept, tolerance)
    assert is_worse(np.array([0, 2, 1051, 3]), kept, tolerance)
    assert is_worse(np.array([0, 3, 10, 3]), kept, tolerance)
    assert not is_worse(np.array([0, 2, 999, 90]), kept, tolerance)
    assert not is_worse(kept, kept, tolerance)
