"""Run every scenario below a folder over a few child processes."""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from allocator.batch.manifest import (
    MANIFEST_FILE,
    Entry,
    Manifest,
    input_key,
    read_manifest,
    write_manifest,
)
from allocator.errors import AllocatorError, ConfigError
from allocator.jobs.child import ChildLimits, Control, run_child
from allocator.jobs.exits import ExitCode, exit_code_of_error
from allocator.jobs.locate import scenarios_below
from allocator.jobs.outputs import check_writable, refuse_standard_output, sweep_leftovers
from allocator.jobs.problems import error_document
from allocator.jobs.request import NO_OVERRIDES, Overrides, PlanRequest
from allocator.jobs.task import PlanTask

if TYPE_CHECKING:
    from allocator.jobs.ports import Planner

STATUS = {
    ExitCode.DONE: "ok",
    ExitCode.LEAST_BAD: "least-bad",
    ExitCode.NOTHING_FOUND: "no plan found",
    ExitCode.BAD_DATA: "bad data",
    ExitCode.USAGE: "wrong option",
    ExitCode.OUR_FAULT: "failed",
}
TICK_SECONDS = 0.2
LOCK_FILE = ".lock"


@dataclass(frozen=True, slots=True)
class Night:
    """What to run and where to write.

    Parameters
    ----------
    folder : every scenario below it is planned. out : manifest and one folder per scenario.
    workers : children at a time; each solves with one thread.
    """

    folder: Path
    out: Path
    request: PlanRequest
    overrides: Overrides = NO_OVERRIDES
    workers: int = 2
    limits: ChildLimits = field(default_factory=ChildLimits)
    planner: "Planner | None" = None


@dataclass(frozen=True, slots=True)
class Job:
    """One scenario of a night."""

    source: Path
    name: str
    key: str


def run_night(
    night: Night,
    control: Control,
    on_entry: Callable[[Entry, int], None] = lambda _entry, _left: None,
) -> Manifest:
    """Plan what is missing or changed; the manifest is written after each result.

    `control.cancel` ends the running children and starts no more; what is done stays done.

    Raises
    ------
    ConfigError
        If there is no scenario below the folder, the manifest is not ours, the folder cannot be
        written, or another batch writes there now.
    """
    refuse_standard_output(night.out)
    check_writable(night.out / MANIFEST_FILE)
    jobs = find_jobs(night)
    with _alone_in(night.out):
        return _run_what_is_missing(night, jobs, control, on_entry)


def _run_what_is_missing(
    night: Night,
    found: Sequence[Job],
    control: Control,
    on_entry: Callable[[Entry, int], None],
) -> Manifest:
    path = night.out / MANIFEST_FILE
    manifest = read_manifest(path)
    jobs = [job for job in found if not manifest.is_done(job.name, job.key, night.out)]
    with ThreadPoolExecutor(max_workers=night.workers) as pool:
        waiting = {pool.submit(_run_job, night, job, control): job for job in jobs}
        while waiting:
            for entry in _finished(waiting):
                manifest = manifest.with_entry(entry)
                write_manifest(path, manifest)
                on_entry(entry, len(waiting))
    return manifest


def find_jobs(night: Night) -> tuple[Job, ...]:
    """Every scenario below the folder with the hash of what goes in."""
    sources = [path for path in scenarios_below(night.folder) if not _is_below(path, night.out)]
    if not sources:
        raise ConfigError(f"There is no scenario below {night.folder}.")
    return tuple(
        Job(
            source,
            source.relative_to(night.folder).as_posix(),
            input_key(source, night.request, night.overrides),
        )
        for source in sources
    )


def exit_code_of_night(entries: Sequence[Entry]) -> ExitCode:
    """1 if any job failed, else 3 if any data were bad, else 5 if any found nothing, else 0."""
    codes = {entry.exit_code for entry in entries}
    if codes & {ExitCode.OUR_FAULT, ExitCode.USAGE}:
        return ExitCode.OUR_FAULT
    for code in (ExitCode.BAD_DATA, ExitCode.NOTHING_FOUND):
        if code in codes:
            return code
    return ExitCode.DONE


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two batches would overwrite one another's manifest; the system ends a lock with its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(
                f"Another batch is writing to {folder} now; wait for it or give another folder."
            ) from None
        yield


def _finished(waiting: dict[Future[Entry | None], Job]) -> list[Entry]:
    done, _ = wait(waiting, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
    for future in done:
        del waiting[future]
    return [entry for future in done if (entry := future.result()) is not None]


def _run_job(night: Night, job: Job, control: Control) -> Entry | None:
    """The result of one scenario; None when the batch was stopped before there was one."""
    if control.cancel.is_set():
        return None
    started = time.monotonic()
    folder = _folder_of(night, job)
    task = PlanTask(
        job.source, night.request, night.overrides, night.out / folder, planner=night.planner
    )
    sweep_leftovers(night.out / folder)
    own = Control(finish_early=threading.Event(), cancel=control.cancel)
    try:
        summary = run_child(task, control=own, limits=night.limits)["summary"]
    except Exception as error:  # noqa: BLE001 - one bad scenario stops nothing
        return None if control.cancel.is_set() else _failure(job, error, started)
    code = ExitCode(summary["exit_code"])
    return Entry(
        scenario=job.name,
        key=job.key,
        status=STATUS[code],
        exit_code=int(code),
        seconds=round(time.monotonic() - started, 2),
        folder=folder if summary["files"] else "",
        unplaced=len(summary["unplaced"]),
        derogations=len(summary["derogations"]),
        message="" if summary["files"] else str(summary["words"]),
    )


def _folder_of(night: Night, job: Job) -> str:
    """Results of `north.json` go to `north`, unless a scenario folder has that name."""
    short = job.name.removesuffix(".json")
    return job.name if short != job.name and (night.folder / short).exists() else short


def _failure(job: Job, error: Exception, started: float) -> Entry:
    code = exit_code_of_error(error)
    message = error.user_message if isinstance(error, AllocatorError) else ""
    return Entry(
        scenario=job.name,
        key=job.key,
        status=STATUS[code],
        exit_code=int(code),
        seconds=round(time.monotonic() - started, 2),
        message=message or str(error_document(error)["user_message"]),
    )


def _is_below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
