"""`allocator plan`: make, show and write one plan."""

from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG, ExitCode
from allocator.jobs.request import Overrides, PlanRequest

StartOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--start", metavar="PLAN", help="Search from this plan of the same data; see `curve`."
    ),
]
OutOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write plan.json, the report and move lists."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan", epilog=EPILOG)(plan)


def plan(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: typer.Context,
    scenario: options.ScenarioArgument,
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    max_moves: options.MaxMovesOption = None,
    last_plan: options.FromOption = None,
    start: StartOption = None,
    effort: options.EffortOption = options.EffortName.NORMAL,
    time_limit: options.TimeLimitOption = None,
    seed: options.SeedOption = 1,
    workers: options.WorkersOption = 2,
    out: OutOption = None,
    reader: options.ReaderOption = Reader.OFFICER,
    as_json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Make a verified plan for one scenario, and write it with its report."""
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.outputs import check_output_folder
    from allocator.jobs.task import PlanTask

    request = PlanRequest(effort.value, time_limit, seed, workers)
    if start is not None and last_plan is not None:
        raise typer.BadParameter("--from keeps a plan's places; --start only sets out from them.")
    if out is not None:
        check_output_folder(out)
    overrides = Overrides(policy, profile, contact_weights, max_moves)
    source = find_scenario(scenario)
    task = PlanTask(
        source, request, overrides, folder=out, last_plan=_read_plan(last_plan),
        planner=context.obj, start=_read_plan(start), reader=reader,
    )  # fmt: skip
    document = _follow(task, quiet=quiet or as_json)
    _show(document, as_json=as_json, quiet=quiet)
    raise typer.Exit(document["exit_code"])


def _read_plan(path: Path | None) -> Any:
    if path is None:
        return None
    from allocator.jobs.locate import find_plan
    from allocator.prepare.plan_document import read_plan

    return read_plan(find_plan(path))


def _follow(task: Any, *, quiet: bool) -> dict[str, Any]:
    from allocator.cli.follow import run_and_follow
    from allocator.cli.progress import progress_line

    with progress_line(quiet=quiet) as show:
        result, was_interrupted = run_and_follow(task, show)
    document: dict[str, Any] = {**result["summary"], "interrupted": was_interrupted}
    if was_interrupted:
        document["exit_code"] = int(ExitCode.INTERRUPTED)
    return document


def _show(document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from allocator.cli.plan_screen import show_summary
    from allocator.jobs.terminal import print_json

    if as_json:
        print_json(document)
    elif not quiet:
        show_summary(document)
