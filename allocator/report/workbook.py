"""The plan as a spreadsheet for printing and signing; the same plan gives the same bytes."""

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from allocator.explain.breakdown import Breakdown
from allocator.report.form import STATUS, long_date
from allocator.report.rows import Sheet, Value, all_sheets, guarded

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_FILL = "1D3557"
BAND_FILL = "F3F5F7"
LINE = "B1B4B6"
FORMATS = {
    "text": "General",
    "count": "#,##0",
    "count left": "#,##0",
    "measure": "0.00",
    "date": "d mmm yyyy",
}
NUMBERS = frozenset({"count", "measure"})
SUMMARY = "Summary"
LINE_POINTS = 13
SIDE, TOP = 0.4, 0.75  # inches
FILTER_BUTTON = 2
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def render_workbook(breakdown: Breakdown) -> bytes:
    """XLSX with the sheets Moves, Derogations, Unplaced, Space and Summary."""
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    _add_styles(book)
    for sheet in all_sheets(breakdown):
        _fill(book.create_sheet(sheet.title), sheet, breakdown)
    stamp = datetime.combine(breakdown.day, time())
    book.properties.created = stamp
    book.properties.creator = "allocator"
    book.properties.title = f"Plan for {breakdown.scenario_name}"
    out = BytesIO()
    book.save(out)
    return _same_bytes(out.getvalue(), stamp)


def _fill(worksheet: "Worksheet", sheet: Sheet, breakdown: Breakdown) -> None:
    from openpyxl.utils import get_column_letter

    _write_header(worksheet, sheet)
    for r, row in enumerate(sheet.rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(worksheet, r, column, value).style = _style(sheet, r, column, value)
        _set_height(worksheet, r, row, sheet.widths)
    for column, width in enumerate(sheet.widths, start=1):
        worksheet.column_dimensions[get_column_letter(column)].width = width
    worksheet.freeze_panes = "A2" if sheet.title == SUMMARY else "B2"
    if sheet.rows:
        worksheet.auto_filter.ref = worksheet.dimensions
    else:
        _put(worksheet, 2, 1, sheet.nothing).style = "note"
    _set_up_print(worksheet, sheet.title, breakdown)


def _write_header(worksheet: "Worksheet", sheet: Sheet) -> None:
    """Titles, set right over numbers; the m of m² stays small."""
    titles = [
        name if name.startswith("m²") else name[:1].upper() + name[1:] for name in sheet.header
    ]
    for column, title in enumerate(titles, start=1):
        values = (row[column - 1] for row in sheet.rows)
        is_number = sheet.title != SUMMARY and any(_form(v) in NUMBERS for v in values)
        _put(worksheet, 1, column, title).style = "head number" if is_number else "head"
    _set_height(worksheet, 1, titles, [width - FILTER_BUTTON for width in sheet.widths])


def _style(sheet: Sheet, row: int, column: int, value: Value) -> str:
    """Named style of a cell; a summary's numbers stand left, beside what they are the value of."""
    if column > len(sheet.header) - sheet.to_fill_in:
        return "fill in"
    left = " left" if sheet.title == SUMMARY and _form(value) == "count" else ""
    return f"{_form(value)}{left} {row % 2}"


def _set_height(
    worksheet: "Worksheet", row: int, values: Sequence[Value], widths: Sequence[int]
) -> None:
    """Room for wrapped texts: not every program makes it when it opens the file."""
    texts = zip(values, widths, strict=True)
    lines = max(
        (len(wrap(text, width)) for text, width in texts if isinstance(text, str)), default=1
    )
    if lines > 1:
        worksheet.row_dimensions[row].height = LINE_POINTS * lines + 4


def _put(worksheet: "Worksheet", row: int, column: int, value: Value) -> "Cell":
    cell: Cell = worksheet.cell(row=row, column=column)  # type: ignore[assignment]
    cell.value = guarded(value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _form(value: Value) -> str:
    if isinstance(value, int):
        return "count"
    if isinstance(value, float):
        return "measure"
    return "date" if isinstance(value, date) else "text"


def _add_styles(book: "Workbook") -> None:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    for name, side in (("head", "left"), ("head number", "right")):
        head = NamedStyle(name, font=Font(name="Arial", size=10, bold=True, color="FFFFFF"))
        head.fill = PatternFill("solid", start_color=HEADER_FILL)
        head.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True, indent=1)
        book.add_named_style(head)
    for form, number_format in FORMATS.items():
        for band in (0, 1):
            style = NamedStyle(f"{form} {band}", font=Font(name="Arial", size=10))
            style.number_format = number_format
            side = "right" if form in NUMBERS else "left"
            wraps = form not in NUMBERS
            style.alignment = Alignment(horizontal=side, vertical="top", wrap_text=wraps, indent=1)
            if band:
                style.fill = PatternFill("solid", start_color=BAND_FILL)
            book.add_named_style(style)
    note = NamedStyle("note", font=Font(name="Arial", size=10, italic=True))
    note.alignment = Alignment(horizontal="left", indent=1)
    book.add_named_style(note)
    line = Side("thin", color=LINE)
    box = NamedStyle("fill in", border=Border(left=line, right=line, top=line, bottom=line))
    box.font = Font(name="Arial", size=10)
    book.add_named_style(box)


def _set_up_print(worksheet: "Worksheet", title: str, breakdown: Breakdown) -> None:
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_title_rows = "1:1"
    worksheet.page_margins = PageMargins(
        left=SIDE, right=SIDE, top=TOP, bottom=TOP, header=TOP / 2, footer=TOP / 2
    )
    name = _no_codes(breakdown.scenario_name)
    worksheet.oddHeader = HeaderFooterItem(
        left=_HeaderFooterPart(text=f"{title} – {name}", size=9),
        right=_HeaderFooterPart(text=f"{long_date(breakdown.day)} – {STATUS}", size=9),
    )
    worksheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=breakdown.headline.caveat, size=8),
        right=_HeaderFooterPart(text="Page &P of &N", size=8),
    )
    worksheet.HeaderFooter.scaleWithDoc = False


def _no_codes(text: str) -> str:
    return text.replace("&", "&&")


def _same_bytes(book: bytes, stamp: datetime) -> bytes:
    """The archive with fixed dates: openpyxl writes the time of saving into it."""
    out = BytesIO()
    modified = rb"\g<1>" + stamp.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
    with zipfile.ZipFile(BytesIO(book)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = MODIFIED.sub(modified, content)
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return out.getvalue()
