"""All commands in one application.

The doors `batch` and `api` bring their own commands; they are named here and not imported, so that
no door depends on another.
"""

from importlib import import_module
from typing import Annotated, Protocol, cast

import typer

from allocator import __version__
from allocator.cli import compare, plan, scenario, schema, verify
from allocator.cli.guard import GuardedGroup
from allocator.jobs.exits import EPILOG

OTHER_DOORS = ("allocator.batch.command", "allocator.api.command")


class Door(Protocol):
    """A module that adds its command to the application."""

    def register(self, app: typer.Typer) -> None:
        """Add the command."""


app = typer.Typer(
    name="allocator",
    cls=GuardedGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"allocator {__version__}")
        raise typer.Exit


@app.callback()
def describe(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version."),
    ] = False,
) -> None:
    """Lawful, verified housing plans for prisons. The software proposes; a named person decides."""


plan.register(app)
verify.register(app)
compare.register(app)
for name in OTHER_DOORS:
    cast("Door", import_module(name)).register(app)
schema.register(app)
app.add_typer(scenario.app, name="scenario")
