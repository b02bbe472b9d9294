"""The arrays of a JSON document as raw tables, with the keys checked as columns are."""

from collections.abc import Iterator, Mapping
from typing import Any

from allocator.prepare.pointers import DocumentPath
from allocator.prepare.problems import Place, Problems, show
from allocator.prepare.raw import KeyPlaces, RawRow, RawTable
from allocator.prepare.refused import ACTION, ALLOWED, is_refused
from allocator.prepare.table_specs import REQUIRED_TABLES, Table
from allocator.prepare.tables import add_unknown_name

MAX_DEPTH = 50


def raw_json_table(
    table: Table, document: Mapping[str, Any], name: str, problems: Problems
) -> RawTable:
    """One array of objects; empty values are left out, as in a spreadsheet."""
    raw = RawTable(table.name, name, is_json=True)
    rows = document.get(table.name)
    if rows is None:
        if table.name in REQUIRED_TABLES:
            action = f"Add the array {table.name}."
            place = Place(name, None, table.name, (table.name,))
            problems.add("key_missing", place, "no such key", "an array of objects", action)
            raw.known = False
        return raw
    if not isinstance(rows, list | tuple):
        action = "Write one object for each row."
        place = raw.table_place(None, table.name)
        problems.add("value_not_list", place, show(rows), "an array of objects", action)
        raw.known = False
        return raw
    raw.numbers = []
    for at, row in enumerate(rows):
        if isinstance(row, Mapping):
            raw.rows.append(_row(table, row, (name, at), problems))
            raw.numbers.append(at)
        else:
            place = KeyPlaces(name).at(table.name, at)
            action = "Write one object for each row."
            problems.add("value_not_mapping", place, show(row), "an object", action)
    return raw


def _row(
    table: Table, row: Mapping[str, Any], where: tuple[str, int], problems: Problems
) -> RawRow:
    file, at = where
    keys = KeyPlaces(file)
    values: RawRow = {}
    for key, value in row.items():
        if key not in table.columns:
            here = keys.at(table.name, at, str(key))
            add_unknown_name(str(key), here, table.columns, problems, "key")
        elif value is None or (isinstance(value, str) and not value.strip()):
            continue
        else:
            values[key] = value
        if isinstance(value, Mapping | list | tuple):
            add_nested_refusals(value, keys, (table.name, at, str(key)), problems)
    return values


def add_nested_refusals(
    value: Any, keys: KeyPlaces, path: DocumentPath, problems: Problems
) -> None:
    """Record refused keys (R62) at any depth below a value."""
    for key_path in _nested_keys(value, path, 0):
        key = str(key_path[-1])
        if is_refused(key):
            problems.add("column_refused", keys.at(*key_path), show(key), ALLOWED, ACTION)


def _nested_keys(value: Any, path: DocumentPath, depth: int) -> Iterator[DocumentPath]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, str(key))
            yield here
            yield from _nested_keys(item, here, depth + 1)
    elif isinstance(value, list | tuple):
        for at, item in enumerate(value):
            if isinstance(item, Mapping | list | tuple):
                yield from _nested_keys(item, (*path, at), depth + 1)
