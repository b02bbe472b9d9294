"""`allocator diff`: two plans of one scenario against each other."""

from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

PlanAArgument = Annotated[
    Path, typer.Argument(metavar="PLAN_A", help="A plan.json, or its folder.")
]
PlanBArgument = Annotated[
    Path, typer.Argument(metavar="PLAN_B", help="The plan to compare it with.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff", epilog=EPILOG)(diff)


def diff(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    plan_a: PlanAArgument,
    plan_b: PlanBArgument,
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    list_people: Annotated[
        bool, typer.Option("--people", help="List everybody who differs, with every measure.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write diff.html and diff.json.")
    ] = None,
    reader: options.ReaderOption = Reader.OFFICER,
    as_json: options.JsonOption = False,
) -> None:
    """What differs between two plans: places, values, who is better and worse off, signatures."""
    from allocator.jobs.diff import compare_plans
    from allocator.jobs.diff_document import diff_document
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.jobs.outputs import check_output_folder
    from allocator.jobs.request import Overrides
    from allocator.prepare.plan_document import read_plan

    if out is not None:
        check_output_folder(out)
    source = find_scenario(scenario)
    first, second = (read_plan(find_plan(path)) for path in (plan_a, plan_b))
    chosen = Overrides(policy, profile, contact_weights)
    document = diff_document(
        compare_plans(source, first, second, chosen), (str(plan_a), str(plan_b)), reader
    )
    _finish(document, out, as_json=as_json, list_people=list_people)
    raise typer.Exit(document["exit_code"])


def _finish(
    document: dict[str, Any], out: Path | None, *, as_json: bool, list_people: bool
) -> None:
    from allocator.cli.diff_screen import show_diff
    from allocator.jobs.terminal import print_json

    if out is not None:
        from allocator.jobs.results import write_diff

        document["files"] = [str(path) for path in write_diff(document, out)]
    if as_json:
        print_json(document)
    else:
        show_diff(document, list_people=list_people)
