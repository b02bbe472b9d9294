"""`allocator export`: a plan's placements as a file for other programs, or to be printed."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG

FORMS = ("csv", "json", "xlsx", "parquet", "html")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", epilog=EPILOG)(export)


def export(
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    file: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help=f"Ends in .{', .'.join(FORMS)}; - is CSV on stdout."
        ),
    ],
    moves: Annotated[
        bool, typer.Option("--moves", help="Only the people whose place changes.")
    ] = False,
    last_plan: options.FromOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Write everybody's place now and in a verified plan, without any reason or record."""
    from allocator.jobs.export import listed_placements
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.jobs.outputs import check_new_file, write_bytes
    from allocator.jobs.terminal import has_standard_output, print_json, say_written
    from allocator.prepare.plan_document import read_plan
    from allocator.report.placement_files import render_list

    form = _form_of(file)
    check_new_file(file)
    given = read_plan(find_plan(plan))
    revised = None if last_plan is None else read_plan(find_plan(last_plan))
    made = listed_placements(find_scenario(scenario), given, revised, only_changes=moves)
    write_bytes(file, render_list(made, form))
    if has_standard_output(file):
        return
    if as_json:
        print_json({"written": str(file), "people": len(made.lines)})
    else:
        say_written(file)


def _form_of(file: Path) -> str:
    if str(file) == "-":
        return "csv"
    form = file.suffix.removeprefix(".")
    if form not in FORMS:
        raise typer.BadParameter(f"{file} ends in none of .{', .'.join(FORMS)}.")
    return form
