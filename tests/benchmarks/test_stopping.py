"""The study can be stopped, also where a shell runs it in the background and ignores SIGINT."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_a_signal_ends_the_study_and_its_run_leaves_no_row(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    options = ("--specs", "prison_60", "--methods", "first_fit", "--budgets", "60")
    study = subprocess.Popen(  # noqa: S603 - this test names the command
        [sys.executable, "-c", _WAITS, "study", *options, "--seeds", "1", "--rows", str(rows)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=_ignore,  # noqa: PLW1509 - what a shell does to its background jobs
    )  # fmt: skip
    assert study.stdout is not None
    assert study.stdout.readline() == "child\n"
    study.send_signal(signal.SIGTERM)
    _, errors = study.communicate(timeout=30)
    assert study.returncode == 130
    assert "Whole rows are kept" in errors
    assert not rows.exists() or len(rows.read_text().splitlines()) <= 1


_WAITS = """
import time
import benchmarks.study.run as run
from benchmarks.study.__main__ import main

def waiting(job):
    print("child", flush=True)
    time.sleep(60)

run.run_child = waiting
raise SystemExit(main())
"""
