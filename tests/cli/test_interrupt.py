"""Ctrl-C once writes the best plan so far; twice ends at once and writes nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from allocator.cli.__main__ import GIVEN_UP, main
from allocator.cli.guard import GivenUpError
from allocator.jobs.problems import error_document
from tests.scenario_documents import document, write

ROOT = Path(__file__).parents[2]
RUN = (
    "from allocator.cli.app import app; from tests.jobs import fakes; import sys; "
    "app(sys.argv[2:], obj=getattr(fakes, sys.argv[1]))"
)


def _start(planner: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", RUN, planner, *words],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def _wait_for_solve(ready: Path) -> None:
    deadline = time.monotonic() + 60
    while not ready.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _interrupt_when_solving(
    process: subprocess.Popen[str], marker: Path, times: int
) -> tuple[str, str]:
    _wait_for_solve(marker)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.4)
    return process.communicate(timeout=120)


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "solving"
    monkeypatch.setenv("ALLOCATOR_TEST_MARKER", str(path))
    return path


def test_once_writes_the_best_so_far(tmp_path: Path, marker: Path) -> None:
    source = write(tmp_path / "good.json", document())
    out = tmp_path / "out"
    process = _start("waiting", "plan", str(source), "--out", str(out), "--json")
    stdout, stderr = _interrupt_when_solving(process, marker, times=1)
    assert process.returncode == 130, stderr
    found = json.loads(stdout)
    assert found["interrupted"] is True
    assert found["exit_code"] == 130
    assert (out / "plan.json").is_file()


def test_a_curve_keeps_the_points_that_it_has(tmp_path: Path, marker: Path) -> None:
    source = write(tmp_path / "good.json", document())
    out = tmp_path / "out"
    words = ("--moves", "0,2,3", "--out", str(out), "--json")
    process = _start("waiting", "curve", str(source), *words)
    stdout, stderr = _interrupt_when_solving(process, marker, times=1)
    assert process.returncode == 130, stderr
    found = json.loads(stdout)
    assert found["interrupted"] is True
    assert [point["moves_allowed"] for point in found["points"]] == [0]
    assert "others are missing" in found["notes"][-1]
    assert (out / "plan-0.json").is_file()


def test_twice_gives_up(tmp_path: Path, marker: Path) -> None:
    source = write(tmp_path / "good.json", document())
    out = tmp_path / "out"
    process = _start("deaf", "plan", str(source), "--out", str(out))
    _, stderr = _interrupt_when_solving(process, marker, times=2)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert not out.exists()


def test_batch_stops_cleanly(tmp_path: Path, marker: Path) -> None:
    write(tmp_path / "in" / "a.json", document())
    out = tmp_path / "out"
    process = _start("deaf", "batch", str(tmp_path / "in"), "--out", str(out))
    _, stderr = _interrupt_when_solving(process, marker, times=1)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize(
    ("words", "times"), [("plan {source}", 2), ("compare {source} --policies status_quo", 1)]
)
def test_giving_up_is_one_json_object(words: str, times: int, tmp_path: Path, marker: Path) -> None:
    source = write(tmp_path / "good.json", document())
    process = _start("deaf", *words.format(source=source).split(), "--json")
    stdout, stderr = _interrupt_when_solving(process, marker, times)
    assert process.returncode == 130, stderr
    assert json.loads(stdout)["code"] == "interrupted"


@pytest.mark.parametrize(("words", "is_json"), [(["plan", "x", "--json"], True), (["plan"], False)])
def test_giving_up_during_the_start_is_one_json_object_too(
    words: list[str],
    is_json: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("allocator.cli.app.app", interrupted)
    monkeypatch.setattr("sys.argv", ["allocator", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130
    printed = capsys.readouterr().out
    expected = error_document(GivenUpError(str(GIVEN_UP["user_message"])))
    assert (json.loads(printed) if printed else None) == (expected if is_json else None)


def test_reader_that_leaves_early_changes_no_exit_code(tmp_path: Path) -> None:
    """`allocator plan … | head -1`; once the code was 1."""
    source = write(tmp_path / "crowded.json", document(n_people=5))
    process = _start("first_fit", "plan", str(source))
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 4, stderr
    assert stderr == ""
