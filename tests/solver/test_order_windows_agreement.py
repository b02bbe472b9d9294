"""Who is left out in short windows, against an oracle that tries all orders over all windows."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import Count, IntArray
from allocator.model.vocabulary import Level
from allocator.solver.order.sequence import order_moves
from tests.solver.order_oracle import replay
from tests.solver.random_moves import array, plain_facts, random_moves
from tests.solver.windows_oracle import Windows, without_night_rules

SIZES = [(4, 4), (4, 5), (5, 5)]


def _short(
    seed: int, size: tuple[int, int], steps: int, officers: int | None = 2
) -> tuple[Instance, MoveFacts, IntArray]:
    """A random plan in windows of a few moves; every second with a rule of nights alone."""
    instance, facts, target = random_moves(seed, *size)
    if seed % 2:
        some = np.flatnonzero(np.random.default_rng(seed).random(size[0]) < 0.6).astype(np.int64)
        cap = Count(
            RuleId.UNIT_GROUP_CAP, some, np.ones_like(some), Level.LANDING,
            array(0, 1), array(0, 0), array(1, 1),
        )  # fmt: skip
        instance = replace(instance, shapes=(*instance.shapes, cap))
    short = plain_facts(
        instance, holding=facts.holding, buffer_places=facts.buffer_places,
        holding_limit_minutes=6000, escort_officers=officers, window_minutes=30 * steps,
    )  # fmt: skip
    return instance, short, target


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("steps", [2, 3])
def test_nobody_is_left_out_whom_an_order_over_several_windows_brings_home(
    size: tuple[int, int], steps: int
) -> None:
    left = 0
    for seed in range(1000, 1010):
        instance, facts, target = _short(seed, size, steps)
        sequence = order_moves(instance, target, facts)
        fewest = Windows(instance, facts, tuple(target.tolist()), steps).fewest_left_out()
        assert len(sequence.left_out) == fewest, seed
        assert sequence.left_out_bound <= fewest, seed
        assert replay(without_night_rules(instance), facts, sequence) == [], seed
        left += fewest
    assert left


@pytest.mark.parametrize("steps", [2, 3])
def test_nobody_is_left_out_whom_moves_at_the_same_time_bring_home(steps: int) -> None:
    """Without a limit of officers; up to three move at a time in the orders that are tried."""
    left = waits = 0
    for size, seed in product(SIZES[1:], range(1008, 1016)):
        instance, facts, target = _short(seed, size, steps, None)
        sequence = order_moves(instance, target, facts)
        assert replay(without_night_rules(instance), facts, sequence) == [], seed
        if sequence.left_out:
            tried = Windows(instance, facts, tuple(target.tolist()), steps, together=3)
            fewest = tried.fewest_left_out()
            assert len(sequence.left_out) == fewest, seed
            assert sequence.left_out_bound <= fewest, seed
            left += fewest
        waits += sequence.temporary_steps
    assert left
    assert waits
