"""The list of placements: what is written in each form is read back equal, and nothing more."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.cli.export import FORMS as OFFERED
from allocator.explain.placement_list import COLUMNS, PlacementLine, placement_list
from allocator.jobs.outputs import write_json
from allocator.jobs.request import PlanRequest
from allocator.model.catalogue import GoalId, RuleId
from allocator.prepare.plan_document import plan_document
from allocator.prepare.read import read_scenario
from allocator.report.form import STATUS
from allocator.report.placement_files import FORMS, PlacementList, render_list
from tests.jobs.fakes import first_fit
from tests.report.sample import sample_plan, sample_scenario
from tests.scenario_documents import document, write

FORMULA = ("=", "+", "-", "@")
IDS = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="|'"), max_size=9)
LINES = st.builds(PlacementLine, **dict.fromkeys(COLUMNS, IDS))
LISTS = st.builds(
    PlacementList, st.just("prison"), st.just(date(2026, 3, 2)), st.lists(LINES, max_size=4)
)


def unguarded(row: dict[str, Any]) -> dict[str, str]:
    """A row as it was before a spreadsheet was kept from taking text for a formula."""
    texts = {name: value or "" for name, value in row.items()}
    return {n: t[1:] if t[:1] == "'" and t[1:2] in FORMULA else t for n, t in texts.items()}


def from_csv(data: bytes) -> list[dict[str, str]]:
    return [unguarded(row) for row in csv.DictReader(StringIO(data.decode("utf-8"), newline=""))]


def from_json(data: bytes) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(data)["placements"]
    return rows


def from_xlsx(data: bytes) -> list[dict[str, str]]:
    sheet: Any = load_workbook(BytesIO(data)).active
    header, *rows = sheet.iter_rows(values_only=True)
    return [unguarded(dict(zip(header, row, strict=True))) for row in rows]


def from_parquet(data: bytes) -> list[dict[str, str]]:
    import pyarrow.parquet as pq

    rows = pq.read_table(BytesIO(data)).to_pylist()
    return [{name: value or "" for name, value in row.items()} for row in rows]


READERS: dict[str, Callable[[bytes], list[dict[str, str]]]] = {
    "csv": from_csv,
    "json": from_json,
    "xlsx": from_xlsx,
    "parquet": from_parquet,
}


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=20, deadline=None)
@given(made=LISTS)
def test_what_is_written_is_read_back_equal(form: str, made: PlacementList) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    assert READERS[form](render_list(made, form)) == [asdict(line) for line in made.lines]


@settings(max_examples=20, deadline=None)
@given(made=LISTS)
def test_the_page_shows_every_text_and_runs_none(made: PlacementList) -> None:
    page = render_list(made, "html").decode("utf-8")
    assert "<script" not in page
    assert STATUS in page
    assert len(re.findall(r"<tr>", page)) == len(made.lines) + bool(made.lines)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("start", FORMULA)
def test_no_cell_is_a_formula(form: str, start: str) -> None:
    line = PlacementLine(*[f"{start}cmd|' /C calc'!A0"] * len(COLUMNS))
    data = render_list(PlacementList("p", date(2026, 3, 2), [line]), form)
    if form == "csv":
        (row,) = csv.DictReader(StringIO(data.decode()))
        assert all(value.startswith(f"'{start}") for value in row.values())
    else:
        sheet: Any = load_workbook(BytesIO(data)).active
        assert {(cell.data_type, cell.value[:2]) for cell in sheet[2]} == {("s", f"'{start}")}


def test_everybody_is_listed_once_with_places_alone() -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    lines = placement_list(scenario, plan)
    assert [line.person_id for line in lines] == sorted(p.person_id for p in plan.placements)
    planned = {p.person_id: p for p in plan.placements}
    for line in lines:
        placement = planned[line.person_id]
        assert (line.place_now, line.planned_cell) == (
            placement.from_place or "",
            placement.cell_id or "",
        )
    changed = placement_list(scenario, plan, only_changes=True)
    assert {line.person_id for line in changed} == {p.person_id for p in plan.moves}
    assert {line.change for line in lines} == {"stays", "moves", "first_placement", "no_place"}
    moved = next(line for line in lines if line.change == "moves")
    assert (
        moved.planned_wing
        == scenario.estate.wing_of(scenario.estate.cell_by_id[moved.planned_cell]).unit_id
    )
    text = json.dumps([asdict(line) for line in lines])
    assert not any(number[:3] in text for number in (*RuleId, *GoalId))


def test_the_forms_of_the_command_are_those_there_are() -> None:
    assert set(OFFERED) == set(FORMS)


def test_the_command_writes_a_verified_plan_and_no_other(tmp_path: Path) -> None:
    run = CliRunner().invoke
    source = write(tmp_path / "s.json", document(3, (2, 1, 1)))
    plan = first_fit(read_scenario(source), PlanRequest("quick", workers=1)).plan
    write_json(tmp_path / "out" / "plan.json", plan_document(plan))
    words = ["export", str(source), str(tmp_path / "out")]
    for form in ("csv", "json", "xlsx", "html"):
        file = tmp_path / f"list.{form}"
        assert run(app, [*words, "--out", str(file)]).exit_code == 0
        assert run(app, [*words, "--out", str(file)]).exit_code == 2  # nothing is written over
    found = from_csv((tmp_path / "list.csv").read_bytes())
    assert [row["change"] for row in found] == ["first_placement"] * 3
    assert found == from_xlsx((tmp_path / "list.xlsx").read_bytes())
    assert run(app, [*words, "--out", str(tmp_path / "list.ods")]).exit_code == 2
    false = replace(plan, placements=plan.placements[1:])
    write_json(tmp_path / "plan.json", plan_document(false))
    refused = run(app, ["export", str(source), str(tmp_path / "plan.json"), "--out", "list.csv"])
    assert refused.exit_code == 2
    assert not Path("list.csv").exists()
