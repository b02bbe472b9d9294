"""A workbook that is handed back, written anew, or meant to hurt."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.prepare.read import read_scenario
from allocator.prepare.write_workbook import scenario_workbook
from tests.prepare_read.test_workbook import cell, problems_of, put, saved
from tests.scenario_documents import document


def check(*words: Path | str) -> Any:
    return CliRunner().invoke(app, ["scenario", "check", *map(str, words)])


def test_a_workbook_is_handed_back_with_its_errors(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        put("people", 3, "sex", "X")(book)
        put("people", 3, "age_years", -4)(book)
        put("people", 2, "person_id", "=1+1")(book)
        book["scenario"]["B5"] = "2026-02-30"
        book["cells"]["A2"].font = openpyxl.styles.Font(italic=True)

    bad, marked, again = (tmp_path / name for name in ("bad.xlsx", "marked.xlsx", "again.xlsx"))
    saved(bad, change)
    before = bad.read_bytes()
    result = check(bad, "--errors-to", marked, "--json")
    assert result.exit_code == 3
    problems = json.loads(result.stdout)["problems"]
    assert bad.read_bytes() == before
    book = openpyxl.load_workbook(marked)
    rows = list(book["Errors"].iter_rows(min_row=2, values_only=True))
    assert [r[:4] for r in rows] == [
        (p["sheet"], p["row"], p["column"], p["code"]) for p in problems
    ]
    assert book["people"]["A2"].comment.text.startswith("formula_refused")
    assert book["scenario"]["B5"].comment.text.startswith("date_not_real")
    assert book["cells"]["A2"].font.italic
    assert book["people"].data_validations.dataValidation
    put("people", 2, "person_id", "P1")(book)
    book["scenario"]["B5"] = date(2026, 1, 15)
    book.save(marked)
    assert check(marked, "--errors-to", again).exit_code == 3
    book = openpyxl.load_workbook(again)
    assert book["people"]["A2"].comment is None
    assert cell(book, "people", 3, "sex").comment.text.startswith("value_not_listed")
    assert book.sheetnames.count("Errors") == 1
    put("people", 3, "sex", "M")(book)
    put("people", 3, "age_years", 44)(book)
    book.save(again)
    assert check(again, "--errors-to", tmp_path / "none.xlsx").exit_code == 0
    assert not (tmp_path / "none.xlsx").exists()


def test_what_is_written_is_new_and_a_workbook(tmp_path: Path) -> None:
    run = CliRunner().invoke
    template = tmp_path / "template.xlsx"
    assert run(app, ["scenario", "template", str(template)]).exit_code == 0
    for words in (
        ["template", str(template)],
        ["template", str(tmp_path / "template.ods")],
        ["check", str(template), "--errors-to", str(template)],
        ["check", str(template), "--errors-to", str(tmp_path / "errors.csv")],
        ["check", "scenarios/f14_sep_3", "--errors-to", str(tmp_path / "errors.xlsx")],
    ):
        assert run(app, ["scenario", *words]).exit_code == 2, words
    assert [path.name for path in tmp_path.iterdir()] == ["template.xlsx"]


def test_export_and_decide_take_workbooks(tmp_path: Path) -> None:
    run = CliRunner().invoke
    source, other = tmp_path / "s.xlsx", tmp_path / "t.xlsx"
    source.write_bytes(scenario_workbook(document()))
    words = ["lock", str(source), "P1", "W-1", "--reason", "health", "--by", "officer-2"]
    assert run(app, ["decide", *words, "--in-place"]).exit_code == 2
    assert run(app, ["decide", *words, "--out", str(other)]).exit_code == 0
    assert [lock.person_id for lock in read_scenario(other).locks] == ["P1"]
    out = tmp_path / "out.json"
    assert run(app, ["scenario", "export", str(other), "--out", str(out)]).exit_code == 0
    assert read_scenario(out) == read_scenario(other)


def rezipped(data: bytes, **parts: bytes) -> bytes:
    """The workbook with further or other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


BOMBS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "times larger": (lambda d: rezipped(d, junk=b"0" * 60_000_000), "xlsx_too_large"),
    "many parts": (
        lambda d: rezipped(d, **{f"p{n}": b"" for n in range(2_001)}),
        "xlsx_too_large",
    ),
    "entities": (
        lambda d: rezipped(
            d, **{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}
        ),
        "xlsx_malformed",
    ),
    "no sheets": (lambda d: rezipped(d, **{"xl/workbook.xml": b"<workbook/>"}), "sheet_missing"),
    "far away": (
        lambda d: rezipped(
            d, **{"xl/worksheets/sheet4.xml": b'<worksheet><sheetData><row r="1048576"/>'}
        ),
        "xlsx_too_large",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_hurts_is_refused(tmp_path: Path, name: str) -> None:
    make, code = BOMBS[name]
    path = tmp_path / "s.xlsx"
    path.write_bytes(make(scenario_workbook(document())))
    assert code in {problem.code for problem in problems_of(path)}
