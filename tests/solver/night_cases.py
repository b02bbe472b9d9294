"""Nights of a few people, and the least that any placement has in each tier."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import (
    IntArray,
    MoveLimit,
    PairPoints,
    Penalty,
    Placed,
)
from allocator.model.vocabulary import Tier
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.bound.move_budget import Question, move_budget_bound
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.limits import Limits
from allocator.solver.tables import Tables
from tests.shape_oracle import lawful_placements, tier_values
from tests.solver.random_instances import STRICT_TIERS

Bound: TypeAlias = Callable[[Tables, int, IntArray], int | None]

LIMITS = Limits(deterministic=2.0, seconds=None, seed=1)


def with_budget(instance: Instance, high: int) -> Instance:
    """The instance with a hard limit on everybody's moves."""
    everyone = np.arange(instance.n_persons, dtype=np.int64)
    limit = MoveLimit(RuleId.MOVE_BUDGET, everyone, np.ones_like(everyone), high, "all")
    return replace(instance, shapes=(*instance.shapes, limit))


def lawful_values(instance: Instance) -> IntArray:
    """Tier values of all lawful placements, from column 1; shape (n_lawful, K)."""
    rows = [
        (0, *tier_values(instance, placement).values()) for placement in lawful_placements(instance)
    ]
    return np.array(rows, dtype=np.int64)


def least_within(values: IntArray, caps: IntArray, tier: int) -> int:
    """Least of a tier over the lawful placements whose earlier tiers keep their caps."""
    inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
    return int(values[inside, tier].min())


def best_of(values: IntArray) -> IntArray:
    """Tier values of the best lawful placement, tier after tier; shape (K,)."""
    return np.array(min(map(tuple, values.tolist())), dtype=np.int64)


def tiers_of(instance: Instance, give: int) -> Iterator[tuple[int, IntArray, int]]:
    """Each tier, caps that are `give` above the best, and the least within them.

    Nothing where no placement is lawful.
    """
    values = lawful_values(instance)
    caps = best_of(values) + give if len(values) else np.zeros(0, dtype=np.int64)
    for tier in range(1, len(caps)):
        yield tier, caps, least_within(values, caps, tier)


def check_below(instance: Instance, give: int, bound_of: Bound) -> None:
    """A bound of each tier is not above the least within caps that are `give` above the best."""
    tables = build_tables(instance)
    for tier, caps, least in tiers_of(instance, give):
        bound = bound_of(tables, tier, caps)
        assert bound is None or bound <= least


def bound_of(instance: Instance, tier: int, caps: IntArray, value: int) -> int:
    """The bound by the move budget, looking for less than `value`."""
    tables = build_tables(instance)
    slack = caps - trivial_bounds(tables)
    return move_budget_bound(tables, Question(tier, caps, slack, value), LIMITS).bound


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
