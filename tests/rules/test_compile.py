"""Finding rules, resolving their settings, and the quiet scenario that breaks nothing."""

import ast
from pathlib import Path

import pytest

import allocator.rules
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.profile import RuleSetting
from allocator.model.shapes import Alone, Penalty, Placed
from allocator.model.vocabulary import Enforcement, SharingRisk, Tier, UsedFor
from allocator.rules import ALL_RULES, compile_rules
from tests.builders import (
    HARD,
    OFF,
    cell,
    derogable,
    landing,
    make_scenario,
    person,
    soft,
    with_setting,
)
from tests.rules.plain import compiled

QUIET = frozenset({RuleId.ONE_BED, RuleId.CAPACITY})


def test_every_rule_of_the_catalogue_is_found_in_order() -> None:
    assert list(ALL_RULES) == list(RuleId)


def test_rule_modules_never_import_one_another() -> None:
    folder = Path(allocator.rules.__file__).parent
    for path in folder.glob("r*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        imported = [n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module]
        assert not [name for name in imported if name.startswith("allocator.rules.r")], path.name


@pytest.mark.parametrize("rule", [rule for rule in RuleId if rule not in QUIET], ids=str)
def test_a_quiet_scenario_has_nothing_to_limit(rule: RuleId) -> None:
    assert compiled(make_scenario(["c1", "c2"], ["p1", "p2", "p3"]), rule) == []


def test_nobody_to_place_gives_no_shapes() -> None:
    units = [landing("L", sealed=True, regime_level=5, unlock_hours=1, meaningful_contact_hours=1)]
    scenario = make_scenario([cell("c1", 2, area_m2=5.0)], [], units=units)
    assert compile_rules(ScenarioIndex(scenario)) == ()


def test_no_cells_at_all() -> None:
    shapes = compile_rules(ScenarioIndex(make_scenario([], ["p1"], max_moves=2)))
    assert [shape.rule for shape in shapes if not hasattr(shape, "goal")] == [RuleId.ONE_BED]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (HARD, [None]),
        (derogable(7), [Penalty(Tier.DEROGATIONS, 7)]),
        (soft(3), [Penalty(Tier.PROTECTION, 3)]),
        (RuleSetting(Enforcement.REPORT), []),
        (OFF, []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_settings_decide_the_penalty(setting: RuleSetting, expected: list[Penalty | None]) -> None:
    people = [person("p1", sharing_risk=SharingRisk.HIGH)]
    scenario = with_setting(make_scenario(["c1"], people), RuleId.SINGLE_CELL, setting)
    shapes = compile_rules(ScenarioIndex(scenario))
    found = [s.penalty for s in shapes if isinstance(s, Alone)]
    assert found == expected


def test_the_policy_overrides_the_profile() -> None:
    people = [person("p1", sharing_risk=SharingRisk.HIGH)]
    policy = {"settings": {RuleId.SINGLE_CELL: soft(5)}}
    scenario = make_scenario(["c1"], people, policy=policy)
    assert compiled(scenario, RuleId.SINGLE_CELL) == [("alone", "p1", ("protection", 5))]


@pytest.mark.parametrize("setting", [HARD, OFF, derogable(9), RuleSetting(Enforcement.REPORT)])
def test_being_unplaced_costs_one_point_whatever_the_setting(setting: RuleSetting) -> None:
    scenario = with_setting(make_scenario(["c1"], ["p1", "p2"]), RuleId.ONE_BED, setting)
    shapes = compile_rules(ScenarioIndex(scenario))
    found = [s.penalty for s in shapes if isinstance(s, Placed)]
    assert found == [Penalty(Tier.UNPLACED, 1)]


def test_reported_rules_keep_their_always_hard_parts_and_preferences() -> None:
    report = RuleSetting(Enforcement.REPORT)
    base = make_scenario(
        [cell("c1", 3, working_capacity=2, buffer=False), cell("c2", buffer=True)],
        [person("p1", first_time=True, arrived_at=make_scenario().day)],
        units=[landing("L", used_for=frozenset({UsedFor.FIRST_NIGHT}))],
        settings=dict.fromkeys(RuleId, OFF) | {RuleId.CAPACITY: report},
    )
    shapes = compile_rules(ScenarioIndex(base))
    kept = [type(s).__name__ for s in shapes if getattr(s, "rule", None) is RuleId.CAPACITY]
    assert kept == ["Eligible", "Count"]
    reported = with_setting(base, RuleId.FIRST_TIME, report)
    assert [s for s in compile_rules(ScenarioIndex(reported)) if hasattr(s, "goal")]
