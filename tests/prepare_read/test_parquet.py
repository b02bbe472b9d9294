"""Parquet tables: read as CSV is, with its messages, and refused where they are too much."""

import io
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.errors import ConfigError, ScenarioError
from allocator.prepare import tables_parquet
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.prepare.table_specs import tables
from allocator.prepare.write import write_scenario_folder
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.small import only_problem, problems_of, write_folder

PEOPLE: dict[str, list[Any]] = {
    "person_id": ["p1", "p2"],
    "sex": ["M", "M"],
    "age_years": [30, 40],
    "legal_category": ["sentenced", "sentenced"],
    "current_place": ["C1", "C2"],
}


def folder_with(tmp_path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """The small scenario with people as a Parquet file."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    folder = write_folder(tmp_path / "s", {"people.csv": None})
    pq.write_table(pa.table(columns), folder / "people.parquet", **options)
    return folder


def test_all_tables_as_parquet_are_the_same_scenario(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    write_scenario_folder(COMPLETE_DOCUMENT, tmp_path / "s", "parquet")
    names = {path.name for path in (tmp_path / "s").iterdir()}
    assert names == {"scenario.yaml", *(f"{name}.parquet" for name in tables())}
    assert read_scenario(tmp_path / "s") == read_scenario_document(COMPLETE_DOCUMENT)


def test_columns_are_typed(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    write_scenario_folder(COMPLETE_DOCUMENT, tmp_path / "s", "parquet")
    schema = pq.read_schema(tmp_path / "s" / "people.parquet")
    assert schema.field("age_years").type == pa.int64()
    assert schema.field("arrived_at").type == pa.date32()
    assert schema.field("needs").type == pa.list_(pa.string())
    assert schema.field("out").type == pa.bool_()
    assert schema.field("person_id").type == pa.string()


@pytest.mark.parametrize(
    ("column", "values", "place", "code"),
    [
        ("age_years", [30, 7], (3, "age_years"), "value_out_of_range"),
        ("age_years", [30.0, 40.5], (3, "age_years"), "value_not_whole_number"),
        ("age_years", [30.0, float("nan")], (3, "age_years"), "value_not_finite"),
        ("age_years", [30, None], (3, "age_years"), "value_missing"),
        ("sex", ["M", "X"], (3, "sex"), "value_not_listed"),
        ("current_place", ["C1", "C9"], (3, "current_place"), "cell_unknown"),
        ("person_id", ["p1", "=1+1"], (3, "person_id"), "formula_refused"),
        ("person_id", [1.0, 2e20], (3, "person_id"), "value_not_text"),
        ("person_id", [b"p1", b"p2"], (2, "person_id"), "value_not_text"),
        ("needs", [["MEDICAL"], ["A|B"]], (3, "needs"), "separator_in_id"),
        ("arrived_at", [None, datetime(2026, 1, 2, 3)], (3, "arrived_at"), "date_invalid"),  # noqa: DTZ001
        ("religion", ["x", None], (1, "religion"), "column_refused"),
        ("home_area", ["x" * 101, None], (2, "home_area"), "field_too_long"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_of_csv(
    tmp_path: Path, column: str, values: list[Any], place: tuple[int, str], code: str
) -> None:
    folder = folder_with(tmp_path, PEOPLE | {column: values})
    found = {(p.file, p.row, p.column, p.code) for p in problems_of(folder)}
    assert ("people.parquet", *place, code) in found


def test_values_of_usual_types_are_read(tmp_path: Path) -> None:
    columns = {
        "age_years": [30.0, 40.0],
        "person_id": [7, 1234567890123456789],
        "arrived_at": [date(2026, 1, 2), None],
        "last_moved_at": [datetime(2026, 1, 3), None],  # noqa: DTZ001
        "out": [True, None],
    }
    first, second = read_scenario(folder_with(tmp_path, PEOPLE | columns)).people[::-1]
    assert (first.person_id, second.person_id) == ("7", "1234567890123456789")
    assert (first.arrived_at, first.last_moved_at) == (date(2026, 1, 2), date(2026, 1, 3))
    assert (first.age_years, first.out, second.out) == (30, True, False)


def test_a_text_repeated_endlessly_is_not_unpacked(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    rows = 300_000
    places = pa.array([0] * rows, pa.int32())
    columns: dict[str, Any] = {
        name: pa.DictionaryArray.from_arrays(places, values[:1]) for name, values in PEOPLE.items()
    }
    columns["home_area"] = pa.DictionaryArray.from_arrays(places, ["x" * 5_000_000])
    folder = folder_with(tmp_path, columns, store_schema=False)
    assert (folder / "people.parquet").stat().st_size < 6_000_000
    problem = next(p for p in problems_of(folder) if p.column == "home_area")
    assert (problem.row, problem.code) == (None, "field_too_long")


def test_more_than_allowed_is_refused_from_its_description(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    problem = only_problem(folder_with(tmp_path, {"person_id": [1] * 500_001}))
    assert (problem.file, problem.code) == ("people.parquet", "parquet_too_large")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\xff" * 40 + b"PAR1"])
def test_damaged_files(tmp_path: Path, data: bytes) -> None:
    pytest.importorskip("pyarrow")
    folder = write_folder(tmp_path / "s", {"people.csv": None, "people.parquet": data})
    problem = only_problem(folder)
    assert (problem.file, problem.code) == ("people.parquet", "parquet_malformed")


def test_two_forms_of_a_table_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "s", {"people.parquet": b"PAR1"})
    problem = only_problem(folder)
    assert problem.code == "file_twice"
    assert "people.parquet" in problem.found


def test_without_pyarrow_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    folder = write_folder(tmp_path / "s", {"people.csv": None, "people.parquet": b"PAR1"})
    with pytest.raises(ConfigError, match=r"allocator\[parquet\]"):
        read_scenario(folder)
    out = tmp_path / "out"
    words = ["scenario", "export", "scenarios/f14_sep_3", "--form", "parquet", "--out", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "pip install" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_pyarrow_is_imported_for_parquet_alone(tmp_path: Path) -> None:
    write_folder(tmp_path / "s", {})
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from allocator.prepare.read import read_scenario\n"
        f"read_scenario(Path({str(tmp_path / 's')!r}))\n"
        "print({'pyarrow', 'openpyxl', 'python_calamine'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "set()"


def test_a_written_table_has_its_values_and_columns_in_use() -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = [tables()["cells"].columns[name] for name in ("cell_id", "area_m2", "certified")]
    rows: list[dict[str, Any]] = [
        {"cell_id": "c1", "area_m2": 8, "certified": False},
        {"cell_id": "c2"},
    ]
    data = tables_parquet.table_parquet(columns, rows)
    assert pq.read_table(io.BytesIO(data)).to_pylist() == [
        {"cell_id": "c1", "area_m2": 8.0, "certified": False},
        {"cell_id": "c2", "area_m2": None, "certified": None},
    ]


def test_the_whole_scenario_or_nothing(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, PEOPLE | {"sex": ["X", "X"], "age_years": [1, 2]})
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert [p.pointer for p in caught.value.problems] == [
        f"/people/{at}/{name}" for at in (0, 1) for name in ("age_years", "sex")
    ]
