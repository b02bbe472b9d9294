"""The bound from the move budget against brute force."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import (
    Eligible,
    IntArray,
    MoveLimit,
    OneClass,
    PairPoints,
    Penalty,
    Placed,
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from allocator.solver import passes
from allocator.solver import solve as solve_module
from allocator.solver.bound import improve, move_budget
from allocator.solver.bound import priced_home as priced_home_module
from allocator.solver.bound.away_lp import AwayLp
from allocator.solver.bound.home import find_home, stays_at
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.bound.move_budget import Question, move_budget_bound
from allocator.solver.bound.narrowing import Kept, narrowed
from allocator.solver.bound.priced_home import PricedHome
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.tiers import Limits
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.tables import Tables
from tests.shape_oracle import every_placement, hard_ok, tier_values
from tests.solver.random_instances import STRICT_TIERS, random_instance

LIMITS = Limits(deterministic=2.0, seconds=None, seed=1)
seeds = st.integers(0, 2**32 - 1)


def with_budget(instance: Instance, high: int) -> Instance:
    """The instance with a hard limit on everybody's moves."""
    everyone = np.arange(instance.n_persons, dtype=np.int64)
    limit = MoveLimit(RuleId.MOVE_BUDGET, everyone, np.ones_like(everyone), high, "all")
    return replace(instance, shapes=(*instance.shapes, limit))


def lawful_values(instance: Instance) -> IntArray:
    """Tier values of all lawful placements, from column 1; shape (n_lawful, K)."""
    rows = [
        (0, *tier_values(instance, placement).values())
        for placement in every_placement(instance)
        if hard_ok(instance, placement)
    ]
    return np.array(rows, dtype=np.int64)


def bound_of(instance: Instance, tier: int, caps: IntArray, value: int) -> int:
    tables = build_tables(instance)
    slack = caps - trivial_bounds(tables)
    return move_budget_bound(tables, Question(tier, caps, slack, value), LIMITS).bound


def priced(tables: Tables, slack: IntArray, below: IntArray) -> PricedHome:
    tier = len(below) - 1
    home = find_home(tables, tier, slack)
    return priced_home_module.priced_home(tables, home, below, int(below[tier]) + 1)


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@example(62, 0, 1)  # a pair with a joint change at two levels counted as two partners
@settings(max_examples=60, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, high: int, give: int) -> None:
    instance = with_budget(random_instance(seed), high)
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    for tier in range(1, len(best)):
        caps = best + give
        inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
        least = int(values[inside, tier].min())
        assert bound_of(instance, tier, caps, least + 5) <= least
        assert bound_of(instance, tier, caps, least) <= least


def rows_of_three(points: IntArray, high: int) -> Instance:
    """Seven people: three in each of two cells, one in a third; two cells of three are empty.

    Contact is 1 in one cell and 0 elsewhere.
    """
    n, m = 7, 5
    everyone = np.arange(n, dtype=np.int64)
    first, second = np.triu_indices(n, 1)
    weights = points[first, second]
    return with_budget(
        Instance(
            person_ids=tuple(f"p{i}" for i in range(n)),
            cell_ids=tuple(f"c{c}" for c in range(m)),
            places=np.ones(n, dtype=np.int64),
            max_places=np.full(m, 3, dtype=np.int64),
            current=np.array([0, 0, 0, 1, 1, 1, 2], dtype=np.int64),
            unit_of={},
            contact_class=np.arange(m, dtype=np.int64),
            contact=np.zeros((m, m), dtype=np.int64),
            cell_contact=np.ones(m, dtype=np.int64),
            shapes=(
                Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)),
                PairPoints(
                    GoalId.SPILLOVER,
                    Tier.EXPOSURE,
                    first.astype(np.int64),
                    second.astype(np.int64),
                    weights,
                ),
            ),
            tiers=STRICT_TIERS,
        ),
        high,
    )


@pytest.mark.parametrize(("moves", "best"), [(0, 115), (1, 70), (2, 26), (3, 11), (4, 0)])
def test_known_optimum_of_each_budget(moves: int, best: int) -> None:
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    instance = rows_of_three(points, moves)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    caps = np.zeros(len(instance.tiers) + 1, dtype=np.int64)
    assert bound_of(instance, tier, caps, 115) == best


@given(seeds, st.integers(1, 3))
@example(7, 1)  # holding the relaxation above the programme's bound cut off the best placement
@settings(max_examples=25, deadline=None)
def test_pairs_that_count_by_shares_stay_below(seed: int, high: int) -> None:
    instance = with_budget(random_instance(seed), high)
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(move_budget, "MOST_PRODUCTS", -1)
        patch.setattr(move_budget, "HEAVY_PAIRS", 1)
        for tier in range(1, len(best)):
            inside = np.all(values[:, :tier] <= best[:tier], axis=1)
            least = int(values[inside, tier].min())
            assert bound_of(instance, tier, best, least + 5) <= least


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
@settings(max_examples=60, deadline=None)
def test_kinds_of_cells_stay_below(seed: int, high: int, give: int, *, copied: bool) -> None:
    instance = with_copies(random_instance(seed, 3, 3), seed) if copied else random_instance(seed)
    instance = with_budget(instance, high)
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    caps = best + give
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(move_budget, "MOST_OPTIONS", -1)
        for tier in range(1, len(best)):
            inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
            least = int(values[inside, tier].min())
            assert bound_of(instance, tier, caps, least + 5) <= least


def outside(kept: Kept, tables: Tables, placement: IntArray) -> bool:
    """Whether a placement goes where `kept` says that none goes."""
    home = stays_at(tables)
    moved = (placement != home) & (placement >= 0)
    left = (placement != home) & (placement < 0)
    return not (kept.options[moved, placement[moved]].all() and kept.may_leave[left].all())


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_what_is_left_for_later_tiers_holds_all_placements_within_the_caps(
    seed: int, high: int, give: int
) -> None:
    instance = with_budget(random_instance(seed), high)
    tables, kept = build_tables(instance), tuple[Kept, ...]()
    placements = [np.array(p) for p in every_placement(instance) if hard_ok(instance, p)]
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    caps = best + give
    slack = caps - trivial_bounds(tables)
    for tier in range(1, len(best)):
        inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
        least = int(values[inside, tier].min())
        asked = Question(tier, caps, slack, least + 1, int(caps[tier]), kept)
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


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_prices_alone_stay_below_and_take_out_no_better_placement(
    seed: int, high: int, give: int
) -> None:
    instance = with_budget(random_instance(seed), high)
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    tables = build_tables(instance)
    for tier in range(1, len(best)):
        caps = best + give
        inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
        least = int(values[inside, tier].min())
        for value in (least + 5, least + 1):
            below = np.append(caps[:tier], value - 1)
            found = priced(tables, caps - trivial_bounds(tables), below)
            assert found.home is not None
            assert found.bound <= least


def test_prices_close_two_cells_of_three() -> None:
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    instance = rows_of_three(points, 1)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    tables = build_tables(instance)
    slack = -trivial_bounds(tables)
    below = np.zeros(tier + 1, dtype=np.int64)
    below[tier] = 70
    left = priced(tables, slack, below).home
    assert left is not None
    assert np.flatnonzero(left.options.any(axis=1)).tolist() == [0]


def test_classes_that_cost_in_a_cell_count() -> None:
    """Whoever leaves the pair of 13 points has only a cell of the other class to go to."""
    instance = rows_of_three(np.zeros((7, 7), dtype=np.int64), 1)
    everyone = np.arange(7, dtype=np.int64)
    classes = np.array([0, 0, 0, 0, 0, 0, 1], dtype=np.int64)
    mixing = OneClass(RuleId.ONE_BED, everyone, classes, Level.CELL, Penalty(Tier.PROTECTION, 5))
    pair = PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, np.array([3]), np.array([4]), np.array([13]))
    full = Eligible(RuleId.SECURITY_CATEGORY, everyone, np.array([3, 4], dtype=np.int64))
    held = Stay(RuleId.FROZEN, np.array([0, 1, 2, 5, 6], dtype=np.int64))
    instance = replace(instance, shapes=(*instance.shapes, mixing, pair, full, held))
    values = lawful_values(instance)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    caps = np.zeros(values.shape[1], dtype=np.int64)
    inside = np.all(values[:, :tier] <= 0, axis=1)
    assert values[inside, tier].min() == 13
    assert bound_of(instance, tier, caps, 20) == 13


def test_a_clock_that_runs_out_leaves_the_bound_of_the_rounds_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    instance = rows_of_three(points, 2)
    tables = build_tables(instance)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    solves, whole = iter((True, False)), AwayLp.solve
    monkeypatch.setattr(priced_home_module, "PER_PERSON", 0)
    monkeypatch.setattr(priced_home_module, "PER_CELL", 1)
    monkeypatch.setattr(priced_home_module, "NEAR", -1e9)
    monkeypatch.setattr(priced_home_module, "MOST_PASSES", 1)
    monkeypatch.setattr(
        AwayLp, "solve", lambda lp, seconds: whole(lp, seconds) if next(solves) else None
    )
    below = np.zeros(tier + 1, dtype=np.int64)
    below[tier] = 59
    found = priced(tables, -trivial_bounds(tables), below)
    assert next(solves, None) is None
    assert found.bound <= 15


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
