"""Runs one after the other, each in a child process with a hard limit; resumable."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.study.environment import ONE_THREAD, ROOT, commit, environment
from benchmarks.study.measures.registry import MEASURES
from benchmarks.study.peers.registry import METHODS, WITHOUT_PRISONS
from benchmarks.study.rows import Row, append_rows, read_rows, row_of
from benchmarks.study.specs import BY_NAME

SPARE_SECONDS, SPARE_FACTOR, LAST_WORDS = 240.0, 1.5, 200
MEASURE_SECONDS = 7_200.0
SEEDED = frozenset(METHODS) - {"first_fit"}


@dataclass(frozen=True, slots=True)
class Job:
    """One run to do: of a method, or of a measure with a budget of 0."""

    spec: str
    method: str
    seed: int
    budget: float


def jobs_of(
    specs: Iterable[str],
    methods: Iterable[str],
    seeds: Iterable[int],
    budgets: tuple[float, ...] | None = None,
) -> Iterator[Job]:
    """Every combination, seed by seed, so that an early stop leaves all specs alike.

    `budgets` : the spec's own when None. First fit has one run per spec: it has no seed and no use
    for time.
    """
    names, wanted, methods = tuple(specs), tuple(seeds), tuple(methods)
    for seed in wanted:
        for name in names:
            for budget in budgets or BY_NAME[name].budgets:
                for method in methods:
                    first = budget == (budgets or BY_NAME[name].budgets)[0] and seed == wanted[0]
                    if method in SEEDED or first:
                        yield Job(name, method, seed, float(budget))


def do_missing(jobs: Iterable[Job], path: Path) -> list[Row]:
    """Run what has no row yet; all rows of the file afterwards.

    A run that failed or was killed has a row too and is not tried again until its line is deleted.
    """
    there = read_rows(path)
    done = {row.key for row in there}
    older = sum(row.commit != commit() for row in there)
    if older:
        print(
            f"{older} rows of {path.name} are of other commits and stay; --rows names a new file."
        )
    for job in jobs:
        if (job.spec, job.method, job.seed, job.budget) in done:
            continue
        row = run_child(job)
        append_rows(path, [row])
        print(_line(row), flush=True)
    return read_rows(path)


def most_seconds(job: Job) -> float:
    """Seconds after which a child is killed."""
    if job.method in MEASURES:
        return MEASURE_SECONDS
    return SPARE_FACTOR * job.budget + SPARE_SECONDS


def run_child(job: Job) -> Row:
    """The row of one child; killed with its children when it does not end."""
    if job.method in WITHOUT_PRISONS and BY_NAME[job.spec].is_scenario:
        return _without_answer(job, "unsupported", WITHOUT_PRISONS[job.method])
    command = [sys.executable, "-m", "benchmarks.study.child", job.spec, job.method]
    command += [str(job.seed), str(job.budget)]
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env=os.environ | ONE_THREAD,
    )  # fmt: skip
    try:
        out, errors = child.communicate(timeout=most_seconds(job))
    except subprocess.TimeoutExpired:
        return _without_answer(job, "killed", "did not end in time")
    finally:
        _end(child)
    lines = out.strip().splitlines()
    if child.returncode or not lines:
        words = (errors.strip().splitlines() or ["no message"])[-1]
        return _without_answer(job, "failed", f"exit {child.returncode}: {words[:LAST_WORDS]}")
    return row_of(json.loads(lines[-1]))


def _end(child: "subprocess.Popen[str]") -> None:
    """Make sure that nothing of the child's own group is left running."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait()


def _without_answer(job: Job, status: str, note: str) -> Row:
    spec = BY_NAME[job.spec]
    return Row(
        spec.name, spec.family, spec.people, job.method, job.seed, job.budget, status, note=note,
        **environment(),
    )  # fmt: skip


def _line(row: Row) -> str:
    said = str(list(row.values)) if row.values else row.note
    said = " ".join([said, *(f"{name}={value:g}" for name, value in row.figures)])
    flags = [row.status] if row.status != "done" else []
    flags += ["unlawful"] if row.lawful is False else []
    flags += ["NOT VERIFIED"] if row.verified is False else []
    flags += [f"late {row.seconds:.1f} s"] if row.is_late else []
    budget = f"{row.budget:5.0f} s" if row.budget else f"{'':7}"
    return f"{row.spec:22}{budget}  {row.method:10}{row.seed:3}  {said} {' '.join(flags)}"
