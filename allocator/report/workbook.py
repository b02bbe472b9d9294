"""The plan as a spreadsheet for printing and signing; the same plan gives the same bytes."""

import re
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from allocator.explain.breakdown import Breakdown
from allocator.report.rows import Sheet, Value, all_sheets, guarded

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_FILL = "1D3557"
BAND_FILL = "F3F5F7"
FORMATS = {"text": "General", "count": "#,##0", "measure": "0.00", "date": "d mmm yyyy"}
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

    for column, (name, width) in enumerate(zip(sheet.header, sheet.widths, strict=True), start=1):
        title = name[:1].upper() + name[1:].replace("_", " ")
        _put(worksheet, 1, column, title).style = "head"
        worksheet.column_dimensions[get_column_letter(column)].width = width
    for r, row in enumerate(sheet.rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(worksheet, r, column, value).style = f"{_form(value)} {r % 2}"
    worksheet.freeze_panes = "A2" if sheet.title == "Summary" else "B2"
    worksheet.auto_filter.ref = worksheet.dimensions
    _set_up_print(worksheet, sheet.title, breakdown)


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
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill

    head = NamedStyle("head", font=Font(name="Arial", bold=True, color="FFFFFF"))
    head.fill = PatternFill("solid", start_color=HEADER_FILL)
    head.alignment = Alignment(vertical="center", wrap_text=True)
    book.add_named_style(head)
    for form, number_format in FORMATS.items():
        for band in (0, 1):
            style = NamedStyle(f"{form} {band}", font=Font(name="Arial", size=10))
            style.number_format = number_format
            number = form in {"count", "measure"}
            side = "right" if number else "left"
            style.alignment = Alignment(horizontal=side, vertical="top", wrap_text=not number)
            if band:
                style.fill = PatternFill("solid", start_color=BAND_FILL)
            book.add_named_style(style)


def _set_up_print(worksheet: "Worksheet", title: str, breakdown: Breakdown) -> None:
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_title_rows = "1:1"
    worksheet.oddHeader = HeaderFooterItem(
        left=_HeaderFooterPart(text=f"{title} - {_no_codes(breakdown.scenario_name)}"),
        right=_HeaderFooterPart(text=f"{breakdown.day.isoformat()} - PROPOSAL, NOT SIGNED"),
    )
    worksheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=breakdown.headline.caveat),
        right=_HeaderFooterPart(text="Page &P of &N"),
    )


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
