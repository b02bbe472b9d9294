"""Points of signatures counted by kinds, placements led by the counts: against all placements."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pytest

from allocator.explain.repair.optimum import find_best_optimum, find_optimum
from allocator.explain.repair.oracle import QUICK
from allocator.explain.repair.problem import Problem, make_problem
from allocator.model.catalogue import RuleId
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Restriction, VeoStatus
from allocator.prepare.read import read_scenario
from allocator.solver.compile import build_tables
from allocator.solver.complete import complete
from allocator.solver.counting import Counting
from allocator.solver.counting_kinds import Kinds
from allocator.solver.counting_prices import Nearby, cheapest, counts_of
from allocator.solver.reseat import Within, reseat
from allocator.solver.search.apply import values_of
from allocator.solver.tables import Tables
from allocator.verify.judge import Findings
from tests.builders import cell, days_ago, derogable, make_scenario, person, wing
from tests.explain.small_prisons import judged_prison, points_of, small_prison

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def _signed_sets(problem: Problem, seed: int) -> list[frozenset[int]]:
    """Everything, nothing, and two sets drawn at random."""
    draw = np.random.default_rng(seed)
    groups = np.arange(len(problem.groups))
    some = [frozenset(groups[draw.random(len(groups)) < 0.6].tolist()) for _ in range(2)]
    return [problem.everything, frozenset(), *some]


def _best(
    problem: Problem, all_judged: Sequence[tuple[int, Findings]], signed: Collection[int]
) -> tuple[int, int]:
    """Fewest left out and fewest points with no breach outside some groups, by the judge."""
    return min(
        (left, points_of(findings))
        for left, findings in all_judged
        if all(
            problem.group_at(d.breach.rule, d.breach.place) in signed for d in findings.derogations
        )
    )


@pytest.mark.parametrize("seed", range(14))
def test_no_placement_costs_less_than_the_counts_say(seed: int) -> None:
    scenario = small_prison(seed)
    problem, all_judged = make_problem(scenario), judged_prison(seed)
    kinds = Kinds(problem.instance, problem.guarded())
    for signed in _signed_sets(problem, seed):
        people, points = _best(problem, all_judged, signed)
        assert cheapest(kinds, signed, people).bound <= points
        found = find_optimum(problem, signed, QUICK)
        assert found.people == (people, people)
        assert found.points[0] <= points <= found.points[1]
        if signed == problem.everything:
            assert found.points == (points, points)


def _crowded() -> Scenario:
    """Crowding, wings of few, moves too early; nobody kept apart."""
    veo = {"veo_status": VeoStatus.CONVICTED}
    people = [
        *(person(f"v{k}", current_place="a1", **veo) for k in range(3)),
        *(person(f"m{k}", current_place="b1", last_moved_at=days_ago(5)) for k in range(2)),
        *(person(f"p{k}", current_place="a2") for k in range(5)),
    ]
    return make_scenario(
        cells=[
            cell("a1", 4, "A", working_capacity=2), cell("a2", 5, "A", working_capacity=2),
            cell("b1", 4, "B", working_capacity=3),
        ],
        people=people,
        units=[wing("A"), wing("B")],
        settings={RuleId.CAPACITY: derogable(5), RuleId.COOLDOWN: derogable(3)},
        policy={"max_veo_per_wing": 1},
    )  # fmt: skip


def test_the_counts_alone_give_the_price_where_nobody_is_kept_apart() -> None:
    """Seven places for ten, one too many in each cell; one too many in two wings of one."""
    problem = make_problem(_crowded())
    kinds = Kinds(problem.instance, problem.guarded())
    veo = next(g.price for g in problem.groups if g.rule is RuleId.DISPERSAL_CAP)
    least = cheapest(kinds, problem.everything, 0)
    assert least.bound == 15 + veo
    assert least.flow is not None
    assert least.flow.sum() == 10
    assert cheapest(kinds, problem.everything, 3).bound < least.bound
    best = find_best_optimum(problem)
    assert best.points == (15 + veo, 15 + veo)


def test_changes_of_counts_lead_to_the_least_points_and_never_repeat() -> None:
    problem = make_problem(_crowded())
    kinds = Kinds(problem.instance, problem.guarded())
    least = cheapest(kinds, problem.everything, 0)
    place = problem.instance.current
    near = Nearby(kinds, problem.everything, 0, least, place)
    first, second = near.next_change(), near.next_change()
    assert first is not None
    assert second is not None
    assert int(np.maximum(0, -first).sum()) == 3
    assert int(np.maximum(0, -second).sum()) >= 3
    assert not np.all(second >= np.maximum(0, first))
    for change in (first, second):
        wanted = counts_of(kinds, place) + change
        assert wanted.min() >= 0
        assert wanted.sum() == 10


def _tables_and_place(scenario: Scenario) -> tuple[Tables, IntArray]:
    problem = make_problem(scenario)
    instance = problem.signed(problem.everything)
    return build_tables(instance), instance.current.copy()


def test_people_placed_anew_gain_and_others_stay() -> None:
    tables, place = _tables_and_place(_crowded())
    before = values_of(tables, place)
    people, cells = np.array([2, 3, 7]), np.array([0, 1, 2])
    found = reseat(tables, place, Within(people, cells, 2, 1.0))
    assert tuple(values_of(tables, found)) < tuple(before)
    others = np.setdiff1d(np.arange(10), people)
    assert np.array_equal(found[others], place[others])
    only = reseat(tables, place, Within(people, np.array([0, 1]), 2, 1.0))
    assert not np.any(only[people] == 2)


def test_wings_that_separations_fill_are_refuted_and_counts_are_not() -> None:
    """Three people no two of whom may share a wing, and two wings with room for all."""
    pairs = [("p0", "p1"), ("p1", "p2"), ("p0", "p2")]
    scenario = make_scenario(
        cells=[cell("a1", 3, "A"), cell("a2", 3, "A"), cell("b1", 3, "B")],
        people=[f"p{k}" for k in range(5)],
        units=[wing("A"), wing("B")],
        non_associations=[NonAssociation(a, b, Restriction.WING) for a, b in pairs],
    )
    problem = make_problem(scenario)
    assert not Counting(problem.instance, problem.guarded()).refutes(frozenset())
    assert complete(problem.strict, 0).verdict == "infeasible"
    assert complete(problem.strict, 1).verdict == "feasible"


def test_points_of_a_large_prison_are_proved() -> None:
    """f03 had a range from 37,440 to 49,963 where 49,960 is the least."""
    problem = make_problem(read_scenario(SCENARIOS / "f03_idra_closed"))
    best = find_best_optimum(problem)
    assert best.people == (0, 0)
    assert best.points == (49_960, 49_960)
    points = sum(d.points for d in problem.find_breaches(best.placement).derogations)
    assert points == 49_960
