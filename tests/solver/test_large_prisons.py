"""What is left out or renumbered in large prisons changes the time and never the problem."""

import numpy as np
import pytest

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver import incumbent, renumber
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, Progress, SolveOptions
from allocator.solver.search.apply import load_placement
from allocator.solver.search.state import new_state
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.shape_oracle import hard_ok, tier_values
from tests.solver.random_instances import random_instance

SEEDS = range(1, 15)


@pytest.fixture
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renumber, "LARGE_TABLE", 0)
    monkeypatch.setattr(incumbent, "MANY_PAIRS", 0)


def _values(t: Tables, placement: IntArray) -> list[int]:
    state = new_state(t, 1)
    load_placement(t.packed, state.flat, placement)
    return [int(value) for value in state.values]


@pytest.mark.parametrize("seed", SEEDS)
def test_renumbering_gives_the_same_values(seed: int) -> None:
    instance = random_instance(seed, 5, 4)
    order = np.random.default_rng(seed).permutation(5)
    placement = solve(instance, SolveOptions(Effort.QUICK)).placement
    own = _values(build_tables(instance), placement)
    other = _values(build_tables(renumber.renumbered(instance, order)), placement[order])
    assert other == own


@pytest.mark.parametrize("seed", SEEDS)
def test_tables_without_later_pairs_keep_all_values_up_to_their_tier(seed: int) -> None:
    instance = random_instance(seed, 5, 4)
    tables = build_tables(instance)
    placement = solve(instance, SolveOptions(Effort.QUICK)).placement
    whole = _values(tables, placement)
    for tier in range(len(whole)):
        fewer = tables.until(tier)
        assert not (fewer.pair_tier > tier).any()
        assert _values(fewer, placement)[: tier + 1] == whole[: tier + 1]


@pytest.mark.usefixtures("_everything_is_large")
@pytest.mark.parametrize("seed", SEEDS)
def test_large_prisons_are_solved_as_small_ones_are(seed: int) -> None:
    instance = random_instance(seed, 5, 4)
    found = solve(instance, SolveOptions(Effort.QUICK))
    cells = tuple(int(c) for c in found.placement)
    judged = tier_values(instance, cells)
    assert hard_ok(instance, cells)
    assert found.values == tuple(judged[s.tier] for s in instance.tiers)


class _Listener:
    """Keeps the values that it is told with those of the placement that comes with them."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.told: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def on_progress(self, progress: Progress) -> None:
        assert progress.placement is not None
        judged = tier_values(self.instance, tuple(progress.placement.tolist()))
        own = tuple(judged[setting.tier] for setting in self.instance.tiers)
        if progress.stage != "search":  # there the values are those of where a chain stands
            self.told.append((progress.values, own))

    def should_stop(self) -> bool:
        return False


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_placements_told_are_in_the_order_of_the_caller(
    seed: int, request: pytest.FixtureRequest
) -> None:
    instance = random_instance(seed, 5, 4)
    for fixture in ("", "_everything_is_large"):
        if fixture:
            request.getfixturevalue(fixture)
        listener = _Listener(instance)
        solve(instance, SolveOptions(Effort.QUICK), listener)
        assert listener.told
        assert [values for values, _ in listener.told] == [own for _, own in listener.told]


@pytest.mark.usefixtures("_everything_is_large")
def test_those_with_most_pair_terms_come_first() -> None:
    orders = [renumber.linked_first(random_instance(seed, 5, 4)) for seed in SEEDS]
    moved = [order for order in orders if order is not None]
    assert any(order.tolist() != [0, 1, 2, 3, 4] for order in moved)
