"""Moves given up for others where they are limited, and who is sent out then."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import CellPoints, IntArray, MoveLimit, Stay
from allocator.model.vocabulary import Tier
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.search.anneal import anneal
from allocator.solver.search.apply import load_placement
from allocator.solver.search.send import send
from allocator.solver.search.state import State, new_state
from allocator.solver.search.trials import new_decision
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.shape_oracle import hard_ok, tier_values
from tests.solver.night_cases import with_budget
from tests.solver.random_instances import STRICT_TIERS, random_instance
from tests.solver.random_moves import array, bare_instance

EXPOSURE = 1 + [setting.tier for setting in STRICT_TIERS].index(Tier.EXPOSURE)
NOBODY = np.zeros(0, dtype=np.int64)


def pairs_who_gain(gains: list[int], high: int) -> Instance:
    """Two people for each gain, in cells of their own, who have it where the other is now."""
    n = 2 * len(gains)
    wanted = [
        CellPoints(GoalId.SUPPORT, Tier.EXPOSURE, array(i), array(i ^ 1), -gains[i // 2])
        for i in range(n)
    ]
    return with_budget(bare_instance([1] * n, list(range(n)), tuple(wanted)), high)


def at(instance: Instance, placement: IntArray) -> tuple[Tables, State]:
    tables = build_tables(instance)
    state = new_state(tables, 3)
    assert load_placement(tables.packed, state.flat, placement) == 0
    return tables, state


def rule_for(tables: Tables) -> np.ndarray:
    width = tables.unplaced.shape[1]
    caps = np.full(width, 1 << 40, dtype=np.int64)
    return new_decision(EXPOSURE, caps, caps, np.ones(width), np.zeros(width, dtype=np.bool_), 50)


@pytest.mark.parametrize("high", [2, 3])
def test_a_better_exchange_takes_the_place_of_another_without_heat(high: int) -> None:
    instance = pairs_who_gain([10, 11, 3], high)
    tables, state = at(instance, array(1, 0, 2, 3, 4, 5))
    best = state.place.copy()
    anneal(tables.packed, state.flat, best, rule_for(tables), NOBODY, NOBODY, 1.0, 4_000)
    assert best.tolist() == [0, 1, 3, 2, 4, 5]
    assert hard_ok(instance, best.tolist())


def test_a_ring_of_three_gives_up_its_moves_together() -> None:
    instance = pairs_who_gain([10, 5], 3)
    tables, state = at(instance, array(1, 2, 0, 3))
    best = state.place.copy()
    anneal(tables.packed, state.flat, best, rule_for(tables), NOBODY, NOBODY, 1.0, 4_000)
    assert best.tolist() == [1, 0, 2, 3]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_trades_and_sending_keep_exact_values_and_the_limit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    instance = with_budget(random_instance(seed, n_persons=7, n_cells=5), int(rng.integers(1, 5)))
    tables = build_tables(instance)
    state = new_state(tables, seed % 1000)
    home = np.where(tables.fixed >= 0, tables.fixed, instance.current)
    load_placement(tables.packed, state.flat, home)
    rule = rule_for(tables)
    for _ in range(10):
        rule[1] = 30.0
        anneal(tables.packed, state.flat, state.place.copy(), rule, NOBODY, NOBODY, 1.0, 50)
        i, c = int(rng.integers(7)), int(rng.integers(5))
        there = np.flatnonzero(state.place == c)
        j = int(rng.choice(there)) if len(there) else -1
        if send(tables.packed, state.flat, rule, i, c, j):
            assert state.place[i] == c
    placement = state.place.tolist()
    assert tuple(state.values[1:].tolist()) == tuple(tier_values(instance, placement).values())
    assert (state.values[0] == 0) == hard_ok(instance, placement)


def test_others_give_up_their_moves_for_the_one_who_is_sent() -> None:
    instance = pairs_who_gain([10, 10, 0], 2)
    tables, state = at(instance, array(1, 0, 2, 3, 4, 5))
    assert send(tables.packed, state.flat, rule_for(tables), 4, 5, 5)
    assert state.place.tolist() == [0, 1, 2, 3, 5, 4]


def test_nobody_is_sent_where_those_who_are_away_have_to_stay_so() -> None:
    instance = pairs_who_gain([10, 0], 2)
    sent = Stay(RuleId.FROZEN, array(0, 1))
    moved = replace(instance, current=array(1, 0, 2, 3), shapes=(*instance.shapes, sent))
    everyone = np.arange(4, dtype=np.int64)
    used = MoveLimit(RuleId.MOVE_BUDGET, everyone, np.ones_like(everyone), 1, "all")
    tables, state = at(replace(moved, shapes=(*moved.shapes, used)), array(1, 0, 2, 3))
    assert not send(tables.packed, state.flat, rule_for(tables), 2, 3, 3)


def test_the_best_choice_of_movers_is_found_among_many() -> None:
    gains = [7 + (13 * k) % 41 for k in range(40)]
    instance = pairs_who_gain(gains, 16)
    solution = solve(instance, SolveOptions(Effort.QUICK))
    assert solution.values[EXPOSURE - 1] == -2 * sum(sorted(gains)[-8:])
