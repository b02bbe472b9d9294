"""Exposure under uncertain edges: every draw agrees with the judge on the graph it stands for."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.explain.placements import BeforeAfter, placement_now
from allocator.explain.sensitivity import drawn_changes, exposure_draws, range_of
from allocator.influence.draws import EdgeDraws, draw_graphs, recorded_graph, uncertain_edges
from allocator.model.index import ScenarioIndex
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import EdgeKind, ExposureKind, Grade, NetworkRole, SourceGrade
from allocator.verify import verify
from tests.builders import cell, days_ago, make_influence, make_scenario, person, receptivity, role
from tests.influence.test_points import edge

GRADES = tuple(SourceGrade)


def small_prison(**influence: float) -> Scenario:
    """Every kind of edge, every branch of the formulas, unknown people linked by edges alone."""
    edges = [
        edge("p1", "p2", EdgeKind.DIRECTS, source_grade=SourceGrade.C, observed_at=days_ago(70)),
        edge("p2", "p1", EdgeKind.CO_DEFENDANT, strength=2, source_grade=SourceGrade.B),
        edge("p1", "p4", EdgeKind.RECRUITS, source_grade=SourceGrade.D),
        edge("p5", "p1", EdgeKind.SUPPORTS, strength=1, source_grade=SourceGrade.E),
        edge("p6", "p4", EdgeKind.COERCES, source_grade=SourceGrade.B, observed_at=days_ago(30)),
        edge("p3", "p5", EdgeKind.COERCES, source_grade=SourceGrade.C, strength=2),
        edge("p4", "p5", EdgeKind.MENTORS, strength=2, source_grade=SourceGrade.C),
        edge("p4", "p5", EdgeKind.SUPPORTS, strength=3, source_grade=SourceGrade.D),
        edge("p1", "p7", EdgeKind.DIRECTS, points=17, points_kind=ExposureKind.SPILLOVER),
        edge("p7", "p1", EdgeKind.SUPPORTS, strength=2, source_grade=SourceGrade.D),
        edge("p1", "p8", EdgeKind.DIRECTS, expires_at=days_ago(1), observed_at=days_ago(9)),
    ]
    return make_scenario(
        cells=[cell("c1", 2), cell("c2", 3), cell("c3", 3)],
        people=[
            person(f"p{k}", current_place=f"c{1 + (k > 2) + (k > 5)}", arrived_at=days_ago(900))
            for k in range(1, 9)
        ],
        findings=[
            role("p1", NetworkRole.LEADER, "N1"),
            role("p2", NetworkRole.FOLLOWER, "N1"),
            role("p3", NetworkRole.RECRUITER, "N2"),
            role("p6", NetworkRole.ENFORCER, "N2"),
            receptivity("p4", Grade.HIGH),
        ],
        influence_edges=edges,
        policy={"influence": replace(make_influence(), **influence)},  # type: ignore[arg-type]
    )


def at_present(scenario: Scenario) -> BeforeAfter:
    index = ScenarioIndex(scenario)
    return BeforeAfter(index, index.current, index.current)


def drawn_exposure(scenario: Scenario, draws: EdgeDraws) -> dict[ExposureKind, IntArray]:
    value = verify(scenario, placement_now(scenario)).exposure
    return dict(exposure_draws(at_present(scenario), drawn_changes(scenario, draws), value))


def graph_of(scenario: Scenario, draws: EdgeDraws, k: int) -> Scenario:
    """The scenario whose record is one drawn graph: false edges left out, true ones sure."""
    edges = uncertain_edges(scenario)
    kept = [e for e, is_true in zip(edges, draws.is_there[k], strict=True) if is_true]
    given = [e for e in scenario.influence_edges if e.points is not None]
    influence = replace(
        scenario.policy.influence,
        half_life_days=int(draws.half_life_days[k]),
        prior_tie=float(draws.prior_tie[k]),
        grade_weight=dict.fromkeys(GRADES, 1.0),
    )
    policy = replace(scenario.policy, influence=influence)
    return replace(scenario, influence_edges=(*kept, *given), policy=policy)


def test_every_draw_is_what_the_judge_finds_on_that_graph() -> None:
    scenario = small_prison()
    draws = draw_graphs(scenario, seed=5, count=60)
    drawn = drawn_exposure(scenario, draws)
    for k in range(60):
        judged = verify(graph_of(scenario, draws, k), placement_now(scenario)).exposure
        assert {kind: int(values[k]) for kind, values in drawn.items()} == judged
    assert all(len(np.unique(values)) > 3 for values in drawn.values())


def test_the_recorded_graph_gives_the_judged_value() -> None:
    scenario = small_prison()
    value = verify(scenario, placement_now(scenario)).exposure
    drawn = drawn_exposure(scenario, recorded_graph(scenario))
    assert {kind: values.tolist() for kind, values in drawn.items()} == {
        kind: [value[kind]] for kind in ExposureKind
    }


def test_same_seed_same_graphs_whatever_the_order_of_the_rows() -> None:
    scenario = small_prison()
    turned = replace(scenario, influence_edges=scenario.influence_edges[::-1])
    first, again, other = (
        drawn_exposure(s, draw_graphs(s, seed))
        for s, seed in ((scenario, 1), (turned, 1), (scenario, 2))
    )
    for kind in (ExposureKind.SPILLOVER, ExposureKind.COLLUSION, ExposureKind.SUPPORT):
        assert np.array_equal(first[kind], again[kind])
        assert not np.array_equal(first[kind], other[kind])


def test_edges_are_kept_as_often_as_their_grade_says() -> None:
    scenario = small_prison()
    draws = draw_graphs(scenario, seed=3, count=4000)
    weight = scenario.policy.influence.grade_weight
    expected = [weight[e.source_grade] for e in uncertain_edges(scenario)]
    assert draws.is_there.mean(axis=0) == pytest.approx(expected, abs=0.04)
    assert (draws.belief == draws.is_there).all()
    assert draws.half_life_days.min() >= 90
    assert draws.half_life_days.max() <= 360
    assert np.median(draws.half_life_days) == pytest.approx(180, rel=0.05)
    assert 1 <= draws.prior_tie.min() < 1.05
    assert 3.9 < draws.prior_tie.max() <= 4
    assert np.median(draws.prior_tie) == pytest.approx(2, rel=0.05)


def test_a_prior_tie_never_lowers_exposure() -> None:
    scenario = small_prison(prior_tie=1.0)
    assert draw_graphs(scenario, seed=3).prior_tie.min() == 1


def test_nothing_uncertain_nothing_drawn() -> None:
    recorded = small_prison()
    given = [e for e in recorded.influence_edges if e.points is not None]
    for edges in ([], given):
        scenario = replace(recorded, influence_edges=tuple(edges))
        value = verify(scenario, placement_now(scenario)).exposure
        drawn = drawn_exposure(scenario, draw_graphs(scenario, seed=1))
        for kind in ExposureKind:
            assert range_of(value[kind], drawn[kind]) == (value[kind], value[kind])


def test_unplaced_people_have_no_exposure_in_any_draw() -> None:
    scenario = small_prison()
    index = ScenarioIndex(scenario)
    nowhere = BeforeAfter(index, index.current, np.full_like(index.current, -1))
    changes = drawn_changes(scenario, draw_graphs(scenario, seed=1))
    drawn = exposure_draws(nowhere, changes, dict.fromkeys(ExposureKind, 0))
    assert all((values == 0).all() for values in drawn.values())


def test_range_is_the_middle_nine_tenths_and_holds_the_recorded_value() -> None:
    draws = np.arange(1, 101, dtype=np.int64)
    assert range_of(50, draws) == (5, 95)
    assert range_of(3, draws) == (3, 95)
    assert range_of(97, draws) == (5, 97)


def test_expired_and_given_edges_are_not_uncertain() -> None:
    assert len(uncertain_edges(small_prison())) == 9
