"""A scenario as one workbook: the template, what is read of it, and how it is handed back."""

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from allocator.errors import Problem, ScenarioError
from allocator.jobs.scenario_output import source_document
from allocator.model.vocabulary import NonAssociationReason, SpecialistCellType
from allocator.prepare.document import scenario_document
from allocator.prepare.meanings import choices_of, meanings, unit_of
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.prepare.table_specs import header_keys, tables
from allocator.prepare.workbook import HEADER_SHEET
from allocator.prepare.write_workbook import scenario_workbook
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.test_pointers import follow
from tests.scenario_documents import document

DOCS = Path(__file__).parents[2] / "docs" / "scenario-format.md"
Change = Callable[[Any], None]


def saved(path: Path, change: Change, found: dict[str, Any] | None = None) -> Path:
    """A filled workbook that `change` has worked on."""
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(found or document())))
    change(book)
    book.save(path)
    return path


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    return list(caught.value.problems)


def cell(book: Any, sheet: str, row: int, column: str) -> Any:
    """The cell of a column by its title."""
    titles = [title.value for title in book[sheet][1]]
    return book[sheet].cell(row, titles.index(column) + 1)


def put(sheet: str, row: int, column: str, value: Any) -> Change:
    def change(book: Any) -> None:
        cell(book, sheet, row, column).value = value

    return change


def test_a_workbook_reads_back_as_the_scenario_it_was_written_from(tmp_path: Path) -> None:
    path = tmp_path / "prison.xlsx"
    path.write_bytes(scenario_workbook(COMPLETE_DOCUMENT))
    scenario = read_scenario(path)
    assert scenario == read_scenario_document(COMPLETE_DOCUMENT)
    path.write_bytes(scenario_workbook(scenario_document(scenario)))  # all presets written out
    assert read_scenario(path) == scenario


def test_the_template_asks_for_name_day_and_cells_alone(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(scenario_workbook())
    found = {(p.sheet, p.code, p.column) for p in problems_of(path)}
    assert found == {
        ("cells", "no_cells", "cell_id"),
        (HEADER_SHEET, "key_missing", "name"),
        (HEADER_SHEET, "key_missing", "day"),
    }


def test_every_table_has_its_columns_formats_and_lists() -> None:
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook()))
    for name, table in tables().items():
        sheet: Any = book[name]
        assert [title.value for title in sheet[1]] == list(table.columns)
        assert sheet.freeze_panes == "A2"
        offered = {
            str(rule.sqref).split("2:")[0]: rule for rule in sheet.data_validations.dataValidation
        }
        listed = choices_of(table.model)
        for title, column in zip(sheet[1], table.columns.values(), strict=True):
            form = sheet.column_dimensions[title.column_letter].number_format
            assert form == {"date": "yyyy-mm-dd", "text": "@", "set": "@"}.get(
                column.kind, "General"
            )
            rule = offered.get(title.column_letter)
            if column.name in listed:
                assert rule is not None
                source = re.fullmatch(r"Lists!\$([A-Z]+)\$1:\$\1\$(\d+)", rule.formula1)
                assert source is not None
                letter, last = source.groups()
                values = [book["Lists"][f"{letter}{row}"].value for row in range(1, int(last) + 1)]
                assert values == list(listed[column.name])
                assert rule.showErrorMessage is (column.kind != "set")
            elif column.kind in {"date", "whole", "number"}:
                assert rule is not None
                assert rule.type == {"date": "date", "whole": "whole"}.get(column.kind, "decimal")
            else:
                assert rule is None, column.name
    assert choices_of(tables()["cells"].model)["specialist_cell_types"] == tuple(SpecialistCellType)
    reasons = choices_of(tables()["non_associations"].model)["reason"]
    assert reasons == tuple(NonAssociationReason)
    assert book["Lists"].sheet_state == "hidden"


def test_notes_say_of_every_column_what_the_documentation_says() -> None:
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook()))
    rows = {(r[0], r[1]): r for r in book["Notes"].iter_rows(min_row=2, values_only=True)}
    text = DOCS.read_text("utf-8")
    sections = {"scenario": text.partition("## Keys of scenario.yaml")[2].partition("\n### ")[0]}
    for part in text.split("\n### ")[1:]:
        sections.setdefault(part.partition("\n")[0], part.partition("\n## ")[0])
    for name in (HEADER_SHEET, *tables()):
        columns = header_keys() if name == HEADER_SHEET else tables()[name].columns
        documented = dict(
            re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", sections[name], re.MULTILINE)
        )
        for column in columns.values():
            assert meanings()[name][column.name] == documented[column.name]
            note = rows[name, column.name]
            assert note[6] == documented[column.name].replace("`", "").replace("*", "")
            assert str(note[3]).startswith(column.allowed)
            assert (note[4] or "") == unit_of(column)
            assert bool(note[4]) == (column.kind in {"whole", "number", "date"})
        assert set(meanings()[name]) == {"", *columns}


@pytest.mark.parametrize("value", ["0012", "00000000000000000000017", "12345678901234567890"])
def test_zeros_and_digits_of_ids_stay(tmp_path: Path, value: str) -> None:
    found = document()
    found["people"][0]["person_id"] = value
    path = saved(tmp_path / "s.xlsx", lambda _: None, found)
    assert sorted(p.person_id for p in read_scenario(path).people) == sorted([value, "P2"])


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (12345678901234567890, "15 digits"),
        (date(2026, 4, 3), "2026-04-03"),
        (datetime(2026, 4, 3, 8, 30), "08:30"),  # noqa: DTZ001
    ],
)
def test_what_a_spreadsheet_made_of_an_id_is_refused(tmp_path: Path, value: Any, word: str) -> None:
    path = saved(tmp_path / "s.xlsx", put("people", 3, "person_id", value))
    (problem,) = problems_of(path)
    assert (problem.sheet, problem.row, problem.column) == ("people", 3, "person_id")
    assert problem.code == "value_not_text"
    assert word in problem.found
    assert "format Text" in problem.action


@pytest.mark.parametrize("epoch_1904", [False, True])
@pytest.mark.parametrize(
    "day", [date(1904, 1, 2), date(1999, 12, 31), date(2000, 2, 29), date(2026, 1, 15)]
)
def test_no_date_is_shifted(tmp_path: Path, day: date, epoch_1904: bool) -> None:
    def change(book: Any) -> None:
        if epoch_1904:
            book.epoch = CALENDAR_MAC_1904
        cell(book, "people", 2, "arrived_at").value = day
        number = (day - (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30))).days
        serial = cell(book, "people", 3, "arrived_at")
        serial.value, serial.number_format = number, "General"
        cell(book, "people", 2, "sharing_assessed_at").value = None
        cell(book, "people", 3, "sharing_assessed_at").value = None
        book["scenario"]["B5"].value = date(2026, 1, 15)

    scenario = read_scenario(saved(tmp_path / "s.xlsx", change))
    assert [person.arrived_at for person in scenario.people] == [day, day]


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1)])
def test_no_date_is_shifted_by_the_day_that_1900_did_not_have(tmp_path: Path, day: date) -> None:
    def change(book: Any) -> None:
        cell(book, "people", 2, "arrived_at").value = day
        serial = cell(book, "people", 3, "arrived_at")
        gap = 0 if day >= date(1900, 3, 1) else 1
        serial.value, serial.number_format = (day - date(1899, 12, 30)).days - gap, "General"

    scenario = read_scenario(saved(tmp_path / "s.xlsx", change))
    assert [person.arrived_at for person in scenario.people] == [day, day]


def test_errors_name_sheet_row_and_column_and_point_into_the_document(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        put("people", 3, "sex", "X")(book)
        put("cells", 2, "max_capacity", 1)(book)
        book["scenario"]["B5"] = "2026-02-30"
        book["scenario"]["A16"], book["scenario"]["B16"] = "polcy", "mixed"

    path = saved(tmp_path / "s.xlsx", change)
    made = source_document(path)
    found = {(p.sheet, p.row, p.column, p.code) for p in problems_of(path)}
    assert found == {
        ("people", 3, "sex", "value_not_listed"),
        ("cells", 2, "cna", "capacity_order"),
        ("cells", 2, "working_capacity", "capacity_order"),
        ("scenario", 5, "day", "date_not_real"),
        ("scenario", 16, "polcy", "key_unknown"),
    }
    for problem in problems_of(path):
        assert problem.file == "s.xlsx"
        assert f"sheet {problem.sheet}, row {problem.row}" in str(problem)
        follow(problem.pointer, made)


def test_sheets_named_almost_like_a_table_are_refused_and_others_left_alone(
    tmp_path: Path,
) -> None:
    def change(book: Any) -> None:
        book["freezes"].title = "Freeze"
        book.create_sheet("my sums")["A1"] = "=1+1"
        del book["Notes"]

    (problem,) = problems_of(saved(tmp_path / "s.xlsx", change))
    assert (problem.sheet, problem.code) == ("Freeze", "sheet_name_unknown")
    assert "freezes" in problem.action

    def without(book: Any) -> None:
        del book["people"]
        del book["scenario"]

    missing = problems_of(saved(tmp_path / "t.xlsx", without))
    assert {(p.sheet, p.code) for p in missing} == {
        ("people", "sheet_missing"),
        ("scenario", "sheet_missing"),
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda book: book["scenario"].delete_rows(1), "column_missing"),
        (put("scenario", 4, "key", "name"), "key_repeated"),
        (put("scenario", 6, "value", '{"extends": "coe_base"'), "preset_unknown"),
        (put("scenario", 7, "value", "[" * 30_000), "field_too_long"),
        (put("people", 2, "age_years", "=20+11"), "formula_refused"),
    ],
)
def test_faults_of_the_form(tmp_path: Path, change: Change, code: str) -> None:
    assert code in {problem.code for problem in problems_of(saved(tmp_path / "s.xlsx", change))}
