"""`allocator conflict`: why not everybody can be placed, and who would have to sign what."""

from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("conflict", epilog=EPILOG)(conflict)


def conflict(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=50, help="Conflicts and repairs at the most.")
    ] = 3,
    out: options.PageOption = None,
    reader: options.ReaderOption = Reader.OFFICER,
    as_json: options.JsonOption = False,
) -> None:
    """Why not everybody? Smallest conflicts, who would sign what, what a place saves."""
    from allocator.cli.conflict_screen import show_conflict
    from allocator.jobs.conflict import answer_conflict
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.outputs import check_new_page
    from allocator.jobs.request import Overrides
    from allocator.jobs.terminal import print_json

    if out is not None:
        check_new_page(out)
    overrides = Overrides(policy, profile, contact_weights)
    document = answer_conflict(find_scenario(scenario), overrides, limit, reader)
    if out is not None:
        _write(document, out)
    if as_json:
        print_json(document)
    else:
        show_conflict(document)
    raise typer.Exit(document["exit_code"])


def _write(document: dict[str, Any], path: Path) -> None:
    from allocator.jobs.outputs import write_text
    from allocator.report.conflict_page import render_conflict_html

    write_text(path, render_conflict_html(document))
    document["files"] = [str(path)]
