"""Each goal's points on a placement by hand, and nothing at all without a weight."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from allocator.goals import ALL_GOALS, compile_goals
from allocator.influence import influence_points
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.relations import InfluenceEdge, StablePair
from allocator.model.scenario import Scenario
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
from allocator.prepare.instance import prepare_instance
from tests.builders import (
    OFF,
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
from tests.shape_oracle import tier_values

WEIGHTS = dict(zip(GoalId, (2, 3, 5, 7, 11, 13, 17, 19, 23), strict=True))
ALL_OFF = dict.fromkeys(RuleId, OFF)


def scenario_for(
    goal: GoalId, *args: Any, policy: Mapping[str, Any] | None = None, **kw: Any
) -> Scenario:
    """A scenario without rules in which only one goal has a weight."""
    known = {"weights": {goal: WEIGHTS[goal]}} | dict(policy or {})
    return make_scenario(*args, settings=ALL_OFF, policy=known, **kw)


def values(scenario: Scenario, **placement: str) -> dict[Tier, int]:
    """Tier values that are not 0."""
    instance = prepare_instance(scenario)
    cells = [
        instance.cell_ids.index(placement[p]) if p in placement else -1 for p in instance.person_ids
    ]
    found = tier_values(instance, cells)
    return {tier: v for tier, v in found.items() if v and tier is not Tier.UNPLACED}


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


class TestMoves:
    UNITS = (wing("W", programmes=frozenset({"x"})), wing("W2"))

    def cost(self, *others: Person, findings: Iterable[Any] = (), **fields: Any) -> int:
        """Points of moving p1 from c1 to c3 while the others stay in their cells."""
        p1 = person("p1", **({"current_place": "c1"} | fields))
        pairs = [StablePair(other.person_id, "p1") for other in others]
        scenario = scenario_for(
            GoalId.MOVES, [cell("c1", 3), cell("c2", 3), cell("c3", 3, "W2")], [p1, *others],
            units=self.UNITS, findings=tuple(findings), stable_pairs=pairs,
        )  # fmt: skip
        stay = {p.person_id: str(p.current_place) for p in others}
        return values(scenario, p1="c3", **stay).get(Tier.MOVES, 0)

    def test_a_move_costs_two(self) -> None:
        assert self.cost() == 2 * 7

    @pytest.mark.parametrize(("days", "steps"), [(364, 2), (365, 3)])
    def test_a_year_in_the_cell_costs_one_more(self, days: int, steps: int) -> None:
        assert self.cost(placed_since=days_ago(days)) == steps * 7

    def test_a_mentor_costs_one_more(self) -> None:
        assert self.cost(findings=[role("p1", NetworkRole.MENTOR)]) == 3 * 7

    @pytest.mark.parametrize(("programme", "steps"), [("x", 3), ("y", 2)])
    def test_a_programme_offered_here_costs_one_more(self, programme: str, steps: int) -> None:
        assert self.cost(programme=programme) == steps * 7

    @pytest.mark.parametrize(("other", "steps"), [("c1", 3), ("c2", 2), ("c3", 2)])
    def test_parting_a_stable_pair_costs_one_more(self, other: str, steps: int) -> None:
        assert self.cost(person("p2", current_place=other)) == steps * 7

    def test_all_four_add_up(self) -> None:
        findings = [role("p1", NetworkRole.MENTOR)]
        mate = person("p2", current_place="c1")

        found = self.cost(mate, findings=findings, programme="x", placed_since=days_ago(999))

        assert found == 6 * 7

    def test_an_arrival_and_a_person_who_stays_cost_nothing(self) -> None:
        assert self.cost(current_place=None) == 0
        assert self.cost(current_place="c3") == 0


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


class TestBurden:
    @pytest.mark.parametrize(("moves", "points"), [(0, 0), (2, 4), (5, 25), (7, 25)])
    def test_another_move_costs_the_square_of_those_before(self, moves: int, points: int) -> None:
        people = [
            person("p1", current_place="c1", moves_last_90_days=moves),
            person("p2", current_place="c2", moves_last_90_days=3),
            person("p3", moves_last_90_days=3),
        ]
        scenario = scenario_for(GoalId.BURDEN, ["c1", "c2", "c3"], people)

        expected = {Tier.MOVES: 23 * points} if points else {}
        assert values(scenario, p1="c3", p2="c2", p3="c1") == expected

    @pytest.mark.parametrize(
        ("days", "steps"), [(0, 0), (1, 1), (30, 1), (31, 2), (331, 12), (999, 12)]
    )
    def test_another_tight_cell_costs_by_started_months(self, days: int, steps: int) -> None:
        cells = [
            cell("c1", 2, area_m2=7.9),
            cell("c2", 2, area_m2=8.0),
            cell("c3", 2),
            cell("c4", 3, working_capacity=2, area_m2=8.0),
            cell("c5", 1, working_capacity=0, area_m2=3.9),
        ]
        people = [person("p1", days_below_warning_floor=days)]
        scenario = scenario_for(GoalId.BURDEN, cells, people)

        expected = {Tier.PREFERENCES: 23 * steps} if steps else {}
        assert values(scenario, p1="c1") == expected
        assert values(scenario, p1="c5") == expected
        assert values(scenario, p1="c2") == values(scenario, p1="c3") == {}
        assert values(scenario, p1="c4") == {}
