"""`allocator explain`: why one person of a plan is where they are, and why nowhere else."""

from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain", epilog=EPILOG)(explain)


def explain(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of one person.")],
    cell: Annotated[
        str | None, typer.Option("--cell", metavar="CELL", help="Why not this cell?")
    ] = None,
    reader: options.ReaderOption = Reader.OFFICER,
    last_plan: options.FromOption = None,
    out: options.PageOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Why is this person here, and not there? What was considered, and by which data."""
    from allocator.cli.explain_screen import show_explanation
    from allocator.jobs.explain import Explainer
    from allocator.jobs.explain_document import explain_document
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.jobs.outputs import check_new_page
    from allocator.jobs.terminal import print_json
    from allocator.jobs.verification import scenario_of_plan
    from allocator.prepare.plan_document import read_plan

    if out is not None:
        check_new_page(out)
    source = find_scenario(scenario)
    given = read_plan(find_plan(plan))
    revised = None if last_plan is None else read_plan(find_plan(last_plan))
    explainer = Explainer(scenario_of_plan(source, given, revised), given)
    found = explainer.check(explainer.explain(person, cell))
    document = explain_document(explainer.scenario, given, found, reader)
    if out is not None:
        _write(document, out)
    if as_json:
        print_json(document)
    else:
        show_explanation(document)


def _write(document: dict[str, Any], path: Path) -> None:
    from allocator.jobs.outputs import write_text
    from allocator.report.explanation import render_explanation_html

    write_text(path, render_explanation_html(document))
    document["files"] = [str(path)]
