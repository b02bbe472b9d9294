"""Parquet files as rows of text, equal to what the same table gives as CSV, and back.

Needs pyarrow, which is the extra `parquet`.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from allocator.errors import ConfigError
from allocator.prepare.problems import Place, Problems, show
from allocator.prepare.raw import RawTable
from allocator.prepare.table_specs import Column, Table
from allocator.prepare.tables_csv import TextRow
from allocator.prepare.typed_cells import TEXTS, cell_text, check_text
from allocator.prepare.wire_types import MAX_FIELD_CHARACTERS
from allocator.prepare.xlsx_parts import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES

BATCH_ROWS = 10_000
MOST_BYTES_OF_DESCRIPTION = 10_000_000
MOST_BYTES_OF_TEXT = 4 * MAX_FIELD_CHARACTERS
_PLAIN = (str, bool, int, float, date, datetime, time, Decimal)


def load_pyarrow() -> tuple[Any, Any]:
    """The modules pyarrow and pyarrow.parquet.

    Raises
    ------
    ConfigError
        If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        message = (
            "Parquet needs pyarrow, which is not installed: install the extra "
            '(pip install "allocator[parquet]"), or use CSV, XLSX or JSON.'
        )
        raise ConfigError(message) from None
    return pa, pq


def parquet_rows(
    data: bytes, raw: RawTable, table: Table, problems: Problems
) -> list[TextRow] | None:
    """Header and rows of a Parquet file, None with problems recorded when it is not one.

    Raises
    ------
    ConfigError
        If pyarrow is not installed.
    """
    pa, pq = load_pyarrow()
    try:
        return _read(_open(pa, pq, data), raw, table, problems)
    except (pa.ArrowException, ValueError, TypeError, KeyError, OSError, MemoryError) as error:
        found = str(error).partition("\n")[0] or type(error).__name__
        action = "Write the file again, or save the table as CSV."
        problems.add("parquet_malformed", Place(raw.file), found, "a Parquet file", action)
        return None


def _read(file: Any, raw: RawTable, table: Table, problems: Problems) -> list[TextRow] | None:
    if not _is_small(file.metadata, raw, problems):
        return None
    rows = _Rows(raw, {name: column.kind for name, column in table.columns.items()}, problems)
    rows.header([str(name) for name in file.schema_arrow.names])
    batches = file.iter_batches(batch_size=BATCH_ROWS, use_threads=False)
    return rows.made if all(rows.add(batch.columns) for batch in batches) else None


def _open(pa: Any, pq: Any, data: bytes) -> Any:
    """The file, its text kept as a list of different texts, however often each is repeated."""
    limits = {
        "thrift_string_size_limit": MOST_BYTES_OF_DESCRIPTION,
        "thrift_container_size_limit": MAX_ROWS,
        "page_checksum_verification": True,
    }
    schema = pq.ParquetFile(pa.BufferReader(data), **limits).schema_arrow
    texts = [
        field.name
        for field in schema
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    return pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts, **limits)


def _is_small(metadata: Any, raw: RawTable, problems: Problems) -> bool:
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    size = sum(group.total_byte_size for group in groups)
    rows, columns = metadata.num_rows, metadata.num_columns
    is_wide = columns > MAX_COLUMNS or rows * columns > MAX_CELLS
    if rows <= MAX_ROWS and not is_wide and 0 <= size <= MAX_UNPACKED_BYTES:
        return True
    found = f"{rows} rows, {columns} columns, {size // 1_000_000} MB"
    allowed = (
        f"at most {MAX_ROWS} rows, {MAX_COLUMNS} columns and {MAX_UNPACKED_BYTES // 1_000_000} MB"
    )
    action = "Keep the rows and columns of the table alone."
    problems.add("parquet_too_large", raw.table_place(), found, allowed, action)
    return False


class _Rows:
    """Rows of text of one file as its batches come."""

    def __init__(self, raw: RawTable, kinds: Mapping[str, str], problems: Problems) -> None:
        self.made: list[TextRow] = []
        self._raw, self._kinds, self._problems = raw, kinds, problems

    def header(self, names: list[str]) -> None:
        self.made.append(names)

    def add(self, columns: Sequence[Any]) -> bool:
        """Add a batch; False, with a problem recorded, where a text is far too long."""
        names, first = self.made[0], len(self.made) + 1
        texts: list[list[str]] = []
        for name, column in zip(names, columns, strict=True):
            values = self._values(name, column)
            if values is None:
                return False
            texts.append([self._text(v, name, first + at) for at, v in enumerate(values)])
        self.made.extend(list(row) for row in zip(*texts, strict=True))
        return True

    def _values(self, name: str, column: Any) -> list[Any] | None:
        if not hasattr(column, "dictionary"):
            values: list[Any] = column.to_pylist()
            return values
        known = column.dictionary.to_pylist()
        if any(isinstance(text, str) and len(text) > MOST_BYTES_OF_TEXT for text in known):
            allowed = f"text of up to {MAX_FIELD_CHARACTERS} characters"
            place = self._raw.table_place(None, name)
            action = f"Shorten the field to {MAX_FIELD_CHARACTERS} characters."
            self._problems.add("field_too_long", place, "a longer text", allowed, action)
            return None
        return [None if at is None else known[at] for at in column.indices.to_pylist()]

    def _text(self, value: Any, name: str, number: int) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        place = self._raw.table_place(number, name)
        if isinstance(value, list):
            return self._listed(value, place)
        if not isinstance(value, _PLAIN):
            action = "Write the column as text, numbers, booleans, dates or lists of text."
            found = f"a value of type {type(value).__name__}"
            self._problems.add("value_not_text", place, found, "a plain value", action)
            return ""
        if self._kinds.get(name) in TEXTS:
            check_text(value, place, self._problems)
        return cell_text(value)

    def _listed(self, parts: list[Any], place: Place) -> str:
        for part in parts:
            if not isinstance(part, str) or "|" in part:
                code = "separator_in_id" if isinstance(part, str) else "value_not_text"
                action = "Write a list of texts, none of them with the character |."
                self._problems.add(code, place, show(part), "a list of names", action)
        return "|".join(map(str, parts))


def table_parquet(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A table as a Parquet file with typed columns.

    Raises
    ------
    ConfigError
        If pyarrow is not installed.
    """
    pa, pq = load_pyarrow()
    types = {
        "whole": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "set": pa.list_(pa.string()),
    }
    schema = pa.schema([(c.name, types.get(c.kind, pa.string())) for c in columns])
    arrays = [
        pa.array([typed_value(row.get(c.name), c.kind) for row in rows], field.type)
        for c, field in zip(columns, schema, strict=True)
    ]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def typed_value(value: Any, kind: str) -> Any:
    """A value of a document as Parquet holds it."""
    if value is None or value == "":
        return None
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == "set":
        return sorted(map(str, value))
    return float(value) if kind == "number" else value
