"""`allocator report`: the present placement without a plan."""

from typing import Annotated, Literal

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

PartName = Literal["quality", "capacity", "space", "reviews"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", epilog=EPILOG)(report)


def report(
    scenario: options.ScenarioArgument,
    part: Annotated[
        PartName | None,
        typer.Argument(metavar="[PART]", help="quality, capacity, space or reviews; all without."),
    ] = None,
    profile: options.ProfileOption = None,
    out: options.PageOption = None,
    reader: options.ReaderOption = Reader.OFFICER,
    as_json: options.JsonOption = False,
) -> None:
    """How is it now? Gaps in the data, capacity, days below the space floors, reviews."""
    from allocator.cli.report_screen import show_report
    from allocator.explain.present import present_state
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.outputs import check_new_page, write_text
    from allocator.jobs.present_document import PARTS, present_document
    from allocator.jobs.request import Overrides
    from allocator.jobs.task import read_source
    from allocator.jobs.terminal import print_json
    from allocator.report.present import render_present

    if out is not None:
        check_new_page(out)
    read = read_source(find_scenario(scenario), Overrides(legal_profile=profile))
    present = present_state(read, reader)
    parts = PARTS if part is None else (part,)
    document = present_document(read, present, parts)
    if out is not None:
        write_text(out, render_present(present, parts))
        document["files"] = [str(out)]
    if as_json:
        print_json(document)
    else:
        show_report(document)
