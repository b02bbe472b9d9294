"""Writes a scenario document as a folder of tables, all at once or not at all."""

import csv
import io
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from allocator.errors import ConfigError
from allocator.prepare.document import scenario_document
from allocator.prepare.folder import HEADER_FILE
from allocator.prepare.read import read_scenario_document
from allocator.prepare.table_specs import REQUIRED_TABLES, Column, Table, header_keys, tables

__all__ = ["scenario_document", "write_scenario_folder"]


def write_scenario_folder(document: Mapping[str, Any], folder: Path, form: str = "csv") -> None:
    """Write `scenario.yaml` and one file per table that has rows.

    Parameters
    ----------
    form : csv or parquet.

    The document is read first, so that no folder is written that could not be read again; text
    that a spreadsheet would run as a formula is refused there.

    Raises
    ------
    ScenarioError
        If the document is no valid scenario.
    ConfigError
        If the folder exists and is not empty, or pyarrow is needed and not installed.
    """
    read_scenario_document(document)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"The folder {folder.name} exists and is not empty; choose another or empty it."
        raise ConfigError(message)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f".{folder.name}-{secrets.token_hex(6)}")
    made.mkdir()  # who may read it is what the user's umask says, no more
    try:
        _write_all(document, made, form)
        # On POSIX this replaces an empty folder and fails on any other, in one step.
        os.replace(made, folder)  # noqa: PTH105
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _write_all(document: Mapping[str, Any], folder: Path, form: str) -> None:
    header = {key: document[key] for key in header_keys() if document.get(key) is not None}
    text = yaml.safe_dump(_plain(header), sort_keys=False, allow_unicode=True, width=100)
    (folder / HEADER_FILE).write_text(text, encoding="utf-8")
    for name, table in tables().items():
        rows = document.get(name) or []
        if rows or name in REQUIRED_TABLES:
            content = table_bytes(table, rows, form)
            (folder / f"{name}.{form}").write_bytes(content)


def table_bytes(table: Table, rows: list[Mapping[str, Any]], form: str) -> bytes:
    """One table as a file of a form, csv or parquet."""
    if form == "csv":
        return table_csv(table, rows).encode("utf-8")
    from allocator.prepare.tables_parquet import table_parquet

    return table_parquet(_columns_in_use(table, rows), rows)


def _columns_in_use(table: Table, rows: list[Mapping[str, Any]]) -> list[Column]:
    """Required columns, and those with a value that is not the default."""
    return [
        column
        for name, column in table.columns.items()
        if column.required or any(_is_set(row.get(name), column.default) for row in rows)
    ]


def table_csv(table: Table, rows: list[Mapping[str, Any]]) -> str:
    """One table as CSV text: required columns, and those with a value that is not the default."""
    names = [column.name for column in _columns_in_use(table, rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([cell_text(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _is_set(value: Any, default: Any) -> bool:
    return value is not None and value not in ("", []) and value != default


def cell_text(value: Any) -> str:
    """Text of one value as it stands in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set | frozenset):
        return "|".join(sorted(map(str, value)))
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
