"""XLSX files as rows of text, equal to what the same table gives as CSV."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from allocator.prepare.problems import Place, Problems, joined
from allocator.prepare.table_specs import Table
from allocator.prepare.tables_csv import TextRow

MAX_UNPACKED_BYTES = 300_000_000
MAX_PARTS = 2_000
MAX_ROWS = 500_000
MAX_COLUMNS = 500
MAX_CELLS = 20_000_000
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_REFERENCE = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]{0,200}?\br=["']([A-Z]{0,9})([0-9]{1,12})""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s[^>]{0,200}?\br=["']([A-Z]{0,3})([0-9]{1,7})["'][^>]{0,200}>\s*<(?:\w+:)?f[\s/>]"""
)
_DATE_1904 = re.compile(rb"""date1904=["'](1|true)["']""")


def xlsx_rows(data: bytes, name: str, table: Table, problems: Problems) -> list[TextRow] | None:
    """Rows of the table's sheet, None with problems recorded when they cannot be had."""
    parts = _safe_parts(data, name, problems)
    if parts is None:
        return None
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = _sheet_name(workbook.sheet_names, name, table, problems)
        if sheet is None:
            return None
        found = workbook.get_sheet_by_name(sheet)
        values = found.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        _malformed(name, str(error), problems)
        return None
    dates = [n for n, column in table.columns.items() if column.kind == "date"]
    return _as_text(values, set(dates), _EPOCH_1904 if parts else _EPOCH)


def _malformed(name: str, found: str, problems: Problems) -> None:
    action = "Open it in a spreadsheet and save it again as XLSX, without password."
    problems.add("xlsx_malformed", Place(name), found, "a workbook in XLSX format", action)


def _sheet_name(sheets: list[str], name: str, table: Table, problems: Problems) -> str | None:
    if len(sheets) == 1:
        return sheets[0]
    if table.name in sheets:
        return table.name
    action = f'Name the sheet "{table.name}" or keep one sheet only.'
    problems.add("xlsx_sheets", Place(name), joined(sheets), "one sheet", action)
    return None


def _safe_parts(data: bytes, name: str, problems: Problems) -> bool | None:
    """Whether dates count from 1904; None when the file is unsafe, damaged or has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect(archive, name, problems)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        _malformed(name, str(error), problems)
    except Exception as error:  # noqa: BLE001 - a damaged deflate stream raises zlib.error and others
        _malformed(name, type(error).__name__, problems)
    return None


def _inspect(archive: zipfile.ZipFile, name: str, problems: Problems) -> bool | None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or len(members) > MAX_PARTS:
        found = f"{unpacked // 1_000_000} MB in {len(members)} parts"
        allowed = f"at most {MAX_UNPACKED_BYTES // 1_000_000} MB in {MAX_PARTS} parts"
        action = "Save the table as CSV, or copy the cells into a new workbook."
        problems.add("xlsx_too_large", Place(name), found, allowed, action)
        return None
    is_1904 = False
    safe = True
    for member in members:
        # Reading checks size and check sum, so that a false size in the directory is noticed.
        content = archive.read(member)
        if member.filename == "xl/workbook.xml":
            is_1904 = _DATE_1904.search(content) is not None
        elif member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            safe = _check_sheet(content, name, problems) and safe
    return is_1904 if safe else None


def _check_sheet(content: bytes, name: str, problems: Problems) -> bool:
    rows = columns = 0
    for letters, digits in _REFERENCE.findall(content):
        rows = max(rows, int(digits))
        columns = max(columns, _column_number(letters))
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        found = f"cells down to row {rows} and column {columns}"
        allowed = f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns"
        action = "Delete the rows and columns that lie outside the table."
        problems.add("xlsx_too_large", Place(name), found, allowed, action)
        return False
    formulas = list(_FORMULA.findall(content))
    for letters, digits in formulas:
        place = Place(name, int(digits), letters.decode() or None)
        action = "Copy the column and paste it as values."
        problems.add("formula_refused", place, "a formula", "values only", action)
    return not formulas


def _column_number(letters: bytes) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + letter - 64
    return total


def _as_text(values: list[list[Any]], dates: set[str], epoch: date) -> list[TextRow]:
    """Cells as the text a CSV file would hold; numbers in date columns are serial dates."""
    header: list[str] = []
    rows: list[TextRow] = []
    for row in values:
        if not any(header):
            header = [str(cell).strip() for cell in row]
            rows.append(header)
            continue
        rows.append(list(_row_text(row, header, dates, epoch)))
    return rows


def _row_text(row: list[Any], header: list[str], dates: set[str], epoch: date) -> Iterator[str]:
    for name, value in zip(header, row, strict=True):
        is_serial = name in dates and isinstance(value, int | float)
        yield _serial(value, epoch) if is_serial else cell_text(value)


def _serial(value: float, epoch: date) -> str:
    if isinstance(value, bool) or value != int(value) or not 0 < value < 200_000:
        return str(value)
    return (epoch + timedelta(days=int(value))).isoformat()


def cell_text(value: object) -> str:
    """Text of one spreadsheet value: whole numbers without decimals, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
