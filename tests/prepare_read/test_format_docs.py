"""The written format: schema snapshot, and every column, key and code in the documentation."""

import json
import re
from pathlib import Path

import pytest

from allocator.model.catalogue import GoalId, RuleId
from allocator.prepare.presets import contact_weights_names, policy_names, profile_names
from allocator.prepare.problem_codes import CODES
from allocator.prepare.table_specs import header_keys, model_columns, tables
from allocator.prepare.wire_settings import (
    ContactWeightsWire,
    InfluenceWire,
    PolicyWire,
    ProfileWire,
    ThresholdsWire,
)
from allocator.prepare.wire_v1 import ScenarioDocument, scenario_json_schema
from tests.complete import COMPLETE_DOCUMENT

SNAPSHOT = Path(__file__).with_name("scenario_schema.json")
DOCS = Path(__file__).parents[2] / "docs" / "scenario-format.md"
PREPARE = Path(__file__).parents[2] / "allocator" / "prepare"


@pytest.fixture(scope="module")
def text() -> str:
    return DOCS.read_text(encoding="utf-8")


def test_schema_is_the_one_recorded() -> None:
    """A change here changes what other programs may send; record it on purpose."""
    assert scenario_json_schema() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_schema_accepts_the_complete_document() -> None:
    assert ScenarioDocument.model_validate_json(json.dumps(COMPLETE_DOCUMENT)).name == "complete"


@pytest.mark.parametrize("name", list(tables()))
def test_every_column_is_documented(text: str, name: str) -> None:
    section = re.search(rf"^### {name}\n(.*?)(?=^##)", text, re.DOTALL | re.MULTILINE)
    assert section, name
    documented = re.findall(r"^\| `(\w+)`", section[1], re.MULTILINE)
    assert documented == list(tables()[name].columns)
    for column in tables()[name].columns.values():
        line = re.search(rf"^\| `{column.name}` .*$", section[1], re.MULTILINE)
        assert line
        assert ("| yes |" in line[0]) == column.required, column.name
        assert column.allowed.replace("|", "\\|") in line[0], column.name


@pytest.mark.parametrize(
    "model", [ThresholdsWire, ProfileWire, PolicyWire, InfluenceWire, ContactWeightsWire]
)
def test_every_key_of_a_mapping_is_documented(text: str, model: type) -> None:
    for name in model_columns(model):
        assert f"`{name}`" in text, name


def test_every_header_key_is_documented(text: str) -> None:
    section = text.partition("## Keys of scenario.yaml")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == list(header_keys())


def test_every_code_is_documented_and_in_use(text: str) -> None:
    documented = dict(
        re.findall(r"^\| `(\w+)` \| (.*) \|$", text.partition("## Codes")[2], re.MULTILINE)
    )
    assert documented == CODES
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in PREPARE.rglob("*.py")
        if path.name != "problem_codes.py"
    )
    made_up = {"column_unknown", "key_unknown"}  # noun + "_unknown"
    assert {code for code in CODES if f'"{code}"' not in source} <= made_up


def test_every_preset_is_documented(text: str) -> None:
    for name in (*profile_names(), *policy_names(), *contact_weights_names()):
        assert f"`{name}`" in text, name


def test_rule_and_goal_numbers_are_unique() -> None:
    numbers = [identifier[:3] for identifier in (*RuleId, *GoalId)]
    assert len(set(numbers)) == len(numbers)
