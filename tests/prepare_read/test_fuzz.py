"""Any bytes at all as a file of any form: read, or refused with the documented error, and soon."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.errors import PlanError, ScenarioError
from allocator.jobs.archive import archive_document
from allocator.prepare.plan_document import read_plan
from allocator.prepare.read import read_scenario
from allocator.prepare.table_specs import tables
from allocator.prepare.tables_parquet import table_parquet
from tests.prepare_read.small import SMALL, write_folder
from tests.scenario_documents import document

MOST_BYTES_OF_MEMORY = 60_000_000
PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b"\0", b"\xff", b'"', b",", b"\n", b"|", b"=", b"[", b"{", b"]]>", b"<f>", b"&#0;", b"PK",
         b"PK\x01\x02", b"PAR1", b"\xff\xff\xff\x7f", b"-1", b"1e999", b"9" * 300, b"NaN",
         b"religion", b"\\ud800", b"&a", b"*a", b"!!python/object:x", b"\xef\xbb\xbf"]
    ),
)  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Some pieces put in the place of others, anywhere."""
    made = draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES), max_size=4))

    def edit(data: bytes) -> bytes:
        for where, length, piece in made:
            at = int(where * len(data))
            data = data[:at] + piece + data[at + length :]
        return data

    return edit


def small_people() -> list[list[str]]:
    return [line.split(",") for line in SMALL["people.csv"].splitlines()]


@cache
def workbook() -> bytes:
    """The small scenario's people as a workbook."""
    book = openpyxl.Workbook()
    for row in small_people():
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def whole_workbook() -> bytes:
    """The small scenario as one workbook."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "scenario"
    lines = [line.split(": ") for line in SMALL["scenario.yaml"].splitlines()]
    for row in [["key", "value"], *lines]:
        sheet.append(row)
    for name in ("units", "cells", "people"):
        sheet = book.create_sheet(name)
        for line in SMALL[f"{name}.csv"].splitlines():
            sheet.append([text or None for text in line.split(",")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def parquet() -> bytes:
    header, *rows = small_people()
    columns = [tables()["people"].columns[name] for name in header]
    kinds = {"age_years": int}
    typed = [{n: kinds.get(n, str)(v) for n, v in zip(header, row, strict=True)} for row in rows]
    return table_parquet(columns, typed)


@cache
def archive() -> bytes:
    return zipped({name: text.encode() for name, text in SMALL.items()})


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def inside(data: bytes, edit: Callable[[bytes], bytes], number: int) -> bytes:
    """A zip file in which one part was edited, so that sizes and check sums fit."""
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    name = sorted(parts)[number % len(parts)]
    return zipped(parts | {name: edit(parts[name])})


def as_table(name: str) -> Callable[[bytes, Path], object]:
    def read(data: bytes, place: Path) -> object:
        files: dict[str, str | bytes | None] = {f"{name.partition('.')[0]}.csv": None, name: data}
        return read_scenario(write_folder(place / "s", files))

    return read


def as_file(name: str) -> Callable[[bytes, Path], object]:
    def read(data: bytes, place: Path) -> object:
        (place / name).write_bytes(data)
        return read_scenario(place / name)

    return read


def as_plan(data: bytes, place: Path) -> object:
    (place / "plan.json").write_bytes(data)
    return read_plan(place / "plan.json")


READERS: dict[str, tuple[Callable[[bytes, Path], object], Callable[[], bytes]]] = {
    "csv": (as_table("people.csv"), SMALL["people.csv"].encode),
    "yaml": (as_table("scenario.yaml"), SMALL["scenario.yaml"].encode),
    "json": (as_file("s.json"), lambda: json.dumps(document()).encode()),
    "plan": (as_plan, lambda: b'{"schema_version": 1, "placements": [], "caveat": ""}'),
    "table xlsx": (as_table("people.xlsx"), workbook),
    "xlsx": (as_file("s.xlsx"), whole_workbook),
    "zip": (lambda data, _: archive_document(data), archive),
    "parquet": (as_table("people.parquet"), parquet),
}
QUICK = settings(max_examples=6, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(form: str, data: bytes) -> None:
    """Nothing but the documented error, whose problems have all their parts."""
    read, _ = READERS[form]
    refused: ScenarioError | None = None
    with TemporaryDirectory() as name:
        try:
            read(data, Path(name))
        except ScenarioError as error:
            refused = error
    if refused is None:
        return
    assert isinstance(refused, PlanError) == (form == "plan")
    assert refused.problems
    for problem in refused.problems:
        assert all((problem.file, problem.code, problem.found, problem.allowed))
        assert str(problem).isprintable()


@pytest.mark.parametrize("form", [form for form in READERS if form != "plan"])
def test_unedited_files_are_read(form: str, tmp_path: Path) -> None:
    needs(form)
    read, valid = READERS[form]
    read(valid(), tmp_path)


def needs(form: str) -> None:
    if form == "parquet" and find_spec("pyarrow") is None:
        pytest.skip("pyarrow is an extra")


@pytest.mark.parametrize("form", READERS)
@QUICK
@given(data=st.binary(max_size=200))
def test_any_bytes(form: str, data: bytes) -> None:
    needs(form)
    read_or_refuse(form, data)


@pytest.mark.parametrize("form", READERS)
@QUICK
@given(edit=edits())
def test_edited_files(form: str, edit: Callable[[bytes], bytes]) -> None:
    needs(form)
    read_or_refuse(form, edit(READERS[form][1]()))


@pytest.mark.parametrize("form", ["table xlsx", "xlsx", "zip"])
@QUICK
@given(edit=edits(), number=st.integers(0, 20))
def test_edited_parts_of_archives(form: str, edit: Callable[[bytes], bytes], number: int) -> None:
    read_or_refuse(form, inside(READERS[form][1](), edit, number))


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("csv", b'person_id\n"' + b"x" * 2_000_000),
        ("csv", b"," * 1_000_000),
        ("yaml", b"a: " + b"[" * 150_000),
        ("json", b"[" * 1_000_000),
        ("json", b'{"people": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        ("zip", zipped({"people.csv": b"0" * 30_000_000})),
        ("xlsx", zipped({"xl/workbook.xml": b"0" * 30_000_000})),
    ],
)
def test_memory_and_time_are_bounded(form: str, data: bytes) -> None:
    tracemalloc.start()
    try:
        read_or_refuse(form, data)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES_OF_MEMORY
    finally:
        tracemalloc.stop()
