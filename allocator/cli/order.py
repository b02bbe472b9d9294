"""`allocator order`: in which order a plan's moves are carried out, so that every state is safe."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

AssumeLeftOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--assume-left",
        metavar="PERSON",
        help="Order as if this person, to whom the plan gives no place, had left; repeatable.",
    ),
]
OutOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Write sequence.json, .csv, order.html and, where not all can move, the nearest plan.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("order", epilog=EPILOG)(order)


def order(
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    last_plan: options.FromOption = None,
    assume_left: AssumeLeftOption = None,
    out: OutOption = None,
    reader: options.ReaderOption = Reader.OFFICER,
    as_json: options.JsonOption = False,
) -> None:
    """Batch by batch, who goes where and when. Exit 4 when somebody has to be left out."""
    from allocator.cli.order_screen import show_order
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.jobs.order import order_plan
    from allocator.jobs.order_document import order_document, write_order
    from allocator.jobs.outputs import check_output_folder
    from allocator.jobs.terminal import print_json
    from allocator.prepare.plan_document import read_plan

    source, file = find_scenario(scenario), find_plan(plan)
    revised = None if last_plan is None else read_plan(find_plan(last_plan))
    if out is not None:
        check_output_folder(out)
    ordered = order_plan(source, read_plan(file), revised, assume_left or ())
    document = order_document(ordered, reader)
    files = () if out is None else write_order(ordered, document, out, file)
    if as_json:
        print_json(document)
    else:
        show_order(document, files)
    raise typer.Exit(document["exit_code"])
