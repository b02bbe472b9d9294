"""A batch resumes, isolates what is bad, and stops cleanly."""

import fcntl
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.batch.manifest import read_manifest
from allocator.batch.night import LOCK_FILE, Night, run_night
from allocator.cli.app import app
from allocator.errors import ConfigError
from allocator.jobs.child import Control
from allocator.jobs.ports import Planner
from allocator.jobs.request import PlanRequest
from tests.jobs import fakes
from tests.scenario_documents import bad_document, document, write


def _night(folder: Path, planner: Planner = fakes.first_fit, effort: str = "quick") -> Night:
    return Night(folder, folder / "out", PlanRequest(effort, workers=1), planner=planner)


def _run(night: Night) -> dict[str, int]:
    """What this run did: exit code by scenario."""
    done: dict[str, int] = {}
    run_night(night, Control(), lambda entry, _left: done.update({entry.scenario: entry.exit_code}))
    return done


def test_one_bad_file_stops_nothing_and_a_second_run_does_only_what_changed(tmp_path: Path) -> None:
    write(tmp_path / "north" / "a.json", document())
    write(tmp_path / "b.json", bad_document())
    assert _run(_night(tmp_path)) == {"north/a.json": 0, "b.json": 3}
    assert (tmp_path / "out" / "north" / "a" / "plan.json").is_file()
    entry = read_manifest(tmp_path / "out" / "manifest.json").entries["b.json"]
    assert entry.status == "bad data"
    assert "2 problems" in entry.message
    assert _run(_night(tmp_path)) == {}
    write(tmp_path / "b.json", document(n_people=3))
    assert _run(_night(tmp_path)) == {"b.json": 0}
    shutil.rmtree(tmp_path / "out" / "b")
    assert _run(_night(tmp_path)) == {"b.json": 0}
    assert set(_run(_night(tmp_path, effort="normal"))) == {"north/a.json", "b.json"}


def test_failed_jobs_run_again(tmp_path: Path) -> None:
    write(tmp_path / "a.json", document())
    assert _run(_night(tmp_path, fakes.dying)) == {"a.json": 1}
    assert _run(_night(tmp_path)) == {"a.json": 0}


def test_what_an_ended_job_left_behind_is_removed(tmp_path: Path) -> None:
    """Ctrl-C twice ends a job while it writes; its unfinished folders once stayed for ever."""
    write(tmp_path / "a.json", document())
    write(tmp_path / "ab.json", document())
    for name in (".a.new-x7", ".a.old-y5", ".ab.new-z3", ".other.new-x7"):
        write(tmp_path / "out" / name / "plan.json", document())
    assert _run(_night(tmp_path)) == {"a.json": 0, "ab.json": 0}
    found = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert found == [".lock", ".other.new-x7", "a", "ab", "manifest.json"]


def test_nothing_found_in_the_time_is_tried_again(tmp_path: Path) -> None:
    write(tmp_path / "a.json", document())
    assert _run(_night(tmp_path, fakes.out_of_time)) == {"a.json": 5}
    assert _run(_night(tmp_path)) == {"a.json": 0}


def test_cancelled_night_keeps_what_is_done_and_starts_no_more(tmp_path: Path) -> None:
    write(tmp_path / "a.json", document())
    control = Control()
    control.cancel.set()
    assert run_night(_night(tmp_path, fakes.deaf), control).entries == {}


@pytest.mark.parametrize(
    ("documents", "planner", "code"),
    [
        ({"a": document(), "b": bad_document()}, fakes.first_fit, 3),
        ({"a": document()}, fakes.broken, 1),
        ({"a": document(), "b": bad_document()}, fakes.broken, 1),
        ({}, None, 2),
    ],
)
def test_exit_code_and_json(
    tmp_path: Path, documents: dict[str, Any], planner: Planner | None, code: int
) -> None:
    for name, found in documents.items():
        write(tmp_path / f"{name}.json", found)
    words = ["batch", str(tmp_path), "--out", str(tmp_path / "out"), "--json"]
    result = CliRunner().invoke(app, words, obj=planner)
    assert result.exit_code == code
    found = json.loads(result.stdout)
    if documents:
        assert [entry["scenario"] for entry in found["entries"]] == [f"{n}.json" for n in documents]


def test_foreign_manifest_is_refused(tmp_path: Path) -> None:
    for text in ("no json", '{"format": 99, "entries": []}', "[]"):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(ConfigError):
            read_manifest(tmp_path / "manifest.json")


def test_links_that_lead_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.json", document())
    (tmp_path / "in" / "loop").symlink_to("..")
    night = Night(tmp_path / "in", tmp_path / "out", PlanRequest("quick"), planner=fakes.first_fit)
    assert _run(night) == {"a.json": 0}


def test_two_batches_never_write_to_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.json", document())
    night = _night(tmp_path)
    night.out.mkdir()
    with (night.out / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ConfigError, match="Another batch"):
            _run(night)
    assert _run(night) == {"a.json": 0}
