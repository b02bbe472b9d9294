"""Writing scenarios: what is written reads back the same, and nothing is half written."""

import copy
import os
import random
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import ConfigError, ScenarioError
from allocator.model.catalogue import RuleId
from allocator.model.profile import RuleSetting
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Enforcement
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.prepare.table_specs import tables
from allocator.prepare.write import scenario_document, write_scenario_folder
from tests.complete import COMPLETE_DOCUMENT


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario_document(COMPLETE_DOCUMENT)


def test_document_reads_back_as_the_same_scenario(scenario: Scenario) -> None:
    document = scenario_document(scenario)
    again = read_scenario_document(document)
    assert again == scenario
    assert again.content_hash == scenario.content_hash
    assert scenario_document(again) == document


def test_complete_document_touches_every_column() -> None:
    for name, table in tables().items():
        rows = COMPLETE_DOCUMENT[name]
        used = {column for row in rows for column in row}
        assert used == set(table.columns), name


def test_order_of_rows_and_keys_does_not_matter(scenario: Scenario) -> None:
    document = copy.deepcopy(COMPLETE_DOCUMENT)
    shuffle = random.Random(5).shuffle  # noqa: S311
    for name in tables():
        shuffle(document[name])
        document[name] = [dict(reversed(row.items())) for row in document[name]]
    document = dict(reversed(document.items()))
    assert read_scenario_document(document) == scenario


def test_tuples_are_sorted_by_id(scenario: Scenario) -> None:
    estate = scenario.estate
    ids: list[list[Any]] = [
        [unit.unit_id for unit in estate.units],
        [cell.cell_id for cell in estate.cells],
        [person.person_id for person in scenario.people],
        [authority.authority_id for authority in scenario.authorities],
        [(f.person_id, f.kind, f.value) for f in scenario.findings],
        [(edge.source, edge.target) for edge in scenario.influence_edges],
        [setting.setting_id for setting in estate.settings],
    ]
    for names in ids:
        assert names == sorted(names)
        assert len(names) > 1


def test_rows_equal_in_their_required_columns_are_ordered_too() -> None:
    document = copy.deepcopy(COMPLETE_DOCUMENT)
    row = {"person_a": "p01", "person_b": "p03", "restriction": "cell"}
    rows = [row, row | {"reason": "THREAT"}, row | {"reason": "BULLYING"}]
    results = []
    for order in (rows, rows[::-1]):
        document["non_associations"] = order
        results.append(read_scenario_document(document))
    assert results[0] == results[1]


def test_hash_depends_on_content_only(scenario: Scenario) -> None:
    other = COMPLETE_DOCUMENT | {"sources": ["elsewhere"], "synthetic": False}
    assert read_scenario_document(other).content_hash == scenario.content_hash
    moved = copy.deepcopy(COMPLETE_DOCUMENT)
    moved["people"][0]["age_years"] += 1
    assert read_scenario_document(moved).content_hash != scenario.content_hash


def test_hash_is_the_same_in_another_process(scenario: Scenario) -> None:
    code = (
        "from tests.complete import COMPLETE_DOCUMENT as d\n"
        "from allocator.prepare.read import read_scenario_document as r\n"
        "print(r(d).content_hash)"
    )
    found = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {scenario.content_hash}


def test_hand_made_profile_and_policy_survive(scenario: Scenario) -> None:
    setting = RuleSetting(Enforcement.REPORT)
    profile = replace(
        scenario.profile,
        name="by-hand",
        settings={**scenario.profile.settings, RuleId.COOLDOWN: setting},
    )
    policy = replace(scenario.policy, name="by-hand", settings={}, unit_group_cap=None)
    made = replace(scenario, profile=profile, policy=policy, content_hash="")
    again = read_scenario_document(scenario_document(made))
    assert replace(again, content_hash="") == made


def test_folder_reads_back_and_has_only_columns_in_use(tmp_path: Path, scenario: Scenario) -> None:
    folder = tmp_path / "deep" / "s"
    document = copy.deepcopy(COMPLETE_DOCUMENT)
    document["freezes"] = []
    write_scenario_folder(document, folder)
    assert not (folder / "freezes.csv").exists()
    assert read_scenario(folder) == read_scenario_document(document)
    assert (folder / "stable_pairs.csv").read_text() == "person_a,person_b\np03,p04\n"
    document["units"] = [
        {k: v for k, v in unit.items() if k != "home_area"} for unit in document["units"]
    ]
    write_scenario_folder(document, tmp_path / "t")
    header = (tmp_path / "t" / "units.csv").read_text().splitlines()[0].split(",")
    assert "home_area" not in header
    assert header[:3] == ["unit_id", "unit_type", "parent_id"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "t"]
    assert scenario.freezes


def test_nothing_is_written_of_a_faulty_document(tmp_path: Path) -> None:
    document = copy.deepcopy(COMPLETE_DOCUMENT)
    document["people"][0]["home_area"] = "=HYPERLINK(1)"
    with pytest.raises(ScenarioError, match="home_area"):
        write_scenario_folder(document, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_scenario_folder(COMPLETE_DOCUMENT, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_not_overwritten_and_an_empty_one_is(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    write_scenario_folder(COMPLETE_DOCUMENT, folder)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="not empty"):
        write_scenario_folder(COMPLETE_DOCUMENT, folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_wire_rows_have_the_fields_of_the_domain(scenario: Scenario) -> None:
    for name, table in tables().items():
        if name == "settings":
            continue
        holder = scenario.estate if hasattr(scenario.estate, name) else scenario
        item = getattr(holder, name)[0]
        domain = {field.name: field for field in fields(item)}
        assert list(domain) == list(table.columns), name
        for column in table.columns.values():
            # parent_id has no default in the domain; in a table it is empty for a facility.
            if not column.required and column.name != "parent_id":
                assert domain[column.name].default == column.default, column.name


def test_reading_needs_no_spreadsheet_or_table_library() -> None:
    code = (
        "import sys\n"
        "import allocator.prepare.read, allocator.prepare.write, allocator.prepare.presets\n"
        "import allocator.prepare.plan_document\n"
        "print({'pandas', 'python_calamine', 'openpyxl', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "set()"
