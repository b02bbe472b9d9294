"""`allocator config …`: the service's settings as they are, and what they may be."""

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG

app = typer.Typer(help="The service's settings.", no_args_is_help=True)


@app.command("show", epilog=EPILOG)
def show(_as_json: options.JsonOption = False) -> None:
    """Print every setting as the service would use it; secrets are hidden."""
    from allocator.jobs.terminal import print_json
    from allocator.service.settings import read_settings, shown

    print_json(shown(read_settings()))


@app.command("schema", epilog=EPILOG)
def schema(_as_json: options.JsonOption = False) -> None:
    """Print the JSON schema of the settings file that ALLOCATOR_CONFIG names."""
    from allocator.jobs.terminal import print_json
    from allocator.service.settings import Settings

    print_json(Settings.model_json_schema())
