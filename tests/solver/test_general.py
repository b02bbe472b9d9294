"""General strength: problems that do not look like a prison, through the public call."""

import numpy as np
import pytest

from allocator.errors import ConfigError
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.policy import TierSetting
from allocator.model.shapes import CellPoints, Count, IntArray, PairPoints, Penalty, Placed, Shape
from allocator.model.vocabulary import Level, Tier
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.passes import WORK, Work
from allocator.solver.solve import solve

QUICK = SolveOptions(effort=Effort.QUICK)


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORK, Effort.QUICK, Work(200_000, 500, 2, 1_500, 1.0))


def flat(
    n: int, cap: IntArray, pairs: tuple[IntArray, IntArray, IntArray], *shapes: Shape
) -> Instance:
    """People in flat units: points count between members of one unit only."""
    m = len(cap)
    everyone = np.arange(n, dtype=np.int64)
    return Instance(
        person_ids=tuple(map(str, range(n))),
        cell_ids=tuple(map(str, range(m))),
        places=np.ones(n, dtype=np.int64),
        max_places=cap,
        current=np.full(n, -1, dtype=np.int64),
        unit_of={},
        contact_class=np.arange(m, dtype=np.int64),
        contact=np.zeros((m, m), dtype=np.int64),
        cell_contact=np.ones(m, dtype=np.int64),
        shapes=(
            Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)),
            PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, *pairs),
            *shapes,
        ),
        tiers=tuple(TierSetting(tier) for tier in Tier if tier is not Tier.DEPARTURES),
    )


def all_pairs(n: int, points: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    first, second = np.triu_indices(n, 1)
    return first.astype(np.int64), second.astype(np.int64), points[first, second]


def test_planted_optimum_of_zero_is_found_and_proved() -> None:
    rng = np.random.default_rng(7)
    group = rng.permutation(np.repeat(np.arange(5), 7))
    points = np.where(group[:, None] == group[None, :], 0, rng.integers(1, 9, (35, 35)))
    solution = solve(flat(35, np.full(5, 7), all_pairs(35, points.astype(np.int64))), QUICK)
    assert solution.values[:4] == (0, 0, 0, 0)
    assert solution.bounds[3] == 0


def test_negated_points_gather_the_planted_groups() -> None:
    group = np.repeat(np.arange(3), 5)
    points = np.where(group[:, None] == group[None, :], -3, 2).astype(np.int64)
    solution = solve(flat(15, np.full(3, 5), all_pairs(15, points)), QUICK)
    assert solution.values[3] == -3 * 3 * (5 * 4 // 2)
    assert solution.bounds[3] is not None
    assert solution.bounds[3] <= solution.values[3]


def test_lower_and_upper_bounds_of_unequal_units() -> None:
    cap = np.array([7, 5, 3], dtype=np.int64)
    units = np.arange(3, dtype=np.int64)
    everyone = np.arange(12, dtype=np.int64)
    ones = np.ones(12, dtype=np.int64)
    low = np.array([2, 3, 3], dtype=np.int64)
    sizes = Count(RuleId.UNIT_GROUP_CAP, everyone, ones, Level.CELL, units, low, cap, or_none=False)
    points = np.full((12, 12), -1, dtype=np.int64)
    solution = solve(flat(12, cap, all_pairs(12, points), sizes), QUICK)
    held = np.bincount(solution.placement, minlength=3)
    assert solution.values[0] == 0
    assert np.all((held >= low) & (held <= cap))
    assert solution.values[3] == -(6 * 5 // 2 + 3 + 3)


def test_empty_cells_beyond_need_cost_nothing() -> None:
    """Clique partitioning: a cell for everybody, of which nearly all stay empty."""
    points = np.triu(np.random.default_rng(5).integers(-100, 101, (90, 90)), 1)
    pairs = all_pairs(90, points)
    few, many = (solve(flat(90, np.full(m, 90), pairs), QUICK) for m in (10, 90))
    assert len(np.unique(many.placement)) < 10
    assert many.values[3] <= 0.97 * few.values[3]


def test_generalised_quadratic_assignment_with_costs_and_places() -> None:
    rng = np.random.default_rng(3)
    n, m = 5, 3
    flow = rng.integers(0, 10, (n, n)).astype(np.int64)
    distance = rng.integers(1, 10, (m, m)).astype(np.int64)
    places = np.array([2, 3, 1, 2, 1], dtype=np.int64)
    cap = np.array([5, 4, 3], dtype=np.int64)
    cost = rng.integers(0, 30, (n, m)).astype(np.int64)
    first, second = (a.reshape(-1).astype(np.int64) for a in np.nonzero(1 - np.eye(n)))
    base = flat(n, cap, (first, second, flow[first, second]))
    linear = tuple(
        CellPoints(GoalId.PROGRAMME, Tier.EXPOSURE, np.array([i]), np.array([c]), int(cost[i, c]))
        for i in range(n)
        for c in range(m)
    )
    instance = Instance(
        base.person_ids, base.cell_ids, places, cap, base.current, {}, base.contact_class,
        distance, distance.diagonal().copy(), (*base.shapes, *linear), base.tiers,
    )  # fmt: skip
    best = None
    for placement in np.ndindex(*[m] * n):
        where = np.array(placement)
        if np.all(np.bincount(where, weights=places, minlength=m) <= cap):
            pairs = (flow * distance[np.ix_(where, where)])[first, second].sum()
            value = int(pairs + cost[np.arange(n), where].sum())
            best = value if best is None else min(best, value)
    solution = solve(instance, QUICK)
    assert solution.values[0] == 0
    assert solution.values[3] == best == solution.bounds[3]


def test_places_needed_count_and_not_people() -> None:
    rng = np.random.default_rng(1)
    instance = flat(4, np.array([3, 2]), all_pairs(4, rng.integers(0, 5, (4, 4)).astype(np.int64)))
    wide = Instance(
        instance.person_ids, instance.cell_ids, np.array([2, 2, 1, 1], dtype=np.int64),
        instance.max_places, instance.current, {}, instance.contact_class, instance.contact,
        instance.cell_contact, instance.shapes, instance.tiers,
    )  # fmt: skip
    solution = solve(wide, QUICK)
    assert solution.values[0] == 1
    assert solution.bounds[0] == 1


def test_filling_the_time_needs_a_limit_and_ends_at_it() -> None:
    rng = np.random.default_rng(3)
    points = rng.integers(-9, 10, size=(90, 90))
    instance = flat(90, np.full(9, 10), all_pairs(90, points))
    with pytest.raises(ConfigError, match="time limit"):
        solve(instance, SolveOptions(Effort.QUICK, fill_time=True))
    once = solve(instance, QUICK)
    filling = SolveOptions(Effort.QUICK, once.seconds + 2, fill_time=True)
    filled = solve(instance, filling, start=once.placement)
    assert filled.values <= once.values
    assert filled.seconds > once.seconds + 1.5


def test_a_start_is_kept_where_it_may_be() -> None:
    nothing = np.zeros((3, 3), dtype=np.int64)
    instance = flat(3, np.array([1, 1, 1, 1]), all_pairs(3, nothing))
    start = np.array([3, 1, -1], dtype=np.int64)
    assert solve(instance, QUICK, start=start).placement[:2].tolist() == [3, 1]
    with pytest.raises(ConfigError, match="one cell for each of 3"):
        solve(instance, QUICK, start=start[:2])
    with pytest.raises(ConfigError, match="outside -1 to 3"):
        solve(instance, QUICK, start=start + 1)
