"""`allocator place`: the best lawful cells for one person now; nobody else moves."""

from typing import Annotated

import typer

from allocator.explain.readers import Reader
from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("place", epilog=EPILOG)(place)


def place(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of one person.")],
    policy: options.PolicyOption = None,
    profile: options.ProfileOption = None,
    contact_weights: options.WeightsOption = None,
    list_cells: Annotated[
        bool, typer.Option("--cells", help="List every other cell with the rules that close it.")
    ] = False,
    reader: options.ReaderOption = Reader.OFFICER,
    as_json: options.JsonOption = False,
) -> None:
    """Where can one person go now? Five lawful cells, best first, and why not the others."""
    from allocator.cli.place_screen import show_place
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.place import Placer
    from allocator.jobs.place_document import place_document
    from allocator.jobs.request import Overrides
    from allocator.jobs.task import read_source
    from allocator.jobs.terminal import print_json

    overrides = Overrides(policy, profile, contact_weights)
    loaded = read_source(find_scenario(scenario), overrides)
    placer = Placer(loaded)
    answer = placer.check(placer.place(person))
    document = place_document(loaded, answer, placer.present, reader)
    if as_json:
        print_json(document)
    else:
        show_place(document, list_cells=list_cells)
    raise typer.Exit(document["exit_code"])
