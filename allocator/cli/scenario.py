"""`allocator scenario …`: list, show, check, export, template, build and shock scenarios."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from allocator.errors import ConfigError, ScenarioError
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

app = typer.Typer(
    help="List, show, check, export, template, build and shock scenarios.", no_args_is_help=True
)

FormName = Literal["csv", "parquet"]
ShockName = Literal["wing_closes", "arrivals", "authority_expires"]
OutOption = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help="Folder, or path ending in .json or .xlsx; - is stdout."
    ),
]
FolderOption = Annotated[
    Path, typer.Option("--folder", metavar="DIR", help="Where the scenarios are stored.")
]


@app.command("list", epilog=EPILOG)
def list_scenarios(
    folder: FolderOption = Path("scenarios"), as_json: options.JsonOption = False
) -> None:
    """List the stored scenarios with people, places, occupancy and policy."""
    from allocator.cli.scenario_screen import show_list
    from allocator.jobs.locate import scenarios_below
    from allocator.jobs.terminal import print_json

    if not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}; give the one that holds your scenarios.")
    rows = [_row(path) for path in scenarios_below(folder)]
    if as_json:
        print_json({"scenarios": rows})
    else:
        show_list(rows)


@app.command("show", epilog=EPILOG)
def show(scenario: options.ScenarioArgument, as_json: options.JsonOption = False) -> None:
    """Show one scenario on one screen: units, capacities, occupancy, findings, graph size."""
    from allocator.cli.scenario_screen import show_picture
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.picture import scenario_picture
    from allocator.jobs.task import read_source
    from allocator.jobs.terminal import print_json

    picture = scenario_picture(read_source(find_scenario(scenario)))
    if as_json:
        print_json(picture)
    else:
        show_picture(picture)


@app.command("check", epilog=EPILOG)
def check(
    scenario: options.ScenarioArgument,
    errors_to: Annotated[
        Path | None,
        typer.Option(
            "--errors-to",
            metavar="FILE",
            help="Of a workbook with errors: write it with an Errors sheet and comments.",
        ),
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Read a scenario and list everything that is wrong with it, or say OK. Nothing is stored."""
    from allocator.jobs.hand_back import checked_workbook
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.task import read_source
    from allocator.jobs.terminal import out, print_json

    source = find_scenario(scenario)
    read = read_source(source) if errors_to is None else checked_workbook(source, errors_to)
    if as_json:
        print_json({"scenario": read.name, "valid": True, "problems": []})
    else:
        out().print(
            f"OK: {read.name}, {len(read.people):,} people, {len(read.estate.cells):,} cells."
        )


@app.command("export", epilog=EPILOG)
def export(
    scenario: options.ScenarioArgument,
    out: OutOption,
    form: Annotated[
        FormName, typer.Option("--form", help="Of the tables in a folder: csv or parquet.")
    ] = "csv",
    as_json: options.JsonOption = False,
) -> None:
    """Write a scenario in another form: one JSON document, one workbook, or tables in a folder."""
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.task import read_source
    from allocator.prepare.document import scenario_document

    document = scenario_document(read_source(find_scenario(scenario)))
    _write(document, out, as_json=as_json, form=form)


@app.command("template", epilog=EPILOG)
def template(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The .xlsx file to write; it is not there yet.")
    ],
    as_json: options.JsonOption = False,
) -> None:
    """Write an empty workbook to fill in: a sheet per table, drop-down lists, and notes."""
    from allocator.jobs.hand_back import write_template
    from allocator.jobs.terminal import print_json, say_written

    write_template(file)
    if as_json:
        print_json({"written": str(file)})
    else:
        say_written(file)


@app.command("build", epilog=EPILOG)
def build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A facility to generate.")],
    out: OutOption,
    seed: options.SeedOption = 1,
    as_json: options.JsonOption = False,
) -> None:
    """Generate a synthetic scenario of a known facility type."""
    from allocator.simulate import build_document

    _write(build_document(name, seed), out, as_json=as_json)


@app.command("shock", epilog=EPILOG)
def shock(
    scenario: options.ScenarioArgument,
    kind: Annotated[
        ShockName, typer.Argument(metavar="KIND", help="wing_closes, arrivals, authority_expires.")
    ],
    out: OutOption,
    seed: options.SeedOption = 1,
    as_json: options.JsonOption = False,
) -> None:
    """Write a scenario as it is after a shock: a wing closes, people arrive, an authority ends."""
    from allocator.jobs.locate import find_scenario
    from allocator.jobs.task import read_source
    from allocator.prepare.document import scenario_document
    from allocator.simulate import shock_document

    document = scenario_document(read_source(find_scenario(scenario)))
    _write(shock_document(document, kind, seed), out, as_json=as_json)


def _row(path: Path) -> dict[str, Any]:
    from allocator.jobs.picture import scenario_row
    from allocator.jobs.task import read_source

    try:
        return scenario_row(path, read_source(path))
    except ScenarioError as error:
        return {"name": path.stem, "path": str(path), "problems": len(error.problems)}


def _write(
    document: Mapping[str, Any], out: Path, *, as_json: bool, form: FormName = "csv"
) -> None:
    from allocator.jobs.scenario_output import write_scenario
    from allocator.jobs.terminal import has_standard_output, print_json, say_written

    write_scenario(document, out, form)
    if has_standard_output(out):
        return
    if as_json:
        print_json({"written": str(out)})
    else:
        say_written(out)
