"""Bad input in a stored prison as CSV, XLSX and JSON: refused in words, nothing written."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.prepare.document import scenario_document
from allocator.prepare.read import read_scenario
from allocator.prepare.table_specs import tables
from allocator.prepare.write import table_csv, write_scenario_folder

STORED = Path(__file__).parents[2] / "scenarios" / "f14_sep_3"
Change = Callable[[dict[str, Any]], None]
FORMS = ("csv", "xlsx", "json")
DOCUMENT: dict[str, Any] = scenario_document(read_scenario(STORED))
FACILITY: str = DOCUMENT["units"][0]["unit_id"]


def _set(table: str, row: int, column: str, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        document[table][row][column] = value

    return change


def _repeat(table: str, row: int, **values: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        document[table].insert(row + 1, document[table][row] | values)

    return change


def _same_bed(document: dict[str, Any]) -> None:
    capacity = {cell["cell_id"]: cell["max_capacity"] for cell in document["cells"]}
    first = next(p for p in document["people"] if capacity.get(p["current_place"]) == 1)
    second = next(p for p in document["people"] if p["person_id"] != first["person_id"])
    second["current_place"] = first["current_place"]


def _cycle(document: dict[str, Any]) -> None:
    wing = next(unit for unit in document["units"] if unit["unit_type"] == "wing")
    below = next(unit for unit in document["units"] if unit.get("parent_id") == wing["unit_id"])
    wing["parent_id"] = below["unit_id"]


def _with_itself(document: dict[str, Any]) -> None:
    row = document["non_associations"][0]
    row["person_b"] = row["person_a"]


CASES: list[tuple[Change, str, str, str]] = [
    (_set("people", 1, "current_place", "NO-SUCH-CELL"), "people", "current_place", "cell_unknown"),
    (_same_bed, "people", "current_place", "bed_taken"),
    (_repeat("people", 1, current_place=None), "people", "person_id", "person_twice"),
    (_repeat("cells", 2), "cells", "cell_id", "id_repeated"),
    (_repeat("cells", 2, parent_id=FACILITY), "cells", "cell_id", "cell_two_parents"),
    (_cycle, "units", "parent_id", "unit_cycle"),
    (_set("people", 1, "age_years", -30), "people", "age_years", "value_out_of_range"),
    (_set("cells", 2, "area_m2", 1e30), "cells", "area_m2", "value_out_of_range"),
    (_set("cells", 2, "area_m2", float("nan")), "cells", "area_m2", "value_not_finite"),
    (_set("cells", 2, "area_m2", float("-inf")), "cells", "area_m2", "value_not_finite"),
    (_set("units", 1, "name", "=cmd|' /C calc'!A0"), "units", "name", "formula_refused"),
    (_set("units", 1, "name", "@SUM(A1)"), "units", "name", "formula_refused"),
    (_set("people", 1, "arrived_at", "2026-02-30"), "people", "arrived_at", "date_not_real"),
    (_with_itself, "non_associations", "person_b", "same_person"),
]  # fmt: skip


def _to_xlsx(path: Path) -> None:
    """Every value as text, as a sheet that was pasted in; formulas stay text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    with path.open(newline="", encoding="utf-8") as file:
        for r, row in enumerate(csv.reader(file), 1):
            for c, text in enumerate(row, 1):
                if text:
                    cell = sheet.cell(r, c)
                    cell.value, cell.data_type = text, "s"
    book.save(path.with_suffix(".xlsx"))
    path.unlink()


def stored(document: dict[str, Any], form: str, place: Path) -> Path:
    """The document written in one of the three forms."""
    if form == "json":
        path = place / "prison.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path
    folder = place / "prison"
    write_scenario_folder(DOCUMENT, folder)
    for name, table in tables().items():
        if name in document or (folder / f"{name}.csv").exists():
            text = table_csv(table, document.get(name) or [])
            (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    if form == "xlsx":
        for path in sorted(folder.glob("*.csv")):
            _to_xlsx(path)
    return folder


def refused(path: Path, place: Path) -> list[dict[str, Any]]:
    """The problems of a scenario that `plan` refuses; nothing is written."""
    out = place / "out"
    words = ["plan", str(path), "--out", str(out), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 3, result.output
    assert not out.exists()
    problems: list[dict[str, Any]] = json.loads(result.stdout)["problems"]
    assert all(p["found"] and p["allowed"] and p["action"] for p in problems)
    assert all(len(p["found"]) <= 80 for p in problems)
    return problems


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("change", "table", "column", "code"), CASES)
def test_bad_input_is_refused_in_every_form(
    change: Change,
    table: str,
    column: str,
    code: str,
    form: str,
    tmp_path: Path,
) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    change(document)
    found = refused(stored(document, form, tmp_path), tmp_path)
    problem = next(p for p in found if p["code"] == code)
    if form == "json":
        assert problem["file"] == "prison.json"
        assert table in problem["column"]
        assert column in problem["column"]
    else:
        assert (problem["file"], problem["column"]) == (f"{table}.{form}", column)
        assert problem["row"] >= 2


@pytest.mark.parametrize("form", FORMS)
def test_all_problems_of_a_scenario_come_at_once(form: str, tmp_path: Path) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    for change in (CASES[0][0], CASES[6][0], CASES[7][0], CASES[13][0]):
        change(document)
    found = refused(stored(document, form, tmp_path), tmp_path)
    codes = {problem["code"] for problem in found}
    assert codes == {"cell_unknown", "value_out_of_range", "same_person"}
    assert [p["code"] for p in found].count("value_out_of_range") == 2


@pytest.mark.parametrize("form", FORMS)
def test_ten_megabytes_in_one_field(form: str, tmp_path: Path) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    size = 10_000_000 if form != "xlsx" else 32_767  # the most that a workbook's cell may hold
    document["units"][1]["name"] = "x" * size
    (problem,) = refused(stored(document, form, tmp_path), tmp_path)
    assert problem["code"] == "field_too_long"


@pytest.mark.parametrize("form", FORMS)
def test_an_over_full_prison_with_an_expired_authority_is_planned(
    form: str, tmp_path: Path
) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    beds = sum(cell["max_capacity"] for cell in document["cells"])
    pattern = document["people"][0] | {"current_place": None}
    for number in range(beds):
        document["people"].append(pattern | {"person_id": f"late-{number}"})
    document["authorities"][0] |= {
        "issued_at": "2024-02-03", "review_by": "2024-03-05", "expires_at": "2024-05-07"
    }  # fmt: skip
    path = stored(document, form, tmp_path)
    result = CliRunner().invoke(app, ["plan", str(path), "--effort", "quick", "--json"])
    assert result.exit_code == 4, result.output
    plan = json.loads(result.stdout)
    assert plan["verified"] is True
    assert len(plan["unplaced"]) >= len(document["people"]) - beds
    assert plan["shortfall_causes"]


@pytest.mark.parametrize("form", FORMS)
def test_a_prison_without_people_is_planned(form: str, tmp_path: Path) -> None:
    document = {key: value for key, value in DOCUMENT.items() if not isinstance(value, list)}
    for table in ("units", "cells"):
        document[table] = DOCUMENT[table]
    document["people"] = []
    path = stored(document, form, tmp_path)
    result = CliRunner().invoke(app, ["plan", str(path), "--effort", "quick", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["people"] == 0
