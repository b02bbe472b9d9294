"""Files that are missing, damaged, in a wrong encoding or hostile."""

import os
import time
from pathlib import Path

import pytest

from allocator.errors import ScenarioError
from allocator.prepare.read import read_scenario
from tests.prepare_read.small import SMALL, changed, only_problem, problems_of, write_folder

PEOPLE = SMALL["people.csv"]


def test_missing_required_file(tmp_path: Path) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {"people.csv": None}))
    assert (problem.file, problem.row, problem.code) == ("people.csv", None, "file_missing")
    assert "people.csv or people.xlsx" in problem.allowed
    assert "person_id" in problem.action


def test_missing_header_file(tmp_path: Path) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {"scenario.yaml": None}))
    assert (problem.file, problem.code) == ("scenario.yaml", "file_missing")


def test_missing_folder(tmp_path: Path) -> None:
    problem = only_problem(tmp_path / "nowhere")
    assert (problem.file, problem.code) == ("nowhere", "file_missing")


def test_missing_optional_files_are_empty_tables(tmp_path: Path) -> None:
    scenario = read_scenario(write_folder(tmp_path / "s", {}))
    assert [len(scenario.people), len(scenario.estate.cells), len(scenario.findings)] == [2, 2, 0]


def test_unknown_cells_are_not_blamed_on_an_unreadable_table(tmp_path: Path) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {"cells.csv": b"\xff\xfec\x00"}))
    assert problem.code == "wrong_encoding"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (PEOPLE.encode("utf-16"), "UTF-16 text (byte order mark at byte 0)"),
        (PEOPLE.encode("utf-16-le"), "UTF-16 text without byte order mark (NUL at byte 1)"),
        (PEOPLE.encode("utf-32"), "UTF-32"),
        (PEOPLE.replace("p1", "pë").encode("latin-1"), "Latin-1 or Windows-1252 text: byte 0xEB"),
    ],
)
def test_wrong_encoding_is_named(tmp_path: Path, data: bytes, word: str) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {"people.csv": data}))
    assert (problem.file, problem.code) == ("people.csv", "wrong_encoding")
    assert word in problem.found
    assert "UTF-8" in problem.action


def test_latin_1_names_byte_and_line(tmp_path: Path) -> None:
    data = PEOPLE.replace("p2", "ë").encode("latin-1")
    problem = only_problem(write_folder(tmp_path / "s", {"people.csv": data}))
    assert f"at byte {data.index(0xEB)}, line 3" in problem.found


def test_byte_order_mark_semicolons_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    plain = read_scenario(write_folder(tmp_path / "a", {}))
    text = "\ufeff" + PEOPLE.replace(",", ";").replace("\n", "\r\n") + ";;;;\r\n"
    other = read_scenario(write_folder(tmp_path / "b", {"people.csv": text}))
    assert other == plain


def test_nul_byte(tmp_path: Path) -> None:
    problem = only_problem(write_folder(tmp_path / "s", changed("people.csv", "p2", "p\0")))
    assert (problem.file, problem.row, problem.code) == ("people.csv", 3, "nul_byte")
    assert "byte" in problem.found


def test_empty_file(tmp_path: Path) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {"people.csv": "\n,,\n"}))
    assert (problem.file, problem.code) == ("people.csv", "file_empty")
    assert "person_id" in problem.allowed


@pytest.mark.parametrize(
    ("old", "new", "row", "word"),
    [
        ("p2,M,40,sentenced,C2", "p2,M,40,sentenced", 3, "4 fields"),
        ("p2,M,40,sentenced,C2", "p2,M,40,sentenced,C2,,x", 3, "7 fields"),
    ],
)
def test_ragged_row(tmp_path: Path, old: str, new: str, row: int, word: str) -> None:
    problem = only_problem(write_folder(tmp_path / "s", changed("people.csv", old, new)))
    assert (problem.file, problem.row, problem.code) == ("people.csv", row, "ragged_row")
    assert word in problem.found
    assert "5 fields" in problem.allowed


@pytest.mark.parametrize("new", ['"p2,M', '"p2"x,M'])
def test_broken_quotes(tmp_path: Path, new: str) -> None:
    problem = only_problem(write_folder(tmp_path / "s", changed("people.csv", "p2,M", new)))
    assert (problem.file, problem.row, problem.code) == ("people.csv", 3, "csv_malformed")


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = PEOPLE.replace("p1", '"p\n1"').replace("p2,M,40", "\np2,M,400")
    problems = problems_of(write_folder(tmp_path / "s", {"people.csv": text}))
    assert [(p.row, p.column) for p in problems] == [(2, "person_id"), (4, "age_years")]


def test_csv_and_xlsx_of_one_table(tmp_path: Path) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {"people.xlsx": b""}))
    assert (problem.file, problem.code) == ("people.csv", "file_twice")
    assert "people.xlsx" in problem.found


@pytest.mark.parametrize("name", ["People.csv", "peoples.csv", "non-associations.csv", "cells.xls"])
def test_files_named_almost_like_a_table(tmp_path: Path, name: str) -> None:
    problem = only_problem(write_folder(tmp_path / "s", {name: "x\n"}))
    assert (problem.file, problem.code) == (name, "file_name_unknown")
    assert "Did you mean" in problem.action


def test_other_files_may_lie_beside_the_tables(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"README.md": "x", "moves-2026.csv": "x", "p.json": "{"}
    assert read_scenario(write_folder(tmp_path / "s", files)).name == "small"


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "s", {"people.csv": None})
    outside = tmp_path / "outside.csv"
    outside.write_text(PEOPLE)
    (folder / "people.csv").symlink_to(outside)
    problem = only_problem(folder)
    assert (problem.file, problem.code, problem.found) == (
        "people.csv",
        "file_not_regular",
        "a link",
    )


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "s", {"people.csv": None})
    os.mkfifo(folder / "people.csv")
    assert only_problem(folder).code == "file_not_regular"


def test_too_large_file(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "s", {})
    with (folder / "people.csv").open("wb") as file:
        file.truncate(200_000_001)
    problem = only_problem(folder)
    assert (problem.file, problem.code) == ("people.csv", "file_too_large")
    assert "200 MB" in problem.allowed


def test_ten_megabytes_in_one_field_end_quickly(tmp_path: Path) -> None:
    started = time.perf_counter()
    problem = only_problem(
        write_folder(tmp_path / "s", changed("people.csv", "p2", "p" * 10_000_000))
    )
    assert (problem.row, problem.column, problem.code) == (3, "person_id", "field_too_long")
    assert len(problem.found) <= 80
    assert time.perf_counter() - started < 10


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "scenario.yaml": "schema_version: 2\nname: small\nday: 2026-02-31\nrelgion: x\n",
        "units.csv": SMALL["units.csv"].replace("wing,F", "wings,F"),
        "cells.csv": SMALL["cells.csv"].replace("C1,L", "C1,X").replace(",7", ",-7"),
        "people.csv": PEOPLE.replace("p1,M,30", "p1,Q,3").replace(",C2", ",C7"),
        "freezes.csv": "person_id,reason\nnobody,holiday\n",
    }
    problems = problems_of(write_folder(tmp_path / "s", files))
    assert [(p.file, p.row, p.column, p.code) for p in problems] == [
        ("cells.csv", 2, "parent_id", "unit_unknown"),
        ("cells.csv", 3, "area_m2", "value_out_of_range"),
        ("freezes.csv", 1, "until", "column_missing"),
        ("freezes.csv", 2, "person_id", "person_unknown"),
        ("freezes.csv", 2, "reason", "value_not_listed"),
        ("people.csv", 2, "age_years", "value_out_of_range"),
        ("people.csv", 2, "sex", "value_not_listed"),
        ("people.csv", 3, "current_place", "cell_unknown"),
        ("scenario.yaml", None, "day", "date_not_real"),
        ("scenario.yaml", None, "relgion", "key_unknown"),
        ("scenario.yaml", None, "schema_version", "value_not_listed"),
        ("units.csv", 3, "unit_type", "value_not_listed"),
    ]


def test_two_hundred_problems_are_printed_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"q{i},M,5,sentenced,\n" for i in range(350))
    folder = write_folder(tmp_path / "s", {"people.csv": PEOPLE + rows})
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert len(caught.value.problems) == 350
    text = str(caught.value)
    assert text.startswith("The scenario has 350 problems; nothing was written.")
    assert text.count("age_years") == 200
    assert text.endswith("and 150 more")
    assert caught.value.user_message == text
