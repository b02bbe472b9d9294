"""Two placements side by side: each number is the judge's, each person's and hand-counted."""

from collections import Counter
from typing import Any

import pytest

from allocator.explain.diff import Difference, PlanDiff, Standing, diff_placements, standing_of
from allocator.explain.standing import Measure, standings
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.relations import StablePair
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import ExposureKind, Grade, NetworkRole
from allocator.verify import g35_space, g36_near_home, g37_programme, verify
from allocator.verify.contact import Contact
from allocator.verify.exposure import points_by_kind
from allocator.verify.points import Points
from allocator.verify.view import View
from tests.builders import (
    OFF,
    cell,
    days_ago,
    derogable,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)

A = {"p1": "c1", "p2": "c1", "p3": "c2", "p4": "c2", "p5": "c3", "p6": "c4", "p7": None}
B = {"p1": "c1", "p2": "c2", "p3": "c2", "p4": "c2", "p5": "c1", "p6": None, "p7": "c4"}


@pytest.fixture
def scenario() -> Scenario:
    """A leader, receptive people, four cells of different size on two wings, one of them strict."""
    return make_scenario(
        cells=[
            cell("c1", 2, cna=1, area_m2=9.0),
            cell("c2", 3, area_m2=21.0, cna=2, working_capacity=2),
            cell("c3", 1, parent="V1", area_m2=7.0),
            cell("c4", 1, parent="V1"),
        ],
        people=[
            person("p1", current_place="c1", prefers_single=True),
            person("p2", current_place="c1", moves_last_90_days=3, last_moved_at=days_ago(5)),
            person("p3", current_place="c2", days_below_warning_floor=40),
            person("p4", current_place="c3", home_area="north"),
            person("p5", current_place="c4", prefers_single=True, programme="weld"),
            person("p6", current_place=None, moves_last_90_days=2),
            person("p7", current_place=None),
        ],
        units=[
            wing("W", home_area="north", programmes=frozenset({"weld"})),
            wing("V", regime_level=2),
            landing("V1", "V"),
        ],
        settings={RuleId.COOLDOWN: OFF, RuleId.CAPACITY: derogable(7)},
        thresholds={"space_floor_warning_m2": 8.0, "cooldown_days": 14},
        findings=[
            role("p1", NetworkRole.LEADER, "N"),
            role("p4", NetworkRole.ENFORCER, "N"),
            receptivity("p2", Grade.HIGH),
            receptivity("p5", Grade.MODERATE),
        ],
        stable_pairs=[StablePair("p1", "p2")],
    )


def received(scenario: Scenario, placement: dict[str, str | None]) -> Counter[str]:
    """Spillover and coercion that reach each person, pair by pair, by the judge's points."""
    view = View(scenario, placement)
    points, contact = Points(scenario, view.records), Contact(scenario)
    found: Counter[str] = Counter()
    for kind, pairs in points_by_kind(points, sorted(view.site_of)).items():
        if kind in {ExposureKind.SPILLOVER, ExposureKind.COERCION}:
            for (source, target), value in pairs:
                found[target] += value * contact.between(view.site_of[source], view.site_of[target])
    return found


@pytest.mark.parametrize("placement", [A, B])
def test_people_add_up_to_the_judge(scenario: Scenario, placement: dict[str, str | None]) -> None:
    view = View(scenario, placement)
    found = standings(view)
    judgement = verify(scenario, placement)
    assert found.exposure == judgement.exposure
    assert sum(found.exposure.values()) > 0
    pair_by_pair = received(scenario, placement)
    for person_id, values in found.by_person.items():
        assert values.get(Measure.RECEIVED, 0) == pair_by_pair[person_id], person_id

    def total(measure: Measure) -> float:
        return sum(values.get(measure, 0) for values in found.by_person.values())

    wishes = [v[Measure.SINGLE_CELL] for v in found.by_person.values() if Measure.SINGLE_CELL in v]
    crowding = g35_space.value(view) - wishes.count(0)
    by_hand = {"c1": 1 + 1, "c3": 1} if placement is A else {"c1": 1 + 1, "c2": 1 + 1}
    assert crowding == sum(by_hand.values())
    assert total(Measure.NEAR_HOME) == -g36_near_home.value(view)
    assert total(Measure.PROGRAMME) == -g37_programme.value(view)
    assert scenario.policy.weights[GoalId.SPACE] == 1


@pytest.fixture
def found(scenario: Scenario) -> PlanDiff:
    return diff_placements(scenario, A, B)


def _of(found: PlanDiff, person_id: str) -> dict[Measure, tuple[Any, Any]]:
    line = next(line for line in found.people if line.person_id == person_id)
    return {entry.measure: (entry.a, entry.b) for entry in line.differences}


def test_places_and_values(scenario: Scenario, found: PlanDiff) -> None:
    assert [(c.person_id, c.present_place, c.a, c.b) for c in found.places] == [
        ("p2", "c1", "c1", "c2"),
        ("p5", "c4", "c3", "c1"),
        ("p6", None, "c4", None),
        ("p7", None, None, "c4"),
    ]
    for side, placement in ((found.a, A), (found.b, B)):
        assert side.judgement == verify(scenario, placement)
    assert found.now.placement["p4"] == "c3"


def test_each_person_measure_by_measure(scenario: Scenario, found: PlanDiff) -> None:
    """c1 has 9 m² and one certified place, c2 21 m² and two; V is at regime level 2."""
    a, b = received(scenario, A), received(scenario, B)
    assert _of(found, "p5") == {
        Measure.RECEIVED: (a["p5"], b["p5"]),
        Measure.SPACE: (7.0, 4.5),
        Measure.CROWDING: (0, 1),
        Measure.REGIME: (2, 0),
        Measure.SINGLE_CELL: (1, 0),
        Measure.PROGRAMME: (0, 1),
    }
    assert b["p5"] > a["p5"]
    p2 = _of(found, "p2")
    assert p2[Measure.SPACE] == (4.5, 7.0)
    assert p2[Measure.MOVE] == (0, 1)
    assert p2[Measure.STABLE_PAIR] == (1, 0)
    assert _of(found, "p3")[Measure.SPACE] == (10.5, 7.0)
    assert _of(found, "p3")[Measure.CROWDING] == (0, 1)


def test_without_a_place_nothing_else_is_weighed(found: PlanDiff) -> None:
    assert _of(found, "p6") == {Measure.PLACE: (1, 0)}
    assert _of(found, "p7") == {Measure.PLACE: (0, 1)}
    assert "p6" in found.standing(Standing.WORSE)
    assert "p7" in found.standing(Standing.BETTER)
    assert "p5" in found.standing(Standing.MIXED)
    assert "p3" in found.standing(Standing.WORSE)


def test_worst_off(scenario: Scenario, found: PlanDiff) -> None:
    for side, placement in ((found.a, A), (found.b, B)):
        most = max(received(scenario, placement).values())
        who = sorted(k for k, v in received(scenario, placement).items() if v == most)
        assert side.worst(Measure.RECEIVED).value == most
        assert list(side.worst(Measure.RECEIVED).person_ids) == who
    assert found.a.worst(Measure.SPACE).value == 4.5
    assert found.a.worst(Measure.SPACE).person_ids == ("p1", "p2")
    assert found.b.worst(Measure.SPACE).person_ids == ("p1", "p5")


def test_burden(found: PlanDiff) -> None:
    """In A p4 and p5 move; in B p2 (moved three times, five days ago) does too."""
    assert found.a.burden.moved == ("p4", "p5")
    assert found.b.burden.moved == ("p2", "p4", "p5")
    assert found.a.burden.moved_again == ()
    assert found.b.burden.moved_again == ("p2",)
    assert (found.a.burden.move_points, found.b.burden.move_points) == (4, 7)
    assert (found.a.burden.repeated_move_points, found.b.burden.repeated_move_points) == (0, 9)
    assert found.a.burden.crowded_again == found.b.burden.crowded_again == ()


def test_crowded_again_is_counted_in_months() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 2, area_m2=7.0), cell("c2", 2, area_m2=20.0)],
        people=[
            person("p1", current_place="c2", days_below_warning_floor=61),
            person("p2", current_place="c2"),
        ],
        thresholds={"space_floor_warning_m2": 4.0},
        policy={"weights": {}},
    )
    both: dict[str, str | None] = {"p1": "c2", "p2": "c2"}
    found = diff_placements(scenario, both, both | {"p1": "c1"})
    assert found.a.burden.crowded_again == ()
    assert found.b.burden.crowded_again == ("p1",)
    assert (found.a.burden.crowded_months, found.b.burden.crowded_months) == (0, 3)
    assert found.b.burden.move_points == 2


def test_derogations_in_one_and_not_in_the_other(found: PlanDiff) -> None:
    """c2 has a working capacity of 2: three people there need the governor."""
    assert found.derogations_a == ()
    assert [(d.breach.place, d.points, d.signed_by) for d in found.derogations_b] == [
        ("c2", 7, "governor")
    ]


def test_the_same_placement_differs_in_nothing(scenario: Scenario) -> None:
    found = diff_placements(scenario, A, A)
    assert (found.places, found.people, found.derogations_a, found.derogations_b) == ((),) * 4


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ([], Standing.SAME),
        ([(Measure.RECEIVED, 7, 5)], Standing.BETTER),
        ([(Measure.SPACE, 7, 5)], Standing.WORSE),
        ([(Measure.RECEIVED, 7, 5), (Measure.SUPPORT, 2, 3)], Standing.BETTER),
        ([(Measure.RECEIVED, 7, 5), (Measure.MOVE, 0, 1)], Standing.MIXED),
    ],
)
def test_better_off_is_better_and_nothing_worse(
    values: list[tuple[Measure, int, int]], standing: Standing
) -> None:
    assert standing_of([Difference(*value) for value in values]) is standing
