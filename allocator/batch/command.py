"""`allocator batch`: the command of this door."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from allocator.jobs import options
from allocator.jobs.child import MEBIBYTE, ChildLimits, Control
from allocator.jobs.exits import EPILOG, ExitCode
from allocator.jobs.request import Overrides, PlanRequest

if TYPE_CHECKING:
    from allocator.batch.manifest import Entry
    from allocator.batch.night import Night

FolderArgument: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", exists=True, file_okay=False, help="Plan every scenario below it."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("batch", epilog=EPILOG)(batch)


def batch(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: typer.Context,
    folder: FolderArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Manifest and one folder per scenario.")
    ] = Path("out/batch"),
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Scenarios at a time, one thread each.")
    ] = 2,
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    max_moves: options.MaxMovesOption = None,
    effort: options.EffortOption = options.EffortName.NORMAL,
    time_limit: options.TimeLimitOption = None,
    seed: options.SeedOption = 1,
    memory_limit: Annotated[
        int | None,
        typer.Option("--memory-limit", metavar="MIB", min=512, help="Address space per scenario."),
    ] = None,
    as_json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Plan every scenario below a folder; a second run does only what is missing or changed."""
    from allocator.batch.night import Night, exit_code_of_night

    night = Night(
        folder=folder,
        out=out,
        request=PlanRequest(effort.value, time_limit, seed, workers=1),
        overrides=Overrides(policy, profile, contact_weights, max_moves),
        workers=workers,
        limits=ChildLimits(None if memory_limit is None else memory_limit * MEBIBYTE),
        planner=context.obj,
    )
    entries, was_interrupted = _run(night, quiet=quiet or as_json)
    _show(night, entries, as_json=as_json, quiet=quiet)
    raise typer.Exit(ExitCode.INTERRUPTED if was_interrupted else exit_code_of_night(entries))


def _run(night: "Night", *, quiet: bool) -> "tuple[list[Entry], bool]":
    from allocator.batch.night import find_jobs, run_night
    from allocator.jobs.terminal import err

    console = err()

    def tell(entry: "Entry", left: int) -> None:
        if not quiet:
            console.print(f"{entry.scenario}: {entry.status}, {entry.seconds:.1f} s, {left} left")

    control = Control()
    with _interrupts_to(control):
        manifest = run_night(night, control, tell)
    names = [job.name for job in find_jobs(night)]
    found = [manifest.entries[name] for name in names if name in manifest.entries]
    return found, control.cancel.is_set()


def _show(night: "Night", entries: "list[Entry]", *, as_json: bool, quiet: bool) -> None:
    from dataclasses import asdict

    from allocator.batch.manifest import MANIFEST_FILE
    from allocator.jobs.terminal import out, plain_table, print_json

    if as_json:
        rows = [asdict(entry) for entry in entries]
        print_json({"manifest": str(night.out / MANIFEST_FILE), "entries": rows})
        return
    if quiet:
        return
    headings = ("scenario", "status", "unplaced", "derogations", "seconds", "folder")
    rows_shown = [
        (e.scenario, e.status, e.unplaced, e.derogations, f"{e.seconds:.1f}", e.folder or "–")
        for e in entries
    ]
    console = out()
    console.print(plain_table(headings, rows_shown))
    for entry in entries:
        if entry.message:
            console.print(f"{entry.scenario}: {entry.message}")
    console.print(f"Manifest: {night.out / MANIFEST_FILE}. Batch runs propose; a person decides.")


@contextmanager
def _interrupts_to(control: Control) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        control.cancel.set()
        sys.stderr.write("\nallocator: stopping; what is done is kept.\n")

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
