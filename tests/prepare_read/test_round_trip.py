"""Whatever a scenario holds, each form of it reads back as the same scenario."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import ConfigError
from allocator.jobs.scenario_output import write_scenario
from allocator.prepare.document import scenario_document
from allocator.prepare.read import read_scenario, read_scenario_document
from tests.complete import COMPLETE_DOCUMENT

SIGNS = st.characters(exclude_categories=["C"])
TEXTS = st.one_of(
    st.text(SIGNS, min_size=1, max_size=12),
    st.sampled_from(
        ["0012", "1e5", "true", "2026-03-02", "_x0041_", "_x005F_x0041_", "'=1", '"a",b', "a;b",
         "{x", "[x]", "#N/A", "x\u00a0y", "12345678901234567890", "a\u0301", "1,5", "&amp;<b>"]
    ),
).map(str.strip).filter(lambda t: t and t[0] not in "=+-@")  # fmt: skip
NAMES = TEXTS.filter(lambda t: "|" not in t)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat)
SIZES = st.floats(0, 500, exclude_min=True)


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    """The complete document with other words, names, sizes and days."""
    made = copy.deepcopy(COMPLETE_DOCUMENT)
    made["name"] = draw(TEXTS)
    made["description"] = draw(st.lists(TEXTS, max_size=2).map("\n".join))
    made["sources"] = draw(st.lists(TEXTS, max_size=3))
    for unit in made["units"][:2]:
        unit["name"] = draw(TEXTS)
        unit["programmes"] = draw(st.lists(NAMES, max_size=3, unique=True))
    made["cells"][0]["area_m2"] = draw(SIZES)
    person = made["people"][0]
    person["home_area"], person["arrived_at"] = draw(NAMES), draw(DAYS)
    made["stable_pairs"] = made["stable_pairs"] if draw(st.booleans()) else []
    return made


def json_text(document: dict[str, Any], place: Path) -> Path:
    path = place / "s.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def written(name: str, form: str) -> Callable[[dict[str, Any], Path], Path]:
    def write(document: dict[str, Any], place: Path) -> Path:
        write_scenario(document, place / name, form)
        return place / name

    return write


FORMS: dict[str, Callable[[dict[str, Any], Path], Path]] = {
    "json": json_text,
    "csv": written("s", "csv"),
    "xlsx": written("s.xlsx", "csv"),
    "parquet": written("s", "parquet"),
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=6, deadline=None)
@given(document=documents())
def test_every_form_reads_back_equal(form: str, document: dict[str, Any]) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    expected = read_scenario_document(document)
    with TemporaryDirectory() as name:
        found = read_scenario(FORMS[form](document, Path(name)))
    assert found == expected
    assert found.content_hash == expected.content_hash


def test_what_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    document = COMPLETE_DOCUMENT | {"sources": ["x" * 9_000] * 4}
    with pytest.raises(ConfigError, match="use JSON"):
        write_scenario(document, tmp_path / "s.xlsx")
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=6, deadline=None)
@given(document=documents())
def test_a_scenario_is_its_document(document: dict[str, Any]) -> None:
    scenario = read_scenario_document(document)
    assert read_scenario_document(scenario_document(scenario)) == scenario
