"""Exposure of a breakdown against sums done by hand, with weights 100, 15, 5 and 1."""

import numpy as np
import pytest

from allocator.explain.breakdown import Breakdown, break_down
from allocator.explain.cell_map import step_of
from allocator.explain.exposure import KindExposure, exposure_steps
from allocator.explain.readers import Reader
from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import EdgeKind, EvidenceBasis, ExposureKind, SourceGrade
from tests.builders import cell, days_ago, landing, make_scenario, person, wing
from tests.report.sample import make_plan, sample_plan, sample_scenario

S, K, C, H = (
    ExposureKind.SPILLOVER,
    ExposureKind.COLLUSION,
    ExposureKind.COERCION,
    ExposureKind.SUPPORT,
)


def explicit(source: str, target: str, points: int, kind: ExposureKind) -> InfluenceEdge:
    return InfluenceEdge(
        source, target, EdgeKind.CO_DEFENDANT, 1, SourceGrade.A, EvidenceBasis.FACT,
        days_ago(5), days_ago(-90), points=points, points_kind=kind,
    )  # fmt: skip


@pytest.fixture
def scenario() -> Scenario:
    """Wing W with landings L and M, wing V with landing N; points 2, 3, 5 and 7."""
    now = {"p1": "c1", "p2": "c1", "p3": "c2", "p4": "d1", "p5": "e1"}
    return make_scenario(
        cells=[cell("c1", 2), "c2", cell("d1", parent="M"), cell("e1", parent="N")],
        people=[person(p, current_place=c) for p, c in now.items()],
        units=[wing("V"), landing("M"), landing("N", "V")],
        influence_edges=[
            explicit("p1", "p2", 2, S),
            explicit("p1", "p3", 3, K),
            explicit("p4", "p2", 5, C),
            explicit("p5", "p3", 7, H),
        ],
    )


@pytest.fixture
def breakdown(scenario: Scenario) -> Breakdown:
    """p1 and p5 change places."""
    return break_down(scenario, make_plan(scenario, {"p1": "e1", "p5": "c1"}), Reader.SECURITY)


def test_kinds_are_the_sums_by_hand(breakdown: Breakdown) -> None:
    assert breakdown.kinds == (
        KindExposure(S, 2 * 100, 2 * 1, 0),
        KindExposure(K, 3 * 15, 3 * 1, 0),
        KindExposure(C, 5 * 5, 5 * 5, 0),
        KindExposure(H, 7 * 1, 7 * 15, 0),
    )
    assert [kind.change_percent for kind in breakdown.kinds] == [-99, -93, 0, 1400]


def test_wings_hold_what_their_people_receive_and_half_of_collusion(breakdown: Breakdown) -> None:
    v, w = breakdown.wings
    assert (v.wing_id, v.before, v.after) == (
        "V",
        {S: 0, K: 0, C: 0, H: 0},
        {S: 0, K: 1, C: 0, H: 0},
    )
    assert (w.before, w.after) == ({S: 200, K: 45, C: 25, H: 7}, {S: 2, K: 2, C: 25, H: 105})
    assert (w.harm_before, w.harm_after, v.harm_after) == (270, 29, 1)


def test_most_exposed_is_ranked_by_what_is_received_never_by_collusion(
    breakdown: Breakdown,
) -> None:
    (only,) = breakdown.most_exposed
    assert (only.person_id, only.cell_before, only.cell_after) == ("p2", "c1", "c1")
    assert (only.received_before, only.received_after) == (225, 27)
    assert (breakdown.worst_before, breakdown.worst_after) == (225, 27)


def test_cells_of_the_map_hold_the_harm_of_their_people(breakdown: Breakdown) -> None:
    cells = {
        c.cell_id: c for w in breakdown.cell_map.wings for part in w.landings for c in part.cells
    }
    before = {name: c.exposure_before for name, c in cells.items()}
    after = {name: c.exposure_after for name, c in cells.items()}
    assert before == {"c1": 200 + 25 + 22, "c2": 23, "d1": 0, "e1": 0}
    assert after == {"c1": 2 + 25, "c2": 2, "d1": 0, "e1": 1}
    assert (cells["d1"].step_after, cells["c1"].step_before) == (0, 4)


def test_totals_equal_the_plan_in_a_whole_prison() -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    found = break_down(scenario, plan, Reader.SECURITY)
    for kind in found.kinds:
        assert kind.before == plan.exposure_before[kind.kind]
        assert kind.after == plan.exposure[kind.kind]
        assert sum(wing.after[kind.kind] for wing in found.wings) == kind.after
        assert sum(wing.before[kind.kind] for wing in found.wings) == kind.before


def test_people_without_a_cell_have_no_exposure(scenario: Scenario) -> None:
    found = break_down(scenario, make_plan(scenario, {"p2": None}), Reader.SECURITY)
    assert [kind.after for kind in found.kinds] == [0, 45, 0, 7]


def test_exposure_inside_large_rooms_is_told_apart() -> None:
    scenario = make_scenario(
        cells=[cell("big", 7), "c2"],
        people=[person(p, current_place="big") for p in ("p1", "p2")] + [person("p3")],
        influence_edges=[explicit("p1", "p2", 3, S), explicit("p3", "p2", 5, S)],
    )
    found = break_down(scenario, make_plan(scenario, {"p3": "c2"}), Reader.SECURITY)
    inside = 3 * 67
    assert found.kinds[0] == KindExposure(S, inside, inside + 5 * 15, inside)
    assert (found.dormitories.rooms, found.dormitories.held_after) == (1, 2)


@pytest.mark.parametrize(
    ("values", "steps"),
    [([], ()), ([0, 0], ()), ([7, 0], (7,)), ([2, 3, 5, 7], (2, 3, 5, 7)), ([1, 1, 1, 9], (1, 9))],
)
def test_steps_split_evenly_and_merge(values: list[int], steps: tuple[int, ...]) -> None:
    nothing: IntArray = np.zeros(0, dtype=np.int64)
    assert exposure_steps(np.array(values, dtype=np.int64), nothing) == steps


def test_a_value_is_in_the_first_step_that_holds_it() -> None:
    assert [step_of(v, (2, 5, 7)) for v in (0, 1, 2, 3, 7)] == [0, 1, 1, 2, 3]
