"""Each goal's points on a placement by hand, and nothing at all without a weight."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from allocator.goals import ALL_GOALS, compile_goals
from allocator.influence import influence_points
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex
from allocator.model.relations import InfluenceEdge, StablePair
from allocator.model.shapes import LoadPoints
from allocator.model.vocabulary import (
    AuthorityKind,
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    Grade,
    NetworkRole,
    SourceGrade,
    Status,
    Tier,
    UsedFor,
)
from tests.builders import (
    authority,
    cell,
    days_ago,
    facility,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)
from tests.goals.one_goal import scenario_for, values


def explicit(source: str, target: str, kind: ExposureKind, points: int) -> InfluenceEdge:
    return InfluenceEdge(
        source, target, EdgeKind.DIRECTS, 1, SourceGrade.A, EvidenceBasis.FACT,
        days_ago(1), days_ago(-1), points=points, points_kind=kind,
    )  # fmt: skip


def test_there_is_one_module_for_each_goal() -> None:
    assert tuple(ALL_GOALS) == tuple(sorted(GoalId, key=lambda goal: goal.value))


@pytest.mark.parametrize("weights", [{}, dict.fromkeys(GoalId, 0)])
def test_goals_without_a_weight_give_no_shape(weights: Mapping[GoalId, int]) -> None:
    acts = [authority("p1", AuthorityKind.SEPARATION, 3)]
    p1 = person("p1", current_place="c1", home_area="north", programme="x", prefers_single=True)
    scenario = make_scenario(
        [cell("c1", 3, cna=1, area_m2=5.0)],
        [p1, "p2"],
        units=[landing("L", home_area="north", programmes=frozenset({"x"}))],
        policy={"weights": weights, "authorities_used": frozenset(AuthorityKind)},
        authorities=acts,
        findings=[role("p1", NetworkRole.LEADER), receptivity("p2", Grade.HIGH)],
        stable_pairs=[StablePair("p1", "p2")],
    )

    assert compile_goals(ScenarioIndex(scenario), influence_points(scenario)) == ()


class TestTiers:
    UNITS = (
        landing("L1", used_for=frozenset({UsedFor.SEPARATION})),
        landing("L2", used_for=frozenset({UsedFor.ASSESSMENT})),
    )
    CELLS = (cell("c0", 5), cell("c1", 5, "L1"), cell("c2", 5, "L2"))
    USED = frozenset({AuthorityKind.SEPARATION, AuthorityKind.ASSESSMENT})

    def value(self, acts: Iterable[Any], **placement: str) -> dict[Tier, int]:
        scenario = scenario_for(
            GoalId.TIERS, self.CELLS, sorted(placement) or ["p1"], units=self.UNITS,
            authorities=tuple(acts), policy={"authorities_used": self.USED},
        )  # fmt: skip
        return values(scenario, **placement)

    def test_each_person_outside_every_unit_of_their_kinds_costs(self) -> None:
        acts = [
            authority("p1", AuthorityKind.SEPARATION, 3),
            authority("p2", AuthorityKind.SEPARATION, 3),
            authority("p2", AuthorityKind.ASSESSMENT, 3),
            authority("p3", AuthorityKind.SEPARATION, 3),
        ]

        assert self.value(acts, p1="c2", p2="c2", p3="c0") == {Tier.PROTECTION: 2 * 2}
        assert self.value(acts, p1="c1", p2="c0", p3="c1") == {Tier.PROTECTION: 2}

    @pytest.mark.parametrize(
        "act",
        [
            authority("p1", AuthorityKind.SEPARATION, 3, medical_considered=False),
            authority("p1", AuthorityKind.SEPARATION, 3, expires_at=days_ago(1)),
            authority("p1", AuthorityKind.SEGREGATION, 3),
        ],
    )
    def test_other_authorities_ask_for_nothing(self, act: Any) -> None:
        assert self.value([act], p1="c0") == {}

    def test_the_unplaced_cost_nothing(self) -> None:
        assert self.value([authority("p1", AuthorityKind.SEPARATION, 3)]) == {}


class TestExposure:
    CELLS = (cell("c1", 2), cell("c2", 2), cell("c3", 2, "L2"))
    UNITS = (landing("L2"),)

    @pytest.mark.parametrize(
        ("goal", "kind", "factor"),
        [
            (GoalId.SPILLOVER, ExposureKind.SPILLOVER, 3),
            (GoalId.SPILLOVER, ExposureKind.COERCION, 3),
            (GoalId.COLLUSION, ExposureKind.COLLUSION, 5),
            (GoalId.SUPPORT, ExposureKind.SUPPORT, -19),
        ],
    )
    def test_points_times_contact_times_weight(
        self, goal: GoalId, kind: ExposureKind, factor: int
    ) -> None:
        edges = [
            explicit("p1", "p2", kind, 7),
            explicit("p2", "p1", kind, 2),
            explicit("p1", "p3", kind, 11),
        ]
        scenario = scenario_for(
            goal, self.CELLS, ["p1", "p2", "p3"], units=self.UNITS, influence_edges=edges
        )

        together = {Tier.EXPOSURE: factor * (9 * 100 + 11 * 5)}
        assert values(scenario, p1="c1", p2="c1", p3="c3") == together
        assert values(scenario, p1="c1", p2="c2") == {Tier.EXPOSURE: factor * 9 * 15}
        assert values(scenario, p1="c1") == {}

    def test_spillover_and_coercion_add_up(self) -> None:
        findings = [role("p1", NetworkRole.ENFORCER), receptivity("p2", Grade.HIGH)]
        scenario = scenario_for(GoalId.SPILLOVER, self.CELLS, ["p1", "p2"], findings=findings,
                                units=self.UNITS)  # fmt: skip

        assert values(scenario, p1="c1", p2="c3") == {Tier.EXPOSURE: 3 * (120 + 40) * 5}

    def test_stable_pairs_count_in_one_cell_only(self) -> None:
        pairs = [StablePair("p2", "p1"), StablePair("p1", "p3")]
        scenario = scenario_for(
            GoalId.SUPPORT, self.CELLS, ["p1", "p2", "p3"], stable_pairs=pairs, units=self.UNITS
        )

        assert values(scenario, p1="c1", p2="c1", p3="c2") == {Tier.PREFERENCES: -5 * 19}
        assert values(scenario, p1="c1", p2="c2", p3="c3") == {}


class TestSpace:
    def test_crowding_is_triangular_over_normal_places_and_linear_over_space(self) -> None:
        people = [person("p1", places_needed=2), "p2", "p3", "p4"]
        cells = [
            cell("c1", 5, cna=2, area_m2=12.0),
            cell("c2", 5, cna=2),
            cell("c3", 5, area_m2=11.9),
        ]
        scenario = scenario_for(GoalId.SPACE, cells, people)

        def crowding(place: str) -> int:
            return values(scenario, p1=place, p2=place, p3=place, p4=place)[Tier.PREFERENCES]

        assert crowding("c1") == 11 * (6 + 2)
        assert crowding("c2") == 11 * 6
        assert crowding("c3") == 11 * 3
        assert values(scenario, p1="c1", p2="c2") == {}

    def test_cells_that_cannot_be_crowded_are_left_out(self) -> None:
        cells = [cell("c1", 2, area_m2=8.0), cell("c2", 3, cna=2), cell("c3", 5)]
        scenario = scenario_for(GoalId.SPACE, cells)

        (shape,) = compile_goals(ScenarioIndex(scenario), influence_points(scenario))

        assert isinstance(shape, LoadPoints)
        assert shape.cells.tolist() == [1]
        assert shape.table.tolist() == [[0, 0, 0, 11, 33, 66]]

    def test_the_wish_for_a_single_cell(self) -> None:
        people = [person("p1", prefers_single=True), person("p2", prefers_single=True), "p3"]
        cells = [cell("c1"), cell("c2", 2), cell("c3", 2, status=Status.INACTIVE)]
        scenario = scenario_for(GoalId.SPACE, cells, people)

        assert values(scenario, p1="c2", p2="c1", p3="c2") == {Tier.PREFERENCES: 11}
        assert values(scenario, p1="c2", p2="c2") == {Tier.PREFERENCES: 22}
        assert values(scenario, p1="c3") == {}


class TestPlaces:
    UNITS = (
        facility("F", home_area="north", programmes=frozenset({"x"})),
        wing("W", home_area="south", programmes=frozenset({"y"})),
        wing("W2"),
    )
    CELLS = (cell("c1", 5), cell("c2", 5, "W2"))

    def test_near_home_is_the_nearest_unit_that_names_an_area(self) -> None:
        people = [person(f"p{k}", home_area=a) for k, a in enumerate(["south", "north", "west"])]
        scenario = scenario_for(GoalId.NEAR_HOME, self.CELLS, [*people, "p9"], units=self.UNITS)

        assert values(scenario, p0="c1", p1="c1", p2="c1", p9="c1") == {Tier.PREFERENCES: -13}
        assert values(scenario, p0="c2", p1="c2", p2="c2") == {Tier.PREFERENCES: -13}
        assert values(scenario, p0="c1", p1="c2") == {Tier.PREFERENCES: -26}
        assert values(scenario, p0="c2", p1="c1") == {}

    def test_a_programme_may_be_offered_by_any_unit_above(self) -> None:
        people = [person(f"p{k}", programme=name) for k, name in enumerate(["x", "y", "z"])]
        scenario = scenario_for(GoalId.PROGRAMME, self.CELLS, [*people, "p9"], units=self.UNITS)

        assert values(scenario, p0="c1", p1="c1", p2="c1", p9="c1") == {Tier.PREFERENCES: -34}
        assert values(scenario, p0="c2", p1="c2") == {Tier.PREFERENCES: -17}
