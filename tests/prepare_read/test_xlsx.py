"""XLSX tables: read exactly as CSV, or refused with a reason."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from allocator.prepare.document import scenario_document
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.prepare.table_specs import tables
from allocator.prepare.write import write_scenario_folder
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.small import only_problem, problems_of, write_folder


def typed(text: str, kind: str) -> Any:
    """A value as a person would type it into a spreadsheet."""
    if not text:
        return None
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "boolean":
        return text == "true"
    return float(text) if kind in {"whole", "number"} else text


def to_xlsx(folder: Path, name: str) -> None:
    """Replace a CSV table by a workbook with real numbers, booleans and dates."""
    path = folder / f"{name}.csv"
    header, *rows = csv.reader(io.StringIO(path.read_text()))
    kinds = [tables()[name].columns[column].kind for column in header]
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(header)
    for row in rows:
        sheet.append([typed(text, kind) for text, kind in zip(row, kinds, strict=True)])
    workbook.save(folder / f"{name}.xlsx")
    path.unlink()


def people_workbook(folder: Path, change: Callable[[Any], None]) -> Path:
    """The small scenario with people as a workbook that `change` has worked on."""
    write_folder(folder, {})
    to_xlsx(folder, "people")
    workbook = openpyxl.load_workbook(folder / "people.xlsx")
    change(workbook)
    workbook.save(folder / "people.xlsx")
    return folder


def test_csv_xlsx_and_json_give_the_same_scenario(tmp_path: Path) -> None:
    as_document = read_scenario_document(COMPLETE_DOCUMENT)
    write_scenario_folder(COMPLETE_DOCUMENT, tmp_path / "s")
    as_csv = read_scenario(tmp_path / "s")
    for name in tables():
        to_xlsx(tmp_path / "s", name)
    as_xlsx = read_scenario(tmp_path / "s")
    assert as_csv == as_document
    assert as_xlsx == as_document
    assert as_csv.content_hash == as_xlsx.content_hash == as_document.content_hash
    assert scenario_document(as_xlsx) == scenario_document(as_document)


def test_serial_dates_in_both_calendars(tmp_path: Path) -> None:
    def with_serial(workbook: Any) -> None:
        workbook.active["F1"] = "arrived_at"
        workbook.active["F2"] = 46000  # 2025-12-09

    def with_serial_1904(workbook: Any) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        workbook.active["F1"] = "arrived_at"
        workbook.active["F2"] = 46000 - 1462
        workbook.active["F3"] = datetime(2025, 12, 9)  # noqa: DTZ001

    first = read_scenario(people_workbook(tmp_path / "a", with_serial))
    assert first.people[0].arrived_at == date(2025, 12, 9)
    second = read_scenario(people_workbook(tmp_path / "b", with_serial_1904))
    assert [p.arrived_at for p in second.people] == [date(2025, 12, 9)] * 2


def test_dates_with_time_and_broken_serials_are_refused(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.active["F1"] = "arrived_at"
        workbook.active["F2"] = datetime(2025, 12, 9, 10, 30)  # noqa: DTZ001
        workbook.active["F3"] = 46000.5

    problems = problems_of(people_workbook(tmp_path / "s", change))
    assert [(p.row, p.column, p.code) for p in problems] == [
        (2, "arrived_at", "date_invalid"),
        (3, "arrived_at", "date_invalid"),
    ]


def test_formulas_are_refused_with_their_cell(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.active["C3"] = "=C2+10"

    problem = only_problem(people_workbook(tmp_path / "s", change))
    assert (problem.file, problem.row, problem.column) == ("people.xlsx", 3, "C")
    assert problem.code == "formula_refused"
    assert "paste it as values" in problem.action


def test_wrong_value_has_row_and_column(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.active["C3"] = 7

    problem = only_problem(people_workbook(tmp_path / "s", change))
    assert (problem.file, problem.row, problem.column) == ("people.xlsx", 3, "age_years")
    assert problem.code == "value_out_of_range"


def test_several_sheets_need_the_name_of_the_table(tmp_path: Path) -> None:
    def unnamed(workbook: Any) -> None:
        workbook.create_sheet("notes")

    def named(workbook: Any) -> None:
        workbook.active.title = "people"
        workbook.create_sheet("notes", 0)["A1"] = "notes"

    problem = only_problem(people_workbook(tmp_path / "a", unnamed))
    assert (problem.file, problem.code) == ("people.xlsx", "xlsx_sheets")
    assert "people" in problem.action
    assert len(read_scenario(people_workbook(tmp_path / "b", named)).people) == 2


def test_a_workbook_without_a_sheet_is_refused_in_words(tmp_path: Path) -> None:
    """A spreadsheet program writes none; edited bytes did."""
    folder = people_workbook(tmp_path / "s", lambda _: None)
    path = folder / "people.xlsx"
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            without = re.sub(rb"<sheet [^>]*/>", b"", data) if name == "xl/workbook.xml" else data
            archive.writestr(name, without)
    problem = only_problem(folder)
    assert (problem.file, problem.code, problem.found) == ("people.xlsx", "xlsx_sheets", "no sheet")


def test_table_far_down_the_sheet_keeps_its_row_numbers(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.active.insert_rows(1, 3)
        workbook.active["C5"] = 7

    problem = only_problem(people_workbook(tmp_path / "s", change))
    assert (problem.row, problem.column) == (5, "age_years")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" * 100])
def test_damaged_workbook(tmp_path: Path, data: bytes) -> None:
    files: dict[str, str | bytes | None] = {"people.csv": None, "people.xlsx": data}
    problem = only_problem(write_folder(tmp_path / "s", files))
    assert (problem.file, problem.code) == ("people.xlsx", "xlsx_malformed")


def archive(parts: dict[str, bytes]) -> bytes:
    """A ZIP file of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = archive({"xl/worksheets/sheet1.xml": b"0" * 301_000_000})
    assert len(bomb) < 1_000_000
    files: dict[str, str | bytes | None] = {"people.csv": None, "people.xlsx": bomb}
    problem = only_problem(write_folder(tmp_path / "s", files))
    assert (problem.file, problem.code) == ("people.xlsx", "xlsx_too_large")
    assert "301 MB" in problem.found


def test_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    honest = archive({"xl/worksheets/sheet1.xml": b"0" * 5_000_000})
    size = (5_000_000).to_bytes(4, "little")
    lying = honest.replace(size, (50).to_bytes(4, "little"))
    files: dict[str, str | bytes | None] = {"people.csv": None, "people.xlsx": lying}
    assert only_problem(write_folder(tmp_path / "s", files)).code == "xlsx_malformed"


def test_one_cell_far_away_is_no_memory_bomb(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.active["XFD1048576"] = "x"

    problem = only_problem(people_workbook(tmp_path / "s", change))
    assert (problem.file, problem.code) == ("people.xlsx", "xlsx_too_large")
    assert "1048576" in problem.found
