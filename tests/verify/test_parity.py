"""Ids: what the judge checks, what the catalogue lists and what the page documents are one set."""

import re
from pathlib import Path

from allocator.goals import ALL_GOALS
from allocator.model.catalogue import GOAL_BY_ID, RULE_BY_ID, GoalId, RuleId
from allocator.rules import ALL_RULES
from allocator.verify.discover import goal_values, rule_checks

ROOT = Path(__file__).parents[2]


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
