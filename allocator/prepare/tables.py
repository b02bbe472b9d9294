"""A table of text rows, from CSV, XLSX or Parquet, as a raw table of plain values."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from allocator.prepare.convert import CONVERTERS
from allocator.prepare.files import read_bytes
from allocator.prepare.problems import Place, Problems, joined, nearest, show
from allocator.prepare.raw import RawRow, RawTable
from allocator.prepare.refused import ACTION, ALLOWED, is_refused
from allocator.prepare.table_specs import Table
from allocator.prepare.tables_csv import TextRow, csv_rows

FORMS = (".csv", ".xlsx", ".parquet")
Converter = tuple[int, str, Callable[[str], Any]]


def read_table(table: Table, path: Path, problems: Problems) -> RawTable:
    """One table file by its ending; `known` is False when it could not be read."""
    raw = RawTable(table.name, path.name)
    data = read_bytes(path, path.name, problems)
    rows: list[TextRow] | None = None
    if data is not None and path.suffix == ".csv":
        rows = csv_rows(data, path.name, problems)
    elif data is not None and path.suffix == ".parquet":
        from allocator.prepare.tables_parquet import parquet_rows

        rows = parquet_rows(data, raw, table, problems)
    elif data is not None:
        from allocator.prepare.tables_xlsx import xlsx_rows

        rows = xlsx_rows(data, raw, table, problems)
    return fill_table(raw, table, rows, problems)


def fill_table(
    raw: RawTable, table: Table, rows: list[TextRow] | None, problems: Problems
) -> RawTable:
    """The rows of text of any kind of file as plain values; None where there are none to judge."""
    if rows is None:
        raw.known = False
        return raw
    start = next((i for i, row in enumerate(rows) if any(map(str.strip, row))), None)
    if start is None:
        allowed = "a header row with " + joined(table.required)
        action = "Write the column names into row 1."
        problems.add("file_empty", raw.table_place(), "no rows", allowed, action)
        raw.known = False
        return raw
    header = [cell.strip() for cell in rows[start]]
    while header and not header[-1]:
        header.pop()
    converters = _check_header(raw, table, header, start + 1, problems)
    numbers: list[int] = []
    raw.numbers = numbers
    for at in range(start + 1, len(rows)):
        row = rows[at]
        if not any(map(str.strip, row)):
            continue
        numbers.append(at + 1)
        raw.rows.append(_values(row, converters))
        _check_width(header, row, raw.place(len(numbers) - 1, None), problems)
    return raw


def _values(row: TextRow, converters: list[Converter]) -> RawRow:
    values: RawRow = {}
    for index, name, convert in converters:
        text = row[index].strip() if index < len(row) else ""
        if text:
            values[name] = convert(text)
    return values


def _check_width(header: list[str], row: TextRow, place: Place, problems: Problems) -> None:
    beyond = any(map(str.strip, row[len(header) :]))
    if len(row) < len(header) or beyond:
        allowed = f"{len(header)} fields, as in the header"
        action = "Check the row for a missing or superfluous separator or quotation mark."
        problems.add("ragged_row", place, f"{len(row)} fields", allowed, action)
    if "" not in header:
        return
    for index, (name, text) in enumerate(zip(header, row, strict=False)):
        if not name and text.strip():
            action = "Name the column in the header or delete it."
            here = replace(place, column=f"number {index + 1}")
            problems.add("column_unnamed", here, show(text), "columns with a name", action)


def _check_header(
    raw: RawTable, table: Table, header: list[str], number: int, problems: Problems
) -> list[Converter]:
    converters: list[Converter] = []
    for index, name in enumerate(header):
        place = raw.table_place(number, show(name)[1:-1] or None)
        if not name:
            continue
        if name not in table.columns:
            add_unknown_name(name, place, table.columns, problems, "column")
        elif name in header[:index]:
            action = "Keep one of the two columns."
            problems.add("column_repeated", place, show(name), "each column once", action)
        else:
            converters.append((index, name, CONVERTERS[table.columns[name].kind]))
    for name in table.required:
        if name not in header:
            place = raw.table_place(number, name)
            action = f"Add the column {name}: {table.columns[name].allowed}."
            raw.reported.add(name)
            allowed = "all of " + joined(table.required)
            problems.add("column_missing", place, "no such column", allowed, action)
    return converters


def add_unknown_name(
    name: str, place: Place, known: Iterable[str], problems: Problems, noun: str
) -> None:
    """Record a column or key that is not known, refused ones (R62) as such."""
    if is_refused(name):
        problems.add("column_refused", place, show(name), ALLOWED, ACTION)
        return
    action = f"{nearest(name, known)}Rename or delete the {noun}."
    problems.add(f"{noun}_unknown", place, show(name), joined(known), action)
