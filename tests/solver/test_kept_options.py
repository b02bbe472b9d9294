"""What bounds of nights leave for later tiers, and bounds in kinds of cells, by brute force."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier
from allocator.solver import passes
from allocator.solver import solve as solve_module
from allocator.solver.bound import improve, move_budget
from allocator.solver.bound.home import find_home, stays_at
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.bound.move_budget import Question, move_budget_bound
from allocator.solver.bound.narrowing import Kept, narrowed
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.tables import Tables
from tests.shape_oracle import lawful_placements
from tests.solver.night_cases import (
    LIMITS,
    bound_of,
    lawful_values,
    rows_of_three,
    tiers_of,
    with_budget,
)
from tests.solver.random_instances import random_instance

seeds = st.integers(0, 2**32 - 1)


def with_copies(instance: Instance, seed: int) -> Instance:
    """Every cell twice, alike in room, units and contact; some people are in the copies."""
    twice = np.tile(np.arange(instance.n_cells), 2)
    there = np.random.default_rng(seed).random(instance.n_persons) < 0.4
    moved = there & (instance.current >= 0)
    return replace(
        instance,
        cell_ids=tuple(f"c{c}" for c in range(len(twice))),
        max_places=instance.max_places[twice],
        current=np.where(moved, instance.current + instance.n_cells, instance.current),
        unit_of={level: units[twice] for level, units in instance.unit_of.items()},
        contact_class=instance.contact_class[twice],
        cell_contact=instance.cell_contact[twice],
    )


@given(seed=seeds, high=st.integers(0, 3), give=st.integers(0, 6), copied=st.booleans())
@example(seed=2577761523, high=2, give=3, copied=False)  # kinds of one cell in another order
@settings(max_examples=22, deadline=None)
def test_kinds_of_cells_stay_below(seed: int, high: int, give: int, *, copied: bool) -> None:
    instance = with_copies(random_instance(seed, 3, 3), seed) if copied else random_instance(seed)
    instance = with_budget(instance, high)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(move_budget, "MOST_OPTIONS", -1)
        for tier, caps, least in tiers_of(instance, give):
            assert bound_of(instance, tier, caps, least + 5) <= least


def outside(kept: Kept, tables: Tables, placement: IntArray) -> bool:
    """Whether a placement goes where `kept` says that none goes."""
    home = stays_at(tables)
    moved = (placement != home) & (placement >= 0)
    left = (placement != home) & (placement < 0)
    return not (kept.options[moved, placement[moved]].all() and kept.may_leave[left].all())


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@settings(max_examples=22, deadline=None)
def test_what_is_left_for_later_tiers_holds_all_placements_within_the_caps(
    seed: int, high: int, give: int
) -> None:
    instance = with_budget(random_instance(seed), high)
    tables, kept = build_tables(instance), tuple[Kept, ...]()
    placements = [np.array(p) for p in lawful_placements(instance)]
    values = lawful_values(instance)
    for tier, caps, least in tiers_of(instance, give):
        inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
        asked = Question(
            tier, caps, caps - trivial_bounds(tables), least + 1, int(caps[tier]), kept
        )
        found = move_budget_bound(tables, asked, LIMITS)
        assert found.bound <= least
        if found.kept is not None:
            within = np.flatnonzero(inside & (values[:, tier] <= found.kept.caps[-1]))
            assert not any(outside(found.kept, tables, placements[p]) for p in within)
            kept = (*kept, found.kept)


def test_an_earlier_tier_leaves_few_options() -> None:
    """Whoever stays in exposure's best placements has no options left for preferences."""
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    instance = rows_of_three(points, 1)
    tables = build_tables(instance)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    caps = np.zeros(len(instance.tiers) + 1, dtype=np.int64)
    slack = -trivial_bounds(tables)
    kept = move_budget_bound(tables, Question(tier, caps, slack, 70), LIMITS).kept
    assert kept is not None
    assert np.flatnonzero(kept.options.any(axis=1)).tolist() == [0]
    home = find_home(tables, tier + 1, slack)
    caps[tier] = 70
    assert narrowed(home, (kept,), caps[: tier + 2]).options[1:].any() == np.False_
    caps[tier] = 71
    assert np.array_equal(narrowed(home, (kept,), caps[: tier + 2]).options, home.options)


def test_seconds_left_after_the_search_are_for_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a time limit, bounds that had no time during the search are looked for after it."""
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    instance = rows_of_three(points, 2)
    for module in (improve, passes):
        monkeypatch.setattr(module, "BOUND_SHARE", 0.0)
    monkeypatch.setattr(solve_module, "_is_small", lambda _: False)
    found = solve_module.solve(instance, SolveOptions(Effort.NORMAL, 900.0))
    assert found.values[3] == found.bounds[3] == 26
    monkeypatch.setattr(solve_module, "bound_tiers", lambda *_: None)
    without = solve_module.solve(instance, SolveOptions(Effort.NORMAL, 900.0))
    assert without.bounds[3] is not None
    assert without.bounds[3] < 26
