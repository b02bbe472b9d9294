"""`allocator locks`: what each officer's decision costs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG, ExitCode

if TYPE_CHECKING:
    from allocator.model.plan import Plan


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("locks", epilog=EPILOG)(locks)


def locks(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    max_moves: options.MaxMovesOption = None,
    last_plan: options.FromOption = None,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, max=1000, help="Decisions at the most.")
    ] = 10,
    effort: options.EffortOption = options.EffortName.QUICK,
    seed: options.SeedOption = 1,
    workers: options.WorkersOption = 2,
    as_json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """What does each lock, ban and rejection cost? Two verified plans, with and without it."""
    from allocator.cli.follow import run_and_follow
    from allocator.cli.locks_screen import show_locks
    from allocator.cli.progress import progress_line
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.lock_task import LockCostTask
    from allocator.jobs.request import Overrides, PlanRequest
    from allocator.jobs.terminal import print_json

    request = PlanRequest(effort.value, None, seed, workers)
    overrides = Overrides(policy, profile, contact_weights, max_moves)
    revised = None if last_plan is None else _read_plan(last_plan)
    task = LockCostTask(find_scenario(scenario), request, overrides, revised, most)
    with progress_line(quiet=quiet or as_json) as show:
        document, was_interrupted = run_and_follow(task, show)
    document["interrupted"] = was_interrupted
    if as_json:
        print_json(document)
    elif not quiet:
        show_locks(document)
    raise typer.Exit(ExitCode.INTERRUPTED if was_interrupted else ExitCode.DONE)


def _read_plan(path: Path) -> "Plan":
    from allocator.jobs.locate import find_plan
    from allocator.prepare.plan_document import read_plan

    return read_plan(find_plan(path))
