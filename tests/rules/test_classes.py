"""R03, R04, R05, R18, R19, R71: one class of people at a time."""

from dataclasses import replace
from typing import Any

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.estate import Cell
from allocator.model.person import PlacementFinding
from allocator.model.vocabulary import Grade, LegalCategory, Level, NetworkRole, Sex, UsedFor
from tests.builders import (
    cell,
    days_ago,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    soft,
    wing,
)
from tests.rules.plain import compiled

MIXED = [
    person("p1", sex=Sex.FEMALE),
    person("p2", age_years=17),
    person("p3"),
    person("p4", sex=Sex.FEMALE, age_years=17),
]


def test_sex_by_wing_and_age_by_wing_without_a_yard() -> None:
    assert compiled(make_scenario(["c1"], MIXED), RuleId.SEX_AND_AGE) == [
        ("one class", "p1 p2 p3 p4", "0 1 1 0", "wing", None),
        ("one class", "p1 p2 p3 p4", "1 0 1 0", "wing", None),
    ]


def test_age_also_by_exercise_group_and_once_where_it_is_the_level() -> None:
    units = [wing("W", exercise_group="yard")]
    scenario = make_scenario(["c1"], MIXED, units=units)
    levels = [shape[3] for shape in compiled(scenario, RuleId.SEX_AND_AGE)]
    assert levels == ["wing", "wing", "exercise_group"]
    level = {"child_adult_level": Level.EXERCISE_GROUP}
    scenario = make_scenario(["c1"], MIXED, units=units, thresholds=level)
    levels = [shape[3] for shape in compiled(scenario, RuleId.SEX_AND_AGE)]
    assert levels == ["wing", "exercise_group"]


def test_cells_for_women_and_juveniles_bar_each_person_once() -> None:
    women, juvenile = UsedFor.WOMEN, UsedFor.JUVENILE
    cells: list[Cell | str] = [
        cell("c1", used_for=frozenset({women})),
        cell("c2", used_for=frozenset({juvenile})),
        cell("c3", used_for=frozenset({women, juvenile})),
        "c4",
    ]
    blocks = compiled(make_scenario(cells, MIXED), RuleId.SEX_AND_AGE)[2:]
    assert blocks == [
        ("eligible", "p1", "c2 c3", None),
        ("eligible", "p2", "c1 c3", None),
        ("eligible", "p3", "c1 c2 c3", None),
    ]


def test_remand_by_level_and_by_designated_cell() -> None:
    remand, sentenced = LegalCategory.REMAND, LegalCategory.SENTENCED
    scenario = make_scenario(
        [
            cell("c1", parent="L1"),
            cell("c2", parent="L2"),
            cell("c3", used_for=frozenset({UsedFor.REMAND})),
            cell("c4", parent="L2", used_for=frozenset({UsedFor.REMAND})),
            "c5",
        ],
        [person("p1", legal_category=remand), "p2", person("p3", legal_category=remand)],
        units=[landing("L1", legal_category=remand), landing("L2", legal_category=sentenced)],
        thresholds={"remand_sentenced_level": Level.LANDING},
        settings={RuleId.REMAND_SENTENCED: soft(5)},
    )
    price = ("protection", 5)
    assert compiled(scenario, RuleId.REMAND_SENTENCED) == [
        ("one class", "p1 p2 p3", "0 1 0", "landing", price),
        ("eligible", "p1 p3", "c2 c4", price),
        ("eligible", "p2", "c1 c3 c4", price),
    ]


def test_young_adults_and_older_adults_without_children() -> None:
    ages = {"p1": 17, "p2": 18, "p3": 20, "p4": 21, "p5": 57}
    people = [person(person_id, age_years=age) for person_id, age in ages.items()]
    assert compiled(make_scenario(["c1"], people), RuleId.YOUNG_ADULTS) == [
        ("one class", "p2 p3 p4 p5", "0 0 1 1", "cell", None)
    ]


def known(**values: NetworkRole | Grade) -> list[PlacementFinding]:
    """Findings by person; `p1_` is a second finding of p1."""
    return [
        role(name[:2], value) if isinstance(value, NetworkRole) else receptivity(name[:2], value)
        for name, value in values.items()
    ]


def people_with(**extra: Any) -> list[Any]:
    return [person(f"p{k}", **extra.get(f"p{k}", {})) for k in range(1, 8)]


FINDINGS = known(
    p1=NetworkRole.LEADER,
    p2=NetworkRole.RECRUITER,
    p2_=Grade.HIGH,
    p3=Grade.MODERATE,
    p4=Grade.LOW,
    p5=NetworkRole.ENFORCER,
    p7=NetworkRole.LEADER,
    p7_=Grade.MODERATE,
)
PEOPLE = people_with(
    p4={"arrived_at": days_ago(3)},
    p5={"first_time": True},
    p6={"arrived_at": days_ago(60), "first_time": True},
)


def test_sources_and_receptive_people_in_a_cell_with_dual_people_as_pairs() -> None:
    scenario = make_scenario(["c1"], PEOPLE, findings=FINDINGS)
    pairs = "p2-p7 p1-p2 p2-p3 p2-p6 p1-p7 p3-p7 p6-p7"
    assert compiled(scenario, RuleId.SOURCE_RECEPTIVE_CELL) == [
        ("one class", "p1 p3 p6", "0 1 1", "cell", None),
        ("apart", pairs, "cell", None),
    ]


def test_sources_and_receptive_people_on_a_unit_leave_newcomers_out() -> None:
    policy = {"sources_receptive_apart": Level.LANDING}
    scenario = make_scenario(["c1"], PEOPLE, findings=FINDINGS, policy=policy)
    assert compiled(scenario, RuleId.SOURCE_RECEPTIVE_UNIT) == [
        ("one class", "p1 p2 p3 p7", "0 0 1 0", "landing", None)
    ]


def test_first_time_prisoners_and_their_first_night() -> None:
    first_night = cell("c1", used_for=frozenset({UsedFor.FIRST_NIGHT}))
    policy = {"weights": {GoalId.PROGRAMME: 7}}
    scenario = make_scenario([first_night, "c2"], PEOPLE, findings=FINDINGS, policy=policy)
    assert compiled(scenario, RuleId.FIRST_TIME) == [
        ("one class", "p1 p2 p5 p6 p7", "1 1 1 0 1", "cell", None),
        ("points", "p6", "c1", -7, "preferences"),
    ]


def test_an_expired_finding_is_unknown() -> None:
    old = [role("p1", NetworkRole.LEADER), receptivity("p2", Grade.HIGH)]
    scenario = make_scenario(["c1"], ["p1", "p2"], findings=old)
    assert len(compiled(scenario, RuleId.SOURCE_RECEPTIVE_CELL)) == 1
    expired = [replace(finding, valid_until=days_ago(1)) for finding in old]
    again = make_scenario(["c1"], ["p1", "p2"], findings=expired)
    assert compiled(again, RuleId.SOURCE_RECEPTIVE_CELL) == []
