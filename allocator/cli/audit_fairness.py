"""`allocator audit-fairness`: outcomes of plans by groups that planning knows nothing of."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from allocator.errors import ConfigError
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

if TYPE_CHECKING:
    from allocator.model.plan import Plan

AttributesArgument: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="ATTRIBUTES", help="A CSV file: person_id and columns of groups, held apart."
    ),
]
AlsoOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--also", metavar="SCENARIO,PLAN", help="Another night; may be repeated."),
]
RatioOption: TypeAlias = Annotated[
    float, typer.Option("--ratio", min=1.01, max=10, help="Ratio of rates from which to warn.")
]
LeastOption: TypeAlias = Annotated[
    int, typer.Option("--least", min=5, max=1000, help="People in the smallest group shown.")
]
OutOption: TypeAlias = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write fairness.json and fairness.csv.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit-fairness", epilog=EPILOG)(audit_fairness)


def audit_fairness(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    attributes: AttributesArgument,
    also: AlsoOption = None,
    ratio: RatioOption = 1.25,
    least: LeastOption = 20,
    out: OutOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Do outcomes differ between groups? Rates and alarms for groups only, small ones hidden."""
    from allocator.cli.fairness_screen import show_fairness
    from allocator.explain.fairness import Alarms
    from allocator.jobs.attributes import read_attributes
    from allocator.jobs.fairness import audit_fairness as run_audit
    from allocator.jobs.fairness import write_fairness
    from allocator.jobs.outputs import check_output_folder
    from allocator.jobs.terminal import print_json

    if out is not None:
        check_output_folder(out)
    nights = [_night(scenario, plan), *(_named_night(text) for text in also or ())]
    document = run_audit(nights, read_attributes(attributes), Alarms(ratio, least))
    if out is not None:
        document["files"] = [str(path) for path in write_fairness(document, out)]
    if as_json:
        print_json(document)
    else:
        show_fairness(document)
    raise typer.Exit(document["exit_code"])


def _named_night(text: str) -> "tuple[Path, Plan]":
    scenario, comma, plan = text.partition(",")
    if not comma:
        raise ConfigError(f"--also {text!r} names no plan; write SCENARIO,PLAN.")
    return _night(scenario.strip(), Path(plan.strip()))


def _night(scenario: str, plan: Path) -> "tuple[Path, Plan]":
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.prepare.plan_document import read_plan

    return find_scenario(scenario), read_plan(find_plan(plan))
