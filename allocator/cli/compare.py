"""`allocator compare`: one scenario under several policies and contact-weight sets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG, ExitCode
from allocator.jobs.request import Overrides, PlanRequest

DEFAULT_SETS = "own,default,steep,median,flat,facility_flat,no_cell"

PoliciesOption: TypeAlias = Annotated[
    str, typer.Option("--policies", metavar="A,B,C", help="Policies, with commas between.")
]
SetsOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--contact-weights",
        metavar="A,B",
        help="Sets to score every plan under, at least two; own is the scenario's.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog=EPILOG)(compare)


def compare(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: typer.Context,
    scenario: options.ScenarioArgument,
    policies: PoliciesOption,
    contact_weights: SetsOption = DEFAULT_SETS,
    profile: options.ProfileOption = None,
    max_moves: options.MaxMovesOption = None,
    effort: options.EffortOption = options.EffortName.NORMAL,
    time_limit: options.TimeLimitOption = None,
    seed: options.SeedOption = 1,
    workers: options.WorkersOption = 2,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write comparison.html and comparison.json."),
    ] = None,
    as_json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Compare housing policies on the same data: both exposures, worst-off, derogations, moves."""
    from allocator.jobs.compare import PolicyTask, check_choice, comparison_document
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.outputs import check_output_folder

    request = PlanRequest(effort.value, time_limit, seed, workers)
    names, sets = _split(policies), _split(contact_weights)
    check_choice(names, sets, profile)
    if out is not None:
        check_output_folder(out)
    source = find_scenario(scenario)
    overrides = Overrides(legal_profile=profile, max_moves=max_moves)
    tasks = [
        PolicyTask(source, name, sets, request, overrides, planner=context.obj) for name in names
    ]
    document = comparison_document(_run(tasks, quiet=quiet or as_json))
    _finish(document, out, as_json=as_json, quiet=quiet)
    raise typer.Exit(_exit_code(document))


def _run(tasks: list[Any], *, quiet: bool) -> list[dict[str, Any]]:
    from allocator.cli.follow import run_and_follow
    from allocator.cli.progress import progress_line

    rows = []
    for task in tasks:
        with progress_line(quiet=quiet, about=f"{task.policy}: ") as show:
            # A comparison with one unfinished plan would mislead, so Ctrl-C gives up.
            row, _ = run_and_follow(task, show, keeps_best=False)
        rows.append(row)
    return rows


def _finish(document: dict[str, Any], out: Path | None, *, as_json: bool, quiet: bool) -> None:
    from allocator.cli.compare_screen import show_comparison
    from allocator.jobs.terminal import print_json

    if out is not None:
        from allocator.jobs.results import write_comparison

        document["files"] = [str(path) for path in write_comparison(document, out)]
    if as_json:
        print_json(document)
    elif not quiet:
        show_comparison(document)


def _exit_code(document: Mapping[str, Any]) -> int:
    found = all(row["scores"] for row in document["policies"])
    return int(ExitCode.DONE if found else ExitCode.NOTHING_FOUND)


def _split(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
