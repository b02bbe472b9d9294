"""A whole scenario in one workbook: a sheet for the header, and one for each table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocator.prepare.convert import CONVERTERS
from allocator.prepare.files import read_bytes
from allocator.prepare.problems import Place, Problems, joined, nearest, show
from allocator.prepare.raw import KeyPlaces, RawRow, RawScenario, RawTable
from allocator.prepare.table_specs import REQUIRED_TABLES, Table, header_keys, tables
from allocator.prepare.tables import fill_table
from allocator.prepare.tables_csv import TextRow
from allocator.prepare.tables_xlsx import Book, Expected, expected_of, open_book, sheet_rows

HEADER_SHEET = "scenario"
NOTES_SHEET, LISTS_SHEET, ERRORS_SHEET = "Notes", "Lists", "Errors"
KEY, VALUE = "key", "value"
_OURS = frozenset({HEADER_SHEET, NOTES_SHEET, LISTS_SHEET, ERRORS_SHEET})


def read_workbook(path: Path, problems: Problems) -> RawScenario:
    """The raw scenario of an .xlsx file; sheets of other names are left alone."""
    data = read_bytes(path, path.name, problems)
    book = None if data is None else open_book(data, path.name, problems)
    if book is None:
        return RawScenario(KeyPlaces(path.name), None, {})
    _check_names(book, problems)
    keys, header = _read_header(book, problems)
    found = {name: _read_sheet(book, table, problems) for name, table in tables().items()}
    return RawScenario(keys, header, found)


def _read_sheet(book: Book, table: Table, problems: Problems) -> RawTable:
    raw = RawTable(table.name, book.name, sheet=table.name)
    if table.name in book.sheets:
        rows = sheet_rows(book, table.name, expected_of(raw, table), problems)
        return fill_table(raw, table, rows, problems)
    if table.name in REQUIRED_TABLES:
        raw.known = False
        action = f"Add the sheet with the columns {joined(table.required)}."
        place = raw.table_place()
        problems.add("sheet_missing", place, "no such sheet", f"a sheet {table.name}", action)
    return raw


def _check_names(book: Book, problems: Problems) -> None:
    """Refuse sheets named almost like a table: leaving them out would read half a scenario."""
    known = [HEADER_SHEET, *tables()]
    for name in book.sheets:
        if name in known or name in _OURS:
            continue
        hint = nearest(name.lower().replace("-", "_").replace(" ", "_"), known)
        if hint:
            place = Place(book.name, sheet=name)
            action = f"{hint}Rename the sheet, or delete it."
            problems.add("sheet_name_unknown", place, show(name), joined(known), action)


@dataclass(frozen=True, slots=True)
class _Header:
    """Rows of the header's sheet, from the one that names the columns."""

    book: Book
    problems: Problems

    def place(self, row: int | None, column: str | None = None) -> Place:
        return Place(self.book.name, row, column, (), HEADER_SHEET)

    def pairs(self, rows: list[TextRow]) -> Iterator[tuple[int, str, str]]:
        """Row, key and value of each row with a key."""
        start = next((at for at, row in enumerate(rows) if KEY in map(str.strip, row)), None)
        names = [] if start is None else [cell.strip() for cell in rows[start]]
        if start is None or VALUE not in names:
            action = f'Write "{KEY}" and "{VALUE}" above the two columns.'
            place = self.place(1, VALUE if start is not None else KEY)
            allowed = f"the columns {KEY} and {VALUE}"
            self.problems.add("column_missing", place, "no such column", allowed, action)
            return
        key, value = names.index(KEY), names.index(VALUE)
        for at, row in enumerate(rows[start + 1 :], start + 2):
            if row[key].strip():
                yield at, row[key].strip(), row[value].strip()


def _read_header(book: Book, problems: Problems) -> tuple[KeyPlaces, RawRow | None]:
    sheet, made = _Header(book, problems), dict[str, Any]()
    lines: dict[str, int] = {}
    keys = KeyPlaces(book.name, HEADER_SHEET, lines)
    if HEADER_SHEET not in book.sheets:
        action = "Add it with schema_version, name and day."
        place = sheet.place(None)
        allowed = f"a sheet {HEADER_SHEET}"
        problems.add("sheet_missing", place, "no such sheet", allowed, action)
        return keys, None
    rows = sheet_rows(book, HEADER_SHEET, Expected({VALUE: ""}, sheet.place), problems)
    if rows is None:
        return keys, None
    for at, key, text in sheet.pairs(rows):
        if key in lines:
            action = "Keep one of the two rows."
            problems.add("key_repeated", sheet.place(at, key), show(key), "each key once", action)
        lines.setdefault(key, at)
        if text:
            made.setdefault(key, _value(key, text))
    return keys, made


def _value(key: str, text: str) -> Any:
    """A value by the kind of its key; mappings, and lists where need be, are written as JSON."""
    column = header_keys().get(key)
    kind = "text" if column is None else column.kind
    if kind in {"mapping", "set"} and text.startswith(("{", "[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass
    return CONVERTERS["text" if kind == "mapping" else kind](text)
