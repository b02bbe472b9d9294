"""Sheets of XLSX files as rows of text, equal to what the same table gives as CSV."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from allocator.prepare.problems import Place, Problems, joined
from allocator.prepare.raw import RawTable
from allocator.prepare.table_specs import Table
from allocator.prepare.tables_csv import TextRow
from allocator.prepare.typed_cells import TEXTS, cell_text, check_text
from allocator.prepare.xlsx_parts import BookFacts, is_sheet_safe, look_into, malformed

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_LEAP_DAY_1900 = 60  # spreadsheets count a 29 February 1900


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook that was looked into."""

    name: str
    reader: "CalamineWorkbook"
    facts: BookFacts

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets in their order."""
        return self.reader.sheet_names


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sheet should hold: kinds of its columns, and where a row and a column are."""

    kinds: Mapping[str, str]
    place: Callable[[int | None, str | None], Place]


def open_book(data: bytes, name: str, problems: Problems) -> Book | None:
    """A workbook, None with problems recorded when it is unsafe or damaged."""
    facts = look_into(data, name, problems)
    if facts is None:
        return None
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return Book(name, CalamineWorkbook.from_filelike(io.BytesIO(data)), facts)
    except (CalamineError, ValueError, OSError) as error:
        malformed(name, str(error), problems)
        return None


def xlsx_rows(data: bytes, raw: RawTable, table: Table, problems: Problems) -> list[TextRow] | None:
    """Rows of the table's sheet in a file of its own, None with problems recorded without them."""
    book = open_book(data, raw.file, problems)
    sheet = None if book is None else _sheet_name(book, table, problems)
    if book is None or sheet is None:
        return None
    return sheet_rows(book, sheet, expected_of(raw, table), problems)


def expected_of(raw: RawTable, table: Table) -> Expected:
    """What the sheet of a table should hold."""
    return Expected({n: c.kind for n, c in table.columns.items()}, raw.table_place)


def sheet_rows(
    book: Book, sheet: str, expected: Expected, problems: Problems
) -> list[TextRow] | None:
    """Cells of a sheet as the text a CSV file would hold, None with problems recorded."""
    if not is_sheet_safe(book.facts.of(sheet), expected.place, problems):
        return None
    from python_calamine import CalamineError

    try:
        values = book.reader.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        malformed(book.name, str(error), problems)
        return None
    return _as_text(values, expected, _EPOCH_1904 if book.facts.is_1904 else _EPOCH, problems)


def _sheet_name(book: Book, table: Table, problems: Problems) -> str | None:
    if len(book.sheets) == 1:
        return book.sheets[0]
    if table.name in book.sheets:
        return table.name
    action = f'Name the sheet "{table.name}" or keep one sheet only.'
    found = joined(book.sheets) or "no sheet"
    problems.add("xlsx_sheets", Place(book.name), found, "one sheet", action)
    return None


def _as_text(
    values: list[list[Any]], expected: Expected, epoch: date, problems: Problems
) -> list[TextRow]:
    """Cells as text; numbers in date columns are serial dates."""
    header: list[str] = []
    rows: list[TextRow] = []
    for number, row in enumerate(values, 1):
        if not any(header):
            header = [str(cell).strip() for cell in row]
            rows.append(header)
            continue
        for name, value in zip(header, row, strict=True):
            if not isinstance(value, str) and expected.kinds.get(name) in TEXTS:
                check_text(value, expected.place(number, name), problems)
        rows.append(list(_row_text(row, header, expected.kinds, epoch)))
    return rows


def _row_text(
    row: list[Any], header: list[str], kinds: Mapping[str, str], epoch: date
) -> Iterator[str]:
    for name, value in zip(header, row, strict=True):
        is_serial = isinstance(value, int | float) and kinds.get(name) == "date"
        yield _serial(value, epoch) if is_serial else cell_text(value)


def _serial(value: float, epoch: date) -> str:
    if isinstance(value, bool) or value != int(value) or not 0 < value < 200_000:
        return str(value)
    days = int(value) + (epoch == _EPOCH and value < _LEAP_DAY_1900)
    return (epoch + timedelta(days=days)).isoformat()
