"""A workbook handed back with what is wrong in it: a sheet of errors, and comments at the cells."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from allocator.errors import Problem
from allocator.prepare.workbook import ERRORS_SHEET, KEY, VALUE
from allocator.prepare.write_workbook import put

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "allocator"
MOST_COMMENTS = 5_000
HEADER_ROWS_SEARCHED = 50
_HEADER = ("sheet", "row", "column", "code", "found", "allowed", "what to do")
_WIDTHS = (24, 8, 26, 24, 40, 60, 60)
_LETTERS = re.compile(r"[A-Z]{1,3}")


def with_errors(data: bytes, problems: Sequence[Problem]) -> bytes:
    """The same workbook with a first sheet of all problems, and a comment at each cell named.

    What was noted there before, by an earlier check, is taken away.

    Parameters
    ----------
    data : a workbook that could be opened.
    """
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    _forget(book)
    _list(book.create_sheet(ERRORS_SHEET, 0), problems)
    for problem in problems[:MOST_COMMENTS]:
        if problem.sheet in book.sheetnames and problem.row and problem.column:
            _comment(book[problem.sheet], problem)
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _forget(book: "Workbook") -> None:
    if ERRORS_SHEET in book.sheetnames:
        del book[ERRORS_SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None


def _list(sheet: "Worksheet", problems: Sequence[Problem]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for column, (name, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True), 1):
        put(sheet, 1, column, name)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    for row, problem in enumerate(problems, 2):
        values: tuple[Any, ...] = (
            problem.sheet, problem.row, problem.column, problem.code, problem.found,
            problem.allowed, problem.action,
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            put(sheet, row, column, value)
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")


def _comment(sheet: "Worksheet", problem: Problem) -> None:
    from openpyxl.comments import Comment

    number = _column_number(sheet, str(problem.column))
    if number is None or problem.row is None:
        return
    cell: Any = sheet.cell(problem.row, number)
    words = f"{problem.code}: found {problem.found}; allowed: {problem.allowed}. {problem.action}"
    if cell.comment is not None:
        words = f"{cell.comment.text}\n\n{words}"
    cell.comment = Comment(words[:4_000], AUTHOR, height=160, width=320)


def _column_number(sheet: "Worksheet", name: str) -> int | None:
    """Position of a column by title, of a key's value, or by the letters of a formula's cell."""
    from openpyxl.utils import column_index_from_string

    rows = sheet.iter_rows(max_row=HEADER_ROWS_SEARCHED, values_only=True)
    header = next((row for row in rows if any(row)), ())
    titles = ["" if title is None else str(title).strip() for title in header]
    wanted = VALUE if KEY in titles else name
    if wanted in titles:
        return 1 + titles.index(wanted)
    return column_index_from_string(name) if _LETTERS.fullmatch(name) else None
