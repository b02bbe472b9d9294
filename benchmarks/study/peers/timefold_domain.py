"""Flat instances for Timefold: people to place into cells, ties between them, and constraints.

The classes are translated to Java, so they hold plain numbers and lists only.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    ConstraintCollectors,
    HardMediumSoftScore,
    Joiners,
    constraint_provider,
)


@dataclass
class Cell:
    """A cell: its contact towards every other one, itself included, by number."""

    number: int
    high: int
    low: int
    contact: list[int]


@planning_entity
@dataclass
class Resident:
    """A person; `cost` is what each cell costs by itself."""

    number: Annotated[int, PlanningId]
    places: int
    cost: list[int]
    cell: Annotated[Cell | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@dataclass
class Tie:
    """Points from one person towards another."""

    first: int
    second: int
    points: int


@planning_solution
@dataclass
class Prison:
    """Everything, and the score of the placement."""

    cells: Annotated[list[Cell], ProblemFactCollectionProperty, ValueRangeProvider]
    ties: Annotated[list[Tie], ProblemFactCollectionProperty]
    people: Annotated[list[Resident], PlanningEntityCollectionProperty]
    score: Annotated[HardMediumSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider  # type: ignore[untyped-decorator]
def constraints(factory: Any) -> list[Any]:
    """Limits are hard, being placed is medium, points are soft."""
    return [
        factory.for_each(Resident)
        .group_by(lambda p: p.cell, ConstraintCollectors.sum(lambda p: p.places))
        .filter(lambda cell, load: load > cell.high)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda cell, load: load - cell.high)
        .as_constraint("too many"),
        factory.for_each(Resident)
        .group_by(lambda p: p.cell, ConstraintCollectors.sum(lambda p: p.places))
        .filter(lambda cell, load: load < cell.low)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda cell, load: cell.low - load)
        .as_constraint("too few"),
        factory.for_each(Cell)
        .filter(lambda cell: cell.low > 0)
        .if_not_exists(Resident, Joiners.equal(lambda cell: cell, lambda p: p.cell))
        .penalize(HardMediumSoftScore.ONE_HARD, lambda cell: cell.low)
        .as_constraint("nobody"),
        factory.for_each_including_unassigned(Resident)
        .filter(lambda p: p.cell is None)
        .penalize(HardMediumSoftScore.ONE_MEDIUM)
        .as_constraint("unplaced"),
        factory.for_each(Resident)
        .impact(HardMediumSoftScore.ONE_SOFT, lambda p: -p.cost[p.cell.number])
        .as_constraint("cost of the cell"),
        factory.for_each(Resident)
        .join(Tie, Joiners.equal(lambda p: p.number, lambda tie: tie.first))
        .join(Resident, Joiners.equal(lambda _, tie: tie.second, lambda q: q.number))
        .impact(
            HardMediumSoftScore.ONE_SOFT,
            lambda p, tie, q: -tie.points * p.cell.contact[q.cell.number],
        )
        .as_constraint("points"),
    ]
