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
    last_plan: options.FromOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Check a plan against a scenario: rules, values, derogations. Exit 4 on any discrepancy."""
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.jobs.terminal import print_json
    from allocator.jobs.verification import verify_plan
    from allocator.prepare.plan_document import read_plan

    source = find_scenario(scenario)
    file = find_plan(plan)
    revised = None if last_plan is None else read_plan(find_plan(last_plan))
    document = verify_plan(source, read_plan(file), revised)
    document["last_plan_given"] = revised is not None
    if as_json:
        print_json(document)
    else:
        _show(document)
    raise typer.Exit(ExitCode.DONE if document["verified"] else ExitCode.LEAST_BAD)


def _show(document: Mapping[str, Any]) -> None:
    from allocator.jobs.terminal import out

    console = out()
    judged = document["judgement"]
    if document["verified"]:
        console.print(
            "Verified: the plan is what it says, and it breaks no hard rule.", style="green"
        )
    else:
        words = document["discrepancies"] or [_breach_words(b) for b in judged["unlawful"]]
        console.print(f"Not verified, {len(words)} discrepancies:", style="red")
        for line in words:
            console.print(f"  {line}")
    console.print(
        f"Unplaced: {len(judged['unplaced'])}. Derogations to sign: {len(judged['derogations'])}. "
        f"Unlawful holds: {len(judged['unlawful_holds'])}."
    )
    if document["revised_plan"] and not document["last_plan_given"]:
        console.print(
            f"It revises the plan {document['revised_plan'][:12]}, whose places are taken from the "
            "plan itself; --from PLAN checks them too."
        )
    if document["started_from"]:
        console.print(
            f"Made by {document['made_by']} from the plan {document['started_from'][:12]}."
        )
    console.print("  ".join(f"{tier} {value:,}" for tier, value in judged["tiers"].items()))


def _breach_words(breach: Mapping[str, Any]) -> str:
    return f"{breach['rule']} is broken: {breach['detail'] or breach['place']}"
