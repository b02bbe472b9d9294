"""`allocator schema`: the JSON schema of what the program reads."""

from typing import Annotated

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema", epilog=EPILOG)(schema)


def schema(
    plan: Annotated[
        bool, typer.Option("--plan", help="The schema of plan.json instead of the scenario's.")
    ] = False,
    _as_json: options.JsonOption = False,
) -> None:
    """Print the JSON schema of a scenario document, or of a plan."""
    from allocator.jobs.terminal import print_json
    from allocator.prepare.plan_document import plan_json_schema
    from allocator.prepare.wire_v1 import scenario_json_schema

    print_json(plan_json_schema() if plan else scenario_json_schema())
