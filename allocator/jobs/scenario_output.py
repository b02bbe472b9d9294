"""A scenario written anew, or one table of it in place; whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.dry_run import is_dry_run
from allocator.errors import ConfigError
from allocator.jobs.outputs import (
    STANDARD_OUTPUT,
    check_writable,
    write_bytes,
    write_json,
    write_text,
)
from allocator.jobs.standard_input import is_standard_input
from allocator.prepare.folder import read_raw
from allocator.prepare.problems import Problems
from allocator.prepare.read import read_scenario_document
from allocator.prepare.table_specs import tables
from allocator.prepare.tables import FORMS
from allocator.prepare.write import table_csv, write_scenario_folder


def write_scenario(document: Mapping[str, Any], out: Path, form: str = "csv") -> None:
    """Write a scenario document as a folder of tables, or as one file.

    Parameters
    ----------
    out : a folder, a path that ends in .json or, for a workbook, in .xlsx, or `-` for JSON on
        standard output.
    form : csv or parquet, of the tables in a folder.

    Raises
    ------
    ConfigError
        If something is there already, or the place cannot be written.
    """
    if str(out) == STANDARD_OUTPUT:
        write_json(out, document)
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError(f"{out} exists already; give another folder or remove it yourself.")
    check_writable(out)
    if out.suffix == ".json":
        write_json(out, document)
    elif out.suffix == ".xlsx":
        from allocator.prepare.write_workbook import scenario_workbook

        write_bytes(out, scenario_workbook(document))
    elif is_dry_run():
        read_scenario_document(document)
    else:
        write_scenario_folder(document, out, form)


def source_document(source: Path) -> dict[str, Any]:
    """The document of a scenario's files as they stand: choices by name, nothing filled in.

    Raises
    ------
    ScenarioError
        If a file cannot be read; values are not judged here.
    """
    problems = Problems()
    raw = read_raw(source, problems)
    problems.raise_if_any()
    rows = {name: table.rows for name, table in raw.tables.items() if table.rows}
    return {**(raw.header or {}), **rows}


def write_table_in_place(document: Mapping[str, Any], source: Path, table: str) -> Path:
    """Write one table back where the scenario is; every other file of a folder stays as it is.

    Returns
    -------
    The file written.

    Raises
    ------
    ConfigError
        If the table is no CSV file, which would lose its form, or the place cannot be written.
    """
    if is_standard_input(source):
        raise ConfigError("Standard input cannot be written in place; use --out.")
    if source.suffix == ".json" and not source.is_dir():
        check_writable(source)
        write_json(source, document)
        return source
    others = [source] if source.suffix == ".xlsx" else []
    others += [p for end in FORMS[1:] if (p := source / f"{table}{end}").exists()]
    if others:
        raise ConfigError(
            f"{table} of {source.name} is in {others[0].name}, which is not written in place; "
            "use --out, or enter the row there yourself."
        )
    file = source / f"{table}.csv"
    check_writable(file)
    write_text(file, table_csv(tables()[table], document[table]))
    return file
