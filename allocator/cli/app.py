"""All commands in one application; the doors `batch` and `api` bring their own."""

from typing import Annotated

import typer

from allocator import __version__
from allocator.api import command as serve
from allocator.batch import command as batch
from allocator.cli import (
    audit,
    audit_fairness,
    compare,
    config,
    conflict,
    curve,
    decide,
    diff,
    explain,
    export,
    key,
    locks,
    notice,
    order,
    place,
    plan,
    report,
    scenario,
    schema,
    upkeep,
    user,
    verify,
    worker,
)
from allocator.cli.common import add_common_options
from allocator.cli.guard import GuardedGroup
from allocator.jobs.exits import EPILOG

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


COMMANDS = (
    plan, place, order, explain, notice, conflict, verify, diff, compare, curve, locks, report,
    audit_fairness, export, batch, serve, worker, schema, upkeep,
)  # fmt: skip
for command in COMMANDS:
    command.register(app)
app.add_typer(scenario.app, name="scenario")
app.add_typer(decide.app, name="decide")
app.add_typer(audit.app, name="audit")
app.add_typer(config.app, name="config")
app.add_typer(user.app, name="user")
app.add_typer(key.app, name="key")
add_common_options(app)
