"""Timefold's Python build with its default search, for instances without a prison's rules.

It runs on a Java virtual machine of at least version 17. Several moves at a time are part of the
paid edition only, so it keeps one core busy and the garbage collector some of the other.
"""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import CellPoints, Count, IntArray, PairPoints, Placed
from allocator.model.vocabulary import Level
from benchmarks.study.judge import Judge
from benchmarks.study.peers.method import Clock, Outcome, Report, UnsupportedError

MOST_TIES = 150_000


class TimefoldPeer:
    """The factory is made once: translating the classes to Java takes seconds."""

    name = "timefold"

    def __init__(self) -> None:
        self.factory: Any = None

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """Solve from nobody placed, which is how its construction heuristic works."""
        refuse_unknown(instance)
        from timefold.solver.config import Duration, SolverConfigOverride, TerminationConfig

        if self.factory is None:
            self.factory = _factory(seed)
        clock, judge, problem = Clock.start(seconds), Judge(instance), _problem(instance)
        left = Duration(milliseconds=max(1, int(1000 * clock.left)))
        override = SolverConfigOverride(termination_config=TerminationConfig(spent_limit=left))
        solver = self.factory.build_solver(override)

        def tell(event: Any) -> None:
            placement = _placement(event.new_best_solution, instance.n_persons)
            if judge.verdict(placement).lawful:
                report(placement)

        solver.add_event_listener(tell)
        solver.solve(problem)
        return Outcome()


def _factory(seed: int) -> Any:
    from timefold.solver import SolverFactory
    from timefold.solver.config import (
        Duration,
        ScoreDirectorFactoryConfig,
        SolverConfig,
        TerminationConfig,
    )

    from benchmarks.study.peers import timefold_domain as domain

    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-Xmx4g")
    return SolverFactory.create(
        SolverConfig(
            solution_class=domain.Prison,
            entity_class_list=[domain.Resident],
            score_director_factory_config=ScoreDirectorFactoryConfig(
                constraint_provider_function=domain.constraints
            ),
            termination_config=TerminationConfig(spent_limit=Duration(seconds=1)),
            random_seed=seed,
        )
    )


def refuse_unknown(instance: Instance) -> None:
    """Say no to whatever the constraints do not express.

    Raises
    ------
    UnsupportedError
        If there is a shape other than placing, size limits of cells, points, or too many of them.
    """
    for shape in instance.shapes:
        known = isinstance(shape, Placed | CellPoints) or (
            isinstance(shape, PairPoints) and shape.level is None
        )
        if isinstance(shape, Count):
            everybody = len(shape.persons) == instance.n_persons
            known = everybody and shape.level is Level.CELL and shape.penalty is None
            known = known and not shape.or_none
        if not known:
            kind = type(shape).__name__
            raise UnsupportedError(f"Our Timefold model has no {kind} of rule {_name(shape)}.")
    ties = sum(len(s.first) for s in instance.shapes if isinstance(s, PairPoints))
    if ties > MOST_TIES:
        raise UnsupportedError(f"{ties:,} ties are too many to hand over to Java.")


def _name(shape: Any) -> str:
    return str(getattr(shape, "rule", getattr(shape, "goal", "")))


def _problem(instance: Instance) -> Any:
    from benchmarks.study.peers import timefold_domain as domain

    n, m = instance.n_persons, instance.n_cells
    contact = instance.contact[np.ix_(instance.contact_class, instance.contact_class)].copy()
    np.fill_diagonal(contact, instance.cell_contact)
    low, high, cost = np.zeros(m, np.int64), instance.max_places.copy(), np.zeros((n, m), np.int64)
    ties: list[Any] = []
    for shape in instance.shapes:
        if isinstance(shape, Count):
            low[shape.units] = np.maximum(low[shape.units], shape.low)
            high[shape.units] = np.minimum(high[shape.units], shape.high)
        elif isinstance(shape, CellPoints):
            cost[np.ix_(shape.persons, shape.cells)] += shape.points
        elif isinstance(shape, PairPoints):
            rows = zip(
                shape.first.tolist(), shape.second.tolist(), shape.points.tolist(), strict=True
            )
            ties += [domain.Tie(a, b, w) for a, b, w in rows if w]
    cells = [domain.Cell(c, int(high[c]), int(low[c]), contact[c].tolist()) for c in range(m)]
    places: Sequence[int] = instance.places.tolist()
    people = [domain.Resident(i, places[i], cost[i].tolist()) for i in range(n)]
    return domain.Prison(cells, ties, people)


def _placement(plan: Any, n: int) -> IntArray:
    placement = np.full(n, -1, dtype=np.int64)
    for person in plan.people:
        if person.cell is not None:
            placement[person.number] = person.cell.number
    return placement
