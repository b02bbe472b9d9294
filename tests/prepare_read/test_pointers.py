"""JSON pointers of problems: followed in the document, they lead to the value that is wrong."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import Problem, ScenarioError
from allocator.prepare.folder import read_raw
from allocator.prepare.pointers import existing_path, pointer_of
from allocator.prepare.problem_codes import CODES
from allocator.prepare.problems import Problems, show
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.prepare.validate import to_json
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.small import SMALL, only_problem, problems_of, write_folder
from tests.prepare_read.test_header import HEADER, LINES
from tests.prepare_read.value_cases import VALUES, Files, Place

FOUND_IS_THE_VALUE = frozenset(
    [
        "value_not_listed",
        "value_not_text",
        "value_not_whole_number",
        "value_not_number",
        "value_not_boolean",
        "value_not_list",
        "value_not_mapping",
        "value_out_of_range",
        "value_invalid",
        "field_too_long",
        "formula_refused",
        "control_character",
        "separator_in_id",
        "date_invalid",
        "date_not_real",
        "date_out_of_range",
        "cell_unknown",
        "place_unknown",
        "person_unknown",
        "group_unknown",
        "same_person",
        "same_place",
        "same_group",
        "finding_value",
        "finding_network",
        "facility_has_parent",
    ]
)
"""Codes whose `found` is the value itself, so that it can be compared with what is followed to."""

DOCUMENTS: list[tuple[Mapping[str, Any], str, str]] = [
    ({"people": None}, "key_missing", "/people"),
    ({"people": {}}, "value_not_list", "/people"),
    ({"people": ["p1"]}, "value_not_mapping", "/people/0"),
    ({"people": [{"a/b~c%20d": 1}]}, "key_unknown", "/people/0/a~1b~0c%20d"),
    ({"people": [{"needs": [{"faith": 1}]}]}, "column_refused", "/people/0/needs/0/faith"),
    ({"legal_profile": {"name": 7}}, "value_not_text", "/legal_profile/name"),
    ({"sources": ["a", 7]}, "value_not_text", "/sources/1"),
    ({"cells": []}, "no_cells", "/cells"),
    ({"complaints": [{"person_id": "p01", "cell_id": "c1", "reason": "safety", "by": "officer",
                      "opened_at": "2026-01-01", "closed_at": "2026-01-02"}]},
     "closing_incomplete", "/complaints/0"),
    ({"units": [{"unit_id": "A", "unit_type": "wing", "parent_id": "B"},
                {"unit_id": "B", "unit_type": "wing", "parent_id": "A"}]},
     "unit_cycle", "/units/0/parent_id"),
]  # fmt: skip


def follow(pointer: str | None, document: Any) -> Any:
    """The value that a pointer leads to, by RFC 6901 alone."""
    assert pointer is not None
    assert pointer == "" or pointer.startswith("/")
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def told(problem: Problem, document: Mapping[str, Any]) -> None:
    """The pointer leads somewhere, and to the value where `found` is the value."""
    value = follow(problem.pointer, document)
    if problem.code in FOUND_IS_THE_VALUE and isinstance(value, str | int | float):
        assert show(value) == problem.found
    if problem.row is None and problem.column:
        words = re.sub(r"/(\d+)(?=/|$)", r"[\1]", str(problem.pointer)).replace("/", ".")[1:]
        words = words.replace("~1", "/").replace("~0", "~")
        assert problem.column.startswith(words) or words.startswith(problem.column)


def equivalent(folder: Path) -> dict[str, Any]:
    """The document that the tables of a folder make; NaN and the like stay."""
    made: dict[str, Any] = json.loads(to_json(read_raw(folder, Problems()).document()))
    return made


@pytest.mark.parametrize(("files", "place", "code", "word"), VALUES)
def test_a_wrong_value_in_a_table_and_in_the_document_it_makes(
    tmp_path: Path, files: Files, place: Place, code: str, word: str
) -> None:
    folder = write_folder(tmp_path / "s", files)
    of_table = only_problem(folder)
    document = equivalent(folder)
    told(of_table, document)
    assert str(of_table.pointer).startswith(f"/{place[0].partition('.')[0]}/")
    with pytest.raises(ScenarioError) as caught:
        read_scenario_document(document)
    (of_document,) = caught.value.problems
    assert (of_document.code, of_document.pointer) == (code, of_table.pointer)
    assert word


@pytest.mark.parametrize(("line", "column", "code", "word"), LINES)
def test_a_wrong_key_of_the_header(
    tmp_path: Path, line: str, column: str, code: str, word: str
) -> None:
    folder = write_folder(tmp_path / "s", {"scenario.yaml": HEADER + line + "\n"})
    problem = only_problem(folder)
    told(problem, equivalent(folder))
    assert (problem.code, str(problem.pointer)[1:].split("/")[0]) == (
        code,
        column.split(".", maxsplit=1)[0],
    )
    assert word


@pytest.mark.parametrize(("change", "code", "pointer"), DOCUMENTS)
def test_a_wrong_document(change: Mapping[str, Any], code: str, pointer: str) -> None:
    document = {**COMPLETE_DOCUMENT, **change}
    with pytest.raises(ScenarioError) as caught:
        read_scenario_document(document)
    for problem in caught.value.problems:
        told(problem, document)
    assert (code, pointer) in {(p.code, p.pointer) for p in caught.value.problems}


def test_the_cases_have_every_code_of_data() -> None:
    """What is left is of files, of YAML and JSON as text, and of plans."""
    cases = {code for _, _, code, _ in VALUES} | {code for _, _, code, _ in LINES}
    cases |= {code for _, code, _ in DOCUMENTS}
    starts = (
        "file_",
        "archive_",
        "sheet_",
        "xlsx_",
        "csv_",
        "json_",
        "yaml_",
        "parquet_",
        "column_",
    )
    left = {code for code in CODES if not code.startswith(starts)} - cases
    assert left <= {
        "wrong_encoding", "nul_byte", "nested_too_deep", "key_repeated", "ragged_row",
        "caveat_changed", "value_invalid",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("files", "pointer"),
    [
        ({"people.csv": None}, ""),
        ({"people.csv": b"\xff"}, ""),
        ({"scenario.yaml": None}, ""),
        ({"people.csv": SMALL["people.csv"].replace("p2,", "p2,extra,")}, "/people/1"),
        ({"people.csv": SMALL["people.csv"].replace("sex", "sax")}, "/people"),
    ],
)
def test_problems_of_files_point_to_what_there_is(
    tmp_path: Path, files: Files, pointer: str
) -> None:
    folder = write_folder(tmp_path / "s", files)
    problems = problems_of(folder)
    document = equivalent(folder)
    for problem in problems:
        follow(problem.pointer, document)
    assert pointer in {problem.pointer for problem in problems}


def test_rows_that_are_empty_do_not_count(tmp_path: Path) -> None:
    text = SMALL["people.csv"].replace("\np2,M,40", "\n,,,,\np2,M,4")
    problem = only_problem(write_folder(tmp_path / "s", {"people.csv": text}))
    assert (problem.row, problem.pointer) == (4, "/people/1/age_years")


def test_a_file_that_is_no_json_has_no_pointer(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("{")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert [(p.code, p.pointer) for p in caught.value.problems] == [("json_malformed", "")]


PARTS = st.lists(st.one_of(st.text(max_size=4), st.sampled_from(["~", "/", "~1", "", "a%2Fb"])))


@settings(max_examples=40)
@given(path=PARTS)
def test_every_path_is_found_again_by_its_pointer(path: list[str]) -> None:
    document: Any = "here"
    for part in reversed(path):
        document = {part: [document]}
    whole = [step for part in path for step in (part, 0)]
    assert follow(pointer_of(whole), document) == "here"
    assert existing_path([*whole, "beyond"], document) == tuple(whole)
