"""Move list, workbook and folder: safe to open, readable back, the same bytes each time."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from allocator.errors import InternalError
from allocator.explain.breakdown import Breakdown, break_down
from allocator.explain.readers import Reader
from allocator.model.plan import Plan
from allocator.report import write_report
from allocator.report.moves_csv import render_moves_csv
from allocator.report.rows import all_sheets, guarded
from allocator.report.workbook import render_workbook
from tests.report.sample import sample_plan, sample_scenario


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(sample_scenario())


@pytest.fixture(scope="module")
def breakdown(plan: Plan) -> Breakdown:
    return break_down(sample_scenario(), plan, Reader.SECURITY)


def test_moves_csv_has_a_row_per_move(breakdown: Breakdown) -> None:
    rows = list(csv.DictReader(StringIO(render_moves_csv(breakdown))))
    assert [row["person_id"] for row in rows] == [move.person_id for move in breakdown.moves]
    moved = {row["person_id"]: row for row in rows}["P013"]
    assert (moved["from_place"], moved["to_cell"], moved["reason"]) == (
        "A1-12",
        "B2-07",
        "conflict",
    )
    assert (moved["officers"], moved["minutes"], moved["rules_settled"]) == ("2", "30", "R09")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_texts_that_look_like_formulas_are_made_plain(start: str, breakdown: Breakdown) -> None:
    assert guarded(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert guarded(-5) == -5
    move = replace(breakdown.moves[0], person_id=f"{start}1+1")
    poisoned = replace(breakdown, moves=(move,))
    (row,) = csv.DictReader(StringIO(render_moves_csv(poisoned), newline=""))
    assert row["person_id"] == f"'{start}1+1"


def test_workbook_holds_no_formula(breakdown: Breakdown) -> None:
    move = replace(breakdown.moves[0], person_id="=1+1")
    book = load_workbook(BytesIO(render_workbook(replace(breakdown, moves=(move,)))))
    found = book["Moves"]["A2"]
    assert (found.value, found.data_type) == ("'=1+1", "s")


def test_workbook_reads_back_with_the_rows_of_the_breakdown(breakdown: Breakdown) -> None:
    book = load_workbook(BytesIO(render_workbook(breakdown)))
    assert book.sheetnames == [sheet.title for sheet in all_sheets(breakdown)]
    assert book.sheetnames[:3] == ["Moves", "Derogations", "Not kept"]
    for sheet in all_sheets(breakdown):
        assert book[sheet.title].max_row == 1 + max(1, len(sheet.rows))
    assert [c.value for c in book["Moves"]["A"]][1:] == [m.person_id for m in breakdown.moves]
    assert len(breakdown.derogations) == book["Derogations"].max_row - 1
    assert book["Unplaced"]["A2"].value == "P071"
    summary = {(row[0], row[1]): row[2] for row in book["Summary"].iter_rows(values_only=True)}
    spillover = breakdown.kinds[0]
    assert summary["Exposure", "Spillover now"] == spillover.before
    assert summary["Exposure", "Spillover plan"] == spillover.after
    assert summary["Plan", "Caveat"] == breakdown.headline.caveat
    assert summary["Shortfall", "remand places missing"] == 1


def test_workbook_is_ready_to_print(breakdown: Breakdown) -> None:
    rows = {sheet.title: sheet.rows for sheet in all_sheets(breakdown)}
    for sheet in load_workbook(BytesIO(render_workbook(breakdown))).worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        fit, footer = sheet.sheet_properties.pageSetUpPr, sheet.oddFooter
        assert fit is not None
        assert fit.fitToPage
        assert footer is not None
        assert sheet.freeze_panes in {"A2", "B2"}
        assert sheet.auto_filter.ref == (sheet.dimensions if rows[sheet.title] else None)
        assert footer.left.text == breakdown.headline.caveat
        assert sheet.print_title_rows == "$1:$1"


def test_a_sheet_without_rows_says_so_and_has_no_filter(breakdown: Breakdown) -> None:
    """An empty page once left open whether anything was missing from it."""
    book = load_workbook(BytesIO(render_workbook(replace(breakdown, moves=(), unplaced=()))))
    for title, words in (("Moves", "Nobody is moved."), ("Unplaced", "Everybody has a place.")):
        assert [c.value for c in book[title][2] if c.value is not None] == [words]
        assert book[title].auto_filter.ref is None


def test_the_workbook_speaks_in_words_and_leaves_room_to_sign(breakdown: Breakdown) -> None:
    """The move list for machines has codes; the printed one once had them too."""
    book = load_workbook(BytesIO(render_workbook(breakdown)))
    moves = book["Moves"]
    head = [cell.value for cell in moves[1]]
    assert head[0] == "Person id"
    assert head[-2:] == ["Decision", "Name and date"]
    reasons = {cell.value for cell in moves["I"][1:]}
    assert "Exposure reduction" in reasons
    assert not any("_" in str(value) for value in reasons)
    for title in ("Moves", "Derogations"):
        last = book[title][2][-1]
        assert last.value is None
        assert last.border.left.style == last.border.bottom.style == "thin"
    assert "m² per place" in [cell.value for cell in book["Space"][1]]


def test_wrapped_texts_have_room_and_numbers_stand_apart(breakdown: Breakdown) -> None:
    """Some programs open a row at one line's height; texts then lay over one another."""
    long = replace(breakdown.derogations[0], detail="eighteen characters " * 5)
    short = replace(long, detail="short", words="short")
    book = load_workbook(BytesIO(render_workbook(replace(breakdown, derogations=(long, short)))))
    sheet = book["Derogations"]
    assert (sheet.row_dimensions[2].height or 0) >= 3 * 13
    assert sheet.row_dimensions[3].height is None
    points, role = sheet["G2"], sheet["H2"]
    assert (points.alignment.horizontal, points.alignment.indent) == ("right", 1)
    assert sheet["G1"].alignment.horizontal == "right"
    assert (role.alignment.horizontal, role.alignment.indent) == ("left", 1)


def test_the_same_plan_gives_the_same_bytes(
    breakdown: Breakdown, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_report(breakdown, plan, tmp_path / "a")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    later = replace(plan, seconds=plan.seconds + 7.3)
    again = break_down(sample_scenario(), later, Reader.SECURITY)
    second = write_report(again, later, tmp_path / "b")
    assert [path.name for path in first] == ["moves.csv", "moves.xlsx", "report.html"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    book = load_workbook(tmp_path / "a" / "moves.xlsx")
    assert book.properties.modified is not None
    assert book.properties.modified.date() == breakdown.day


def test_a_breakdown_of_another_plan_is_refused(
    breakdown: Breakdown, plan: Plan, tmp_path: Path
) -> None:
    with pytest.raises(InternalError, match="do not belong together"):
        write_report(breakdown, replace(plan, scenario_name="other"), tmp_path)
    assert list(tmp_path.iterdir()) == []
