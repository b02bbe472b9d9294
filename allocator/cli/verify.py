"""`allocator verify`: judge a plan with code that shares nothing with the solver."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG, ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", epilog=EPILOG)(verify)


def verify(
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    as_json: options.JsonOption = False,
) -> None:
    """Check a plan against a scenario: rules, values, derogations. Exit 4 on any discrepancy."""
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.outputs import PLAN_FILE
    from allocator.jobs.terminal import print_json
    from allocator.jobs.verification import verify_plan
    from allocator.prepare.plan_document import read_plan

    found = read_plan(plan / PLAN_FILE if plan.is_dir() else plan)
    document = verify_plan(find_scenario(scenario), found)
    if as_json:
        print_json(document)
    else:
        _show(document)
    raise typer.Exit(ExitCode.DONE if document["verified"] else ExitCode.LEAST_BAD)


def _show(document: Mapping[str, Any]) -> None:
    from allocator.jobs.terminal import out

    console = out()
    if document["verified"]:
        console.print(
            "Verified: the plan is what it says, and it breaks no hard rule.", style="green"
        )
    else:
        console.print(f"{len(document['discrepancies'])} discrepancies:", style="red")
        for words in document["discrepancies"]:
            console.print(f"  {words}")
    judged = document["judgement"]
    console.print(
        f"Unplaced: {len(judged['unplaced'])}. Derogations to sign: {len(judged['derogations'])}. "
        f"Unlawful holds: {len(judged['unlawful_holds'])}."
    )
    console.print("  ".join(f"{tier} {value:,}" for tier, value in judged["tiers"].items()))
