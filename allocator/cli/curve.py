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
    document = _finish(_Walk(task, quiet=quiet or as_json).run(asked), out)
    _show(document, as_json=as_json, quiet=quiet)
    raise typer.Exit(document["exit_code"])


class _Walk:
    """Points one after the other, each in its own child process."""

    def __init__(self, task: Any, *, quiet: bool) -> None:
        self.task = task
        self.quiet = quiet
        self.points: list[Any] = []
        self.without_plan: list[int] = []
        self.interrupted = False

    def run(self, asked: tuple[int, ...] | None) -> "_Walk":
        """Solve the points asked for; without any, first the plan without a limit."""
        from allocator.jobs.curve import default_moves

        free: tuple[Any, ...] = ()
        if asked is None:
            free = tuple(filter(None, [self._solve(self.task, "no limit: ")]))
            if self.interrupted or not free:
                self.points = list(free)
                return self
            asked = default_moves(free[0].used, free[0].own_limit)
        for number, moves in enumerate(asked, start=1):
            self._add(moves, free, f"{moves:,} moves, {number} of {len(asked)}: ")
            if self.interrupted:
                break
        return self

    def _add(self, moves: int, free: tuple[Any, ...], about: str) -> None:
        from dataclasses import replace

        start = self.points[-1] if self.points else None
        task = replace(self.task, moves=moves, start=start, known=free)
        point = self._solve(task, about)
        if point is None:
            self.without_plan.append(moves)
        else:
            self.points.append(point)

    def _solve(self, task: Any, about: str) -> Any:
        from allocator.cli.follow import run_and_follow
        from allocator.cli.progress import progress_line

        with progress_line(quiet=self.quiet, about=about) as show:
            point, self.interrupted = run_and_follow(task, show)
        return point


def _finish(walk: _Walk, out: Path | None) -> dict[str, Any]:
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
