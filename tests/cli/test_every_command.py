"""What every command has in common: one table over all of them."""

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.cli.common import NOTHING_DONE, WRITERS
from allocator.dry_run import is_dry_run
from allocator.jobs.manner import is_quiet, is_verbose
from allocator.jobs.outputs import write_json
from allocator.jobs.request import PlanRequest
from allocator.prepare.plan_document import plan_document
from allocator.prepare.read import read_scenario_document
from allocator.prepare.write_workbook import scenario_workbook
from allocator.service.root import open_service
from allocator.service.settings import DATABASE_FILE, read_settings
from tests.cli.test_documentation import COMMAND, _commands
from tests.jobs import fakes
from tests.scenario_documents import bad_document, document, write
from tests.service.template import Template

NAMES = {name.removeprefix("allocator "): command for name, command in _commands(COMMAND)}
LOGS_JSON = {"serve", "worker"}
LINES: dict[str, str] = {
    "plan": "plan {good} --out {out}",
    "place": "place {good} P1",
    "order": "order {good} {plan} --out {out}",
    "explain": "explain {good} {plan} P1 --out {out}.html",
    "notice": "notice {good} {plan} P1",
    "conflict": "conflict {good} --out {out}.html",
    "verify": "verify {good} {plan}",
    "diff": "diff {good} {plan} {plan} --out {out}",
    "report": "report {good} --out {out}.html",
    "export": "export {good} {plan} --out {out}.csv",
    "audit-fairness": "audit-fairness {good} {plan} {groups} --out {out}",
    "schema": "schema",
    "scenario list": "scenario list --folder {folder}",
    "scenario show": "scenario show {good}",
    "scenario check": "scenario check {book} --errors-to {out}.xlsx",
    "scenario export": "scenario export {good} --out {out}",
    "scenario template": "scenario template {out}.xlsx",
    "scenario build": "scenario build f14_sep_3 --out {out}",
    "scenario shock": "scenario shock f14_sep_3 arrivals --out {out}",
    "decide lock": "decide lock {good} P1 W-1 --reason health --by officer-2 --in-place",
    "decide forbid": "decide forbid {good} P1 W-1 --reason health --by officer-2 --out {out}",
    "decide reject": "decide reject {good} {plan} P1 --reason health --by officer-2 --out {out}",
    "decide withdraw": "decide withdraw {locked} P1 W-1 --by officer-2 --in-place",
    "decide complain": "decide complain {good} P1 --cell W-1 --reason health --by o --in-place",
    "decide close-complaint": (
        "decide close-complaint {locked} P1 --outcome upheld --by officer-2 --in-place"
    ),
    "config show": "config show",
    "config schema": "config schema",
    "retention": "retention",
    "audit verify": "audit verify",
    "audit head": "audit head --to {out}.heads",
    "audit list": "audit list",
    "user add": "user add ann --role officer --facility F --password-stdin --data {data}",
    "user list": "user list --data {data}",
    "key add": "key add nightly --role planner --facility F --data {data}",
    "key list": "key list --data {data}",
}
"""A line of each command that works in the folder below; the others are tried elsewhere."""
ELSEWHERE = {
    "compare", "curve", "locks", "batch", "serve", "worker", "backup", "restore", "erase",
    "user disable", "user roles", "user password", "key revoke",
}  # fmt: skip
BOOK = cache(lambda: scenario_workbook(bad_document()))
SLOW = {"plan", "conflict"}  # their JSON is in test_exit_codes


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: Template) -> dict[str, Path]:
    """A scenario, its plan, a workbook with an error, and the data of a service."""
    good = write(tmp_path / "in" / "good.json", document(3, (2, 1)))
    locked = document(3, (2, 1))
    locked["locks"] = [
        {"person_id": "P1", "cell_id": "W-1", "kind": "lock", "reason": "health",
         "by": "officer-1", "at": "2026-01-10"}
    ]  # fmt: skip
    locked["complaints"] = [
        {"person_id": "P1", "cell_id": "W-1", "reason": "health", "by": "officer-1",
         "opened_at": "2026-01-12"}
    ]  # fmt: skip
    write(tmp_path / "in" / "locked.json", locked)
    scenario = read_scenario_document(document(3, (2, 1)))
    planned = fakes.first_fit(scenario, PlanRequest("quick", workers=1))
    write_json(tmp_path / "plan" / "plan.json", plan_document(planned.plan))
    (tmp_path / "bad.xlsx").write_bytes(BOOK())
    (tmp_path / "groups.csv").write_text("person_id,group\nP1,a\nP2,b\n")
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("ALLOCATOR_DATA_FOLDER", str(data))
    template.fill(read_settings().database)
    open_service(read_settings()).database.close()
    return {
        "good": good, "locked": tmp_path / "in" / "locked.json", "folder": tmp_path / "in",
        "plan": tmp_path / "plan", "book": tmp_path / "bad.xlsx", "out": tmp_path / "out",
        "groups": tmp_path / "groups.csv", "data": data, "all": tmp_path,
    }  # fmt: skip


def run(line: str, place: dict[str, Path], *more: str) -> Any:
    words = [word.format(**place) for word in line.split()]
    stdin = "correct-horse-battery-9\n"
    return CliRunner().invoke(app, [*words, *more], obj=fakes.first_fit, input=stdin)


def tree(folder: Path) -> dict[str, str]:
    """Every file with a digest of what is in it; a database as the rows in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(_content(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", "secret"))
    }


def _content(path: Path) -> bytes:
    if path.name != DATABASE_FILE:
        return path.read_bytes()
    import sqlite3

    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump()).encode()


def test_every_command_is_in_the_table_or_said_to_be_elsewhere() -> None:
    assert set(LINES) | ELSEWHERE == set(NAMES)
    assert not set(LINES) & ELSEWHERE
    assert set(NAMES) >= WRITERS


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_the_common_options(name: str) -> None:
    known = {option for parameter in NAMES[name].params for option in parameter.opts}
    assert {"--quiet", "-q", "--verbose", "-v"} <= known
    assert ("--json" in known) is (name not in LOGS_JSON)
    assert ("--dry-run" in known) is (name in WRITERS)


@pytest.mark.parametrize("name", [name for name in LINES if name not in SLOW])
def test_json_is_one_object(name: str, place: dict[str, Path]) -> None:
    made = run(LINES[name], place, "--json")
    assert made.exit_code in {0, 3, 4}, made.output
    assert isinstance(json.loads(made.stdout), dict)
    assert "\x1b[" not in made.output


@pytest.mark.parametrize("name", sorted(WRITERS & set(LINES)))
def test_a_dry_run_ends_alike_and_changes_nothing(name: str, place: dict[str, Path]) -> None:
    before = tree(place["all"])
    dry = run(LINES[name], place, "--dry-run", "--json")
    assert tree(place["all"]) == before, name
    document = json.loads(dry.stdout)
    assert document.get("dry_run") is True or dry.exit_code == 3
    assert NOTHING_DONE in dry.stderr
    assert not is_dry_run()
    real = run(LINES[name], place, "--json")
    assert real.exit_code == dry.exit_code, real.output
    if name != "retention":
        assert tree(place["all"]) != before, name


@pytest.mark.parametrize("name", ["notice", "scenario check", "scenario template", "report"])
def test_quiet_and_verbose(name: str, place: dict[str, Path]) -> None:
    quiet = run(LINES[name], place, "-q")
    assert quiet.stdout == ""
    assert bool(quiet.stderr) == (quiet.exit_code == 3)
    place["out"] = place["all"] / "again"
    loud = run(LINES[name], place, "-v")
    assert "Time: " in loud.stderr
    assert ("scenario_invalid" in loud.stderr) == (loud.exit_code == 3)
    assert not is_quiet()
    assert run("schema", place).exit_code == 0
    assert not is_verbose()


def piped(data: bytes, *words: str) -> Any:
    """The command with standard input and output as pipes."""
    return CliRunner().invoke(app, list(words), input=data)


def test_standard_input_and_output(place: dict[str, Path]) -> None:
    good = json.dumps(document(3, (2, 1))).encode()
    made = piped(good, "scenario", "export", "-", "--out", "-", "--json")
    assert read_scenario_document(json.loads(made.stdout)) == read_scenario_document(
        document(3, (2, 1))
    )
    book = scenario_workbook(document(3, (2, 1)))
    assert piped(book, "scenario", "check", "-").stdout.startswith("OK: tiny-3")
    listed = piped(good, "export", "-", str(place["plan"]), "--out", "-").stdout
    assert listed.splitlines()[0].startswith("person_id,place_now")
    plan = (place["plan"] / "plan.json").read_bytes()
    assert piped(plan, "verify", str(place["good"]), "-", "--json").exit_code == 0
    both = piped(plan, "verify", "-", "-")
    assert (both.exit_code, both.stdout) == (2, "")
    words = ["lock", "-", "P1", "W-1", "--reason", "health", "--by", "officer-2"]
    assert piped(good, "decide", *words, "--in-place").exit_code == 2
    locked = piped(good, "decide", *words, "--out", "-")
    assert [row["person_id"] for row in json.loads(locked.stdout)["locks"]] == ["P1"]
    nothing = piped(b"", "scenario", "check", "-")
    assert (nothing.exit_code, "nothing on standard input" in nothing.stderr) == (2, True)


def shell(data: bytes, kept: Path, *words: str) -> Any:
    """The command as a shell runs it; `kept` is for what it keeps while it runs."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "allocator.cli", *words],
        input=data,
        capture_output=True,
        check=False,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(sys.path), "NO_COLOR": "1", "TMPDIR": str(kept)},
    )


def test_a_pipe_of_the_shell_has_no_colours_and_leaves_nothing(tmp_path: Path) -> None:
    data = json.dumps(document(3, (2, 1))).encode()
    made = shell(data, tmp_path, "scenario", "show", "-")
    assert made.returncode == 0
    assert b"tiny-3" in made.stdout
    assert b"\x1b[" not in made.stdout + made.stderr
    assert not list(tmp_path.iterdir())
