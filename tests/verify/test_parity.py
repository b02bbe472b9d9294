"""Ids: catalogue, modules, judge, killers, page and settings name one set of rules and goals."""

import re
from pathlib import Path

import pytest

from allocator.goals import ALL_GOALS
from allocator.model.catalogue import GOAL_BY_ID, RULE_BY_ID, GoalId, RuleId
from allocator.prepare.presets.presets import load_policy, load_profile, policy_names, profile_names
from allocator.rules import ALL_RULES
from allocator.verify.discover import goal_values, no_breach, rule_checks
from tests.rules.killers import KILLERS

ROOT = Path(__file__).parents[2]
RULES_ASKED_FOR = {f"R{n:02}" for n in (*range(1, 28), 51, 71, 72, 73)}
GOALS_ASKED_FOR = {f"R{n}" for n in (*range(31, 40), 76)}


def documented(heading: str) -> set[str]:
    """Ids in the first column of the table of a section."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| (R\d\d) \|", section, re.MULTILINE))


def test_rules_checked_are_rules_catalogued_and_documented() -> None:
    checked = [check.rule for check in rule_checks()]
    assert len(checked) == len(set(checked))
    assert set(checked) == set(RuleId) == set(RULE_BY_ID)
    assert {rule.value[:3] for rule in RuleId} == documented("Rules")


def test_goals_valued_are_goals_catalogued_and_documented() -> None:
    assert {value.goal for value in goal_values()} == set(GoalId) == set(GOAL_BY_ID)
    assert {goal.value[:3] for goal in GoalId} == documented("Goals")


def test_every_file_of_a_rule_or_goal_is_named_after_it() -> None:
    folder = ROOT / "allocator" / "verify"
    for rule in RuleId:
        name = rule.value.lower().replace("-", "_")
        assert (folder / f"{name}.py").is_file()
    for goal in GoalId:
        assert list(folder.glob(f"g{goal.value[1:3]}_*.py"))


def test_the_rules_compiled_are_the_rules_checked() -> None:
    assert set(ALL_RULES) == {check.rule for check in rule_checks()}
    assert set(ALL_GOALS) == {value.goal for value in goal_values()}


def test_the_rules_and_goals_asked_for_are_there() -> None:
    assert {rule.value[:3] for rule in RuleId} == RULES_ASKED_FOR
    assert {goal.value[:3] for goal in GoalId} == GOALS_ASKED_FOR


@pytest.mark.parametrize("rule", RuleId)
def test_every_rule_has_module_judge_and_killer(rule: RuleId) -> None:
    stem = rule.value.lower().replace("-", "_")
    for folder in ("rules", "verify"):
        text = (ROOT / "allocator" / folder / f"{stem}.py").read_text(encoding="utf-8")
        assert f"RuleId.{rule.name}" in text
    check = next(check for check in rule_checks() if check.rule is rule)
    assert (check.check, check.check_always) != (no_breach, no_breach)
    assert rule in KILLERS
    assert len(documentation_of(rule.value[:3])) > 20


@pytest.mark.parametrize("goal", GoalId)
def test_every_goal_has_module_and_words(goal: GoalId) -> None:
    stem = goal.value.lower().replace("-", "_")
    text = (ROOT / "allocator" / "goals" / f"{stem}.py").read_text(encoding="utf-8")
    assert f"GoalId.{goal.name}" in text
    assert len(documentation_of(goal.value[:3])) > 20


def documentation_of(number: str) -> str:
    """What the page says of an id, beside the id."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    return " ".join(re.findall(rf"^\| {number} \| (.+)$", page, re.MULTILINE))


@pytest.mark.parametrize("name", profile_names())
def test_every_rule_has_a_setting_in_every_profile(name: str) -> None:
    assert set(load_profile(name).settings) == set(RuleId)


@pytest.mark.parametrize("name", policy_names())
def test_every_goal_has_a_weight_in_every_policy(name: str) -> None:
    assert set(load_policy(name).weights) == set(GoalId)
