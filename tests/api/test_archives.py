"""Scenarios as zip archives: the same reader and messages as a folder, and nothing that hurts."""

import io
import struct
import warnings
import zipfile
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import ScenarioError
from allocator.jobs.archive import archive_document
from allocator.jobs.task import read_source
from allocator.prepare.archive import MOST_ENTRIES
from allocator.prepare.write import write_scenario_folder
from allocator.service.access.roles import Role
from tests.api.conftest import Connect
from tests.scenario_documents import document

ZIP = {"Content-Type": "application/zip"}
PLANNER = Role.PLANNER


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """A scenario folder by file name."""
    folder = tmp_path / "prison"
    write_scenario_folder(document(3), folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def packed(files: dict[str, bytes], prefix: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return out.getvalue()


def check(connect: Connect, data: bytes) -> dict[str, Any]:
    answer = connect(PLANNER).post("/v1/scenarios:check", content=data, headers=ZIP)
    assert answer.status_code == HTTPStatus.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("prefix", ["", "prison/"])
def test_an_archive_is_the_scenario_of_its_folder(
    connect: Connect, files: dict[str, bytes], prefix: str
) -> None:
    mine = {f"{prefix}{name}": content for name, content in files.items()}
    if prefix:
        mine |= {"prison/README.md": b"hello", "prison/.DS_Store": b"x", "prison/": b""}
        mine |= {"__MACOSX/prison/._people.csv": b"x"}
    data = packed(mine)
    client = connect(PLANNER)
    assert check(connect, data)["valid"] is True
    sent = ZIP | {"Idempotency-Key": "zip"}
    made, again = (client.post("/v1/scenarios", content=data, headers=sent) for _ in range(2))
    assert made.status_code == HTTPStatus.CREATED, made.text
    assert again.json() == made.json()
    assert made.json()["content_hash"] == read_source(document(3)).content_hash
    found = client.get(f"{made.headers['Location']}/versions/1").json()["document"]
    assert [row["person_id"] for row in found["people"]] == ["P1", "P2", "P3"]


def test_what_is_wrong_in_a_table_is_said_with_file_row_and_field(
    connect: Connect, files: dict[str, bytes]
) -> None:
    lines = files["people.csv"].decode().splitlines()
    column = lines[0].split(",").index("age_years")
    row = lines[2].split(",")
    row[column] = "old"
    lines[2] = ",".join(row)
    bad = packed(files | {"people.csv": "\n".join(lines).encode()}, "prison/")
    found = check(connect, bad)
    assert found["valid"] is False
    places = {(p["file"], p["row"], p["column"]) for p in found["problems"]}
    assert places == {("people.csv", 3, "age_years")}
    refused = connect(PLANNER).post("/v1/scenarios", content=bad, headers=ZIP)
    assert (refused.status_code, refused.json()["code"]) == (422, "scenario_invalid")
    assert refused.json()["errors"] == found["problems"]
    missing = check(connect, packed({"people.csv": files["people.csv"]}))
    assert "scenario.yaml" in {p["file"] for p in missing["problems"]}


def link(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO(packed(files))
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("cells2.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def twice(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO(packed(files))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("PEOPLE.csv", files["people.csv"])
    return out.getvalue()


def encrypted(files: dict[str, bytes]) -> bytes:
    data = bytearray(packed(files))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def lying(files: dict[str, bytes]) -> bytes:
    """The list of entries says that a table of 60 MB has 10 bytes."""
    data = bytearray(packed(files | {"people.csv": b"0" * 60_000_000}))
    at = data.index(b"people.csv", data.index(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def with_name(name: str) -> Any:
    return lambda files: packed(files | {name: files["people.csv"]})


CRAFTED: dict[str, tuple[Any, str]] = {
    "up": (with_name("../people.csv"), "archive_entry_refused"),
    "up within": (with_name("prison/../../people.csv"), "archive_entry_refused"),
    "absolute": (with_name("/etc/people.csv"), "archive_entry_refused"),
    "backslash": (with_name("..\\people.csv"), "archive_entry_refused"),
    "drive": (with_name("C:people.csv"), "archive_entry_refused"),
    "nested": (with_name("a/b/people.csv"), "archive_entry_refused"),
    "two folders": (with_name("b/locks.csv"), "archive_entry_refused"),
    "spreadsheet": (with_name("people.xlsx"), "archive_entry_refused"),
    "link": (link, "archive_entry_refused"),
    "twice": (twice, "archive_entry_refused"),
    "encrypted": (encrypted, "archive_entry_refused"),
    "bzip2": (lambda files: packed(files, method=zipfile.ZIP_BZIP2), "archive_entry_refused"),
    "lzma": (lambda files: packed(files, method=zipfile.ZIP_LZMA), "archive_entry_refused"),
    "bomb": (
        lambda files: packed(files | {"people.csv": b"0" * 300_000_000}),
        "archive_too_large",
    ),
    "bomb that says it is small": (lying, "archive_malformed"),
    "many entries": (
        lambda _: packed({f"{n}.csv": b"" for n in range(MOST_ENTRIES + 1)}),
        "archive_too_large",
    ),
    "no archive": (lambda _: b"people,cells\n", "archive_malformed"),
    "nothing": (lambda _: b"", "archive_malformed"),
    "cut off": (lambda files: packed(files)[:-40], "archive_malformed"),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_crafted_archives_are_refused_and_leave_nothing(
    connect: Connect, files: dict[str, bytes], name: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    craft, code = CRAFTED[name]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    found = check(connect, craft(files))
    assert found["valid"] is False
    assert {problem["code"] for problem in found["problems"]} == {code}, found
    left = [path for path in sorted(tmp_path.rglob("*")) if path not in before]
    assert not [path for path in left if path.name.startswith("allocator-")]
    assert connect(PLANNER).get("/v1/scenarios").json()["scenarios"] == []


def test_a_damaged_byte_is_a_problem_and_no_fault(files: dict[str, bytes]) -> None:
    """Every byte of a small archive turned over: read as the same, or refused; nothing else."""
    names = ("scenario.yaml", "units.csv", "cells.csv", "people.csv")
    data = packed({name: files[name] for name in names})
    whole = archive_document(data)
    for at in range(0, len(data), 7):
        damaged = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        with suppress(ScenarioError):
            assert archive_document(damaged)["people"] == whole["people"], at


def test_other_kinds_of_body_are_told_what_to_send(connect: Connect) -> None:
    for media_type in ("text/csv", "multipart/form-data", ""):
        headers = {"Content-Type": media_type} if media_type else {}
        answer = connect(PLANNER).post("/v1/scenarios", content=b"x", headers=headers)
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert "application/zip" in answer.json()["user_message"]
    listed = connect(PLANNER).post("/v1/scenarios", json=[1])
    assert listed.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
