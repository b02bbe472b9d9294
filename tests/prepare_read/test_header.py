"""Keys of scenario.yaml and of JSON documents: profiles, policies, weights, units, YAML tricks."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import ConfigError, Problem, ScenarioError
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.vocabulary import ContactSetting, Enforcement
from allocator.prepare.presets import load_policy, load_profile
from allocator.prepare.read import ScenarioOverrides, read_scenario, read_scenario_document
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.small import SMALL, only_problem, problems_of, write_folder

HEADER = SMALL["scenario.yaml"]


def header_problem(tmp_path: Path, text: str) -> Problem:
    """The one problem of a header."""
    problem = only_problem(write_folder(tmp_path / "s", {"scenario.yaml": text}))
    assert problem.file == "scenario.yaml"
    return problem


LINES: list[tuple[str, str, str, str]] = [
    ("policy: mixd", "policy", "preset_unknown", 'Did you mean "mixed"'),
    ("legal_profile: nowhere", "legal_profile", "preset_unknown", "coe_base, example_crowded"),
    ("contact_weights: step", "contact_weights", "preset_unknown", 'Did you mean "steep"'),
    ("policy: {extends: mixd}", "policy.extends", "preset_unknown", "mixed"),
    ("polcy: mixed", "polcy", "key_unknown", 'Did you mean "policy"'),
    ("policy: 3", "policy", "value_not_mapping", "a name or a mapping"),
    ("policy: {extends: mixed, unit_cap: 3}", "policy.unit_cap", "key_unknown", "spelling"),
    ("policy: {extends: mixed, unit_group_cap: -3}", "policy.unit_group_cap",
     "value_out_of_range", "greater than or equal to 0"),
    ("policy: {extends: mixed, satellites_used: null}", "policy.satellites_used",
     "value_missing", "a value"),
    ("policy: {extends: mixed, settings: {R09: {enforcement: soft}}}", "policy.settings.R09",
     "rule_not_policy", "R19, R20, R21, R22, R71"),
    ("policy: {extends: mixed, settings: {R99: {enforcement: soft}}}", "policy.settings.R99",
     "rule_unknown", "R73"),
    ("policy: {extends: mixed, weights: {R01: 2}}", "policy.weights.R01",
     "rule_unknown", "R39"),
    ("policy: {extends: mixed, tiers: [{tier: moves}]}", "policy.tiers",
     "tiers_incomplete", "unplaced"),
    ("policy: {name: own}", "policy.unit_group_cap", "key_missing", "extends"),
    ("legal_profile: {extends: coe_base, settings: {R04: {enforcement: derogable}}}",
     "legal_profile.settings.R04.signed_by", "signer_missing", "signs"),
    ("legal_profile: {extends: coe_base, settings: {R04: {enforcement: maybe}}}",
     "legal_profile.settings.R04.enforcement", "value_not_listed", "derogable"),
    ("legal_profile: {extends: coe_base, thresholds: {space_floor_hard_m2: 5.5}}",
     "legal_profile.thresholds.space_floor_hard_m2", "threshold_order",
     "space_floor_warning_m2"),
    ("contact_weights: {cell: 3}", "contact_weights.landing",
     "key_missing", "extends"),
    ("max_moves: -1", "max_moves", "value_out_of_range", "0"),
    ("max_moves: many", "max_moves", "value_not_whole_number", "many"),
    ("dedicated_units: [Q]", "dedicated_units", "unit_unknown", '"Q"'),
    ("satellite_facilities: [W]", "satellite_facilities", "facility_unknown", '"W"'),
    ("dedicated_units: W", "dedicated_units", "value_not_list", "list"),
    ("description: '=1+1'", "description", "formula_refused", "formula"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column", "code", "word"), LINES)
def test_one_wrong_key(tmp_path: Path, line: str, column: str, code: str, word: str) -> None:
    problem = header_problem(tmp_path, HEADER + line + "\n")
    assert (problem.column, problem.code) == (column, code)
    assert word in str(problem)


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        (HEADER.replace("name: small\n", ""), "name", "key_missing"),
        (HEADER.replace("schema_version: 1", "schema_version: 2"), "schema_version",
         "value_not_listed"),
        (HEADER.replace("2026-03-02", "2026-02-30"), "day", "date_not_real"),
        (HEADER.replace("2026-03-02", "1600-02-03"), "day", "date_out_of_range"),
        (HEADER.replace("small", "7"), "name", "value_not_text"),
    ],
)  # fmt: skip
def test_wrong_basic_keys(tmp_path: Path, text: str, column: str, code: str) -> None:
    problem = header_problem(tmp_path, text)
    assert (problem.column, problem.code) == (column, code)


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        (HEADER + "sources: &s [a]\n", 4, "yaml_anchor"),
        (HEADER + "sources: *s\n", 4, "yaml_anchor"),
        (HEADER + "sources: !!python/object/apply:os.system [ls]\n", 4, "yaml_tag"),
        (HEADER + "name: other\n", 4, "key_repeated"),
        (HEADER + "sources: [a\n", 5, "yaml_malformed"),
        (HEADER + "sources: " + "[" * 20_000 + "\n", None, "nested_too_deep"),
        (HEADER + "description: " + "x" * 200_000 + "\n", None, "file_too_large"),
        ("- a list\n", None, "yaml_malformed"),
        ("", None, "yaml_malformed"),
    ],
)
def test_yaml_tricks(tmp_path: Path, text: str, row: int | None, code: str) -> None:
    problem = header_problem(tmp_path, text)
    assert (problem.row, problem.code) == (row, code)


def test_header_mappings_lie_over_what_they_extend() -> None:
    scenario = read_scenario_document(COMPLETE_DOCUMENT)
    base = load_policy("mixed")
    assert scenario.policy.name == "mixed_local"
    assert scenario.policy.max_veo_per_facility == 6
    assert scenario.policy.max_veo_per_wing == base.max_veo_per_wing == 2
    assert scenario.policy.weights[GoalId.SUPPORT] == 2
    assert scenario.policy.weights[GoalId.SPACE] == 2
    assert scenario.policy.settings[RuleId.LEADERS].price == 15
    assert scenario.policy.settings[RuleId.SOURCE_RECEPTIVE_UNIT].price == 5
    assert scenario.policy.influence.newcomer_days == 45
    assert scenario.profile.settings[RuleId.COOLDOWN].price == 4
    assert scenario.profile.settings[RuleId.CAPACITY].enforcement is Enforcement.DEROGABLE
    assert scenario.profile.thresholds.cooldown_days == 14
    assert scenario.contact_weights.weights[ContactSetting.YARD] == 2
    assert scenario.contact_weights.weights[ContactSetting.CELL] == 100


def test_overrides_change_the_choice_and_not_the_hash(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "s", {})
    plain = read_scenario(folder)
    overrides = ScenarioOverrides("mixed", "example_crowded_system", "steep", 7)
    other = read_scenario(folder, overrides)
    assert plain.policy == load_policy("status_quo")
    assert other.policy == load_policy("mixed")
    assert other.profile == load_profile("example_crowded_system")
    assert (other.contact_weights.name, other.max_moves) == ("steep", 7)
    assert other.content_hash == plain.content_hash
    with pytest.raises(ConfigError, match="Known: assess_then_sort, concentration"):
        read_scenario(folder, ScenarioOverrides(policy="mixd"))


def document_problems(document: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Columns and codes of the problems of a document."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario_document(document)
    assert {(p.file, p.row) for p in caught.value.problems} == {("document", None)}
    return [(p.column, p.code) for p in caught.value.problems]


def test_json_places_are_paths() -> None:
    document = copy.deepcopy(COMPLETE_DOCUMENT)
    document["people"][2]["age_years"] = 9.5
    document["people"][3]["sex"] = 7
    document["people"][4]["needs"] = "CSU"
    document["people"][5]["persn"] = 1
    document["cells"][0]["area_m2"] = float("nan")
    document["cells"][1]["parent_id"] = "\ud800"
    document["units"][0] = "N"
    document["stable_pairs"] = {}
    problems = document_problems(document)
    assert ("people[2].age_years", "value_not_whole_number") in problems
    assert ("people[3].sex", "value_not_listed") in problems
    assert ("people[4].needs", "value_not_list") in problems
    assert ("people[5].persn", "key_unknown") in problems
    assert ("cells[0].area_m2", "value_not_finite") in problems
    assert ("cells[1].parent_id", "control_character") in problems
    assert ("units[0]", "value_not_mapping") in problems
    assert ("stable_pairs", "value_not_list") in problems


def test_json_without_required_tables() -> None:
    document = {"schema_version": 1, "name": "x", "day": "2026-03-02", "people": []}
    assert document_problems(document) == [("cells", "key_missing"), ("units", "key_missing")]


def test_deep_json_values_are_refused() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    document = COMPLETE_DOCUMENT | {"freezes": [{"person_id": deep}], "sources": deep}
    codes = {code for _, code in document_problems(document)}
    assert "nested_too_deep" in codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "json_malformed"),
        ("{", "json_malformed"),
        ('{"name": 1, "name": 2}', "key_repeated"),
        ('{"a": ' + "[" * 200_000, "nested_too_deep"),
        ('{"a": ' + "1" * 5000 + "}", "json_malformed"),
    ],
)
def test_json_files_that_are_none(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(text)
    problem = only_problem(path)
    assert (problem.file, problem.code) == ("scenario.json", code)


def test_json_file_equals_document(tmp_path: Path) -> None:
    path = tmp_path / "complete.json"
    path.write_text(json.dumps(COMPLETE_DOCUMENT))
    assert read_scenario(path) == read_scenario_document(COMPLETE_DOCUMENT)


def test_an_empty_and_an_overfull_prison_are_valid(tmp_path: Path) -> None:
    head = SMALL["people.csv"].splitlines()[0]
    empty = read_scenario(write_folder(tmp_path / "a", {"people.csv": head + "\n"}))
    assert empty.people == ()
    crowd = "".join(f"q{i},M,40,remand,\n" for i in range(50))
    full = read_scenario(write_folder(tmp_path / "b", {"people.csv": SMALL["people.csv"] + crowd}))
    assert len(full.people) == 52


def test_an_expired_authority_is_valid(tmp_path: Path) -> None:
    text = (
        "authority_id,person_id,kind,issued_by,issued_at,review_by,expires_at,grounds,regime_level\n"
        "a1,p1,separation,m,2025-02-01,2025-03-01,2025-04-01,g,4\n"
    )
    scenario = read_scenario(write_folder(tmp_path / "s", {"authorities.csv": text}))
    assert not scenario.authorities[0].is_current(scenario.day)


def test_problems_of_header_and_tables_come_together(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "scenario.yaml": HEADER + "policy: x\ndedicated_units: [Q]\n",
        "cells.csv": None,
        "people.csv": SMALL["people.csv"].replace("40", "400"),
    }
    problems = problems_of(write_folder(tmp_path / "s", files))
    assert [(p.file, p.code) for p in problems] == [
        ("cells.csv", "file_missing"),
        ("people.csv", "value_out_of_range"),
        ("scenario.yaml", "unit_unknown"),
        ("scenario.yaml", "preset_unknown"),
    ]
