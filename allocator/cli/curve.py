"""`allocator curve`: what more moves are worth."""

from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG
from allocator.jobs.request import Overrides, PlanRequest

MovesOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--moves",
        metavar="0,5,10",
        help="Numbers of moves; by default 0 and doubling, up to what a plan without limit uses.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("curve", epilog=EPILOG)(curve)


def curve(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: typer.Context,
    scenario: options.ScenarioArgument,
    moves: MovesOption = None,
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    effort: options.EffortOption = options.EffortName.NORMAL,
    time_limit: options.TimeLimitOption = None,
    seed: options.SeedOption = 1,
    workers: options.WorkersOption = 2,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write curve.html, curve.json and the plans."),
    ] = None,
    as_json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Exposure, and what comes before it, against the number of moves allowed; with the knee."""
    from allocator.jobs.curve import PointTask, check_moves
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.outputs import check_output_folder

    request = PlanRequest(effort.value, time_limit, seed, workers)
    asked = None if moves is None else check_moves(moves)
    if out is not None:
        check_output_folder(out)
    overrides = Overrides(policy, profile, contact_weights)
    task = PointTask(find_scenario(scenario), None, request, overrides, planner=context.obj)
    document = _finish(_walk(task, asked, quiet=quiet or as_json), out)
    _show(document, as_json=as_json, quiet=quiet)
    raise typer.Exit(document["exit_code"])


def _walk(task: Any, asked: tuple[int, ...] | None, *, quiet: bool) -> Any:
    """Points one after the other, each in its own child process."""
    from allocator.jobs.curve_walk import Walk

    def solve(point_task: Any, about: str) -> tuple[Any, bool]:
        from allocator.cli.follow import run_and_follow
        from allocator.cli.progress import progress_line

        with progress_line(quiet=quiet, about=about) as show:
            return run_and_follow(point_task, show)

    return Walk(task, solve).run(asked)


def _finish(walk: Any, out: Path | None) -> dict[str, Any]:
    from allocator.jobs.curve_document import curve_document, nothing_found, plans_to_write

    if not walk.points:
        return nothing_found(interrupted=walk.interrupted)
    document = curve_document(walk.points, walk.without_plan, interrupted=walk.interrupted)
    if out is not None:
        from allocator.jobs.results import write_curve

        written = write_curve(document, plans_to_write(walk.points), out)
        document["files"] = [str(path) for path in written]
    return document


def _show(document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from allocator.cli.curve_screen import show_curve
    from allocator.jobs.terminal import print_json

    if as_json:
        print_json(document)
    elif not quiet:
        show_curve(document)
