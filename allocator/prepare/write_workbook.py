"""A scenario as one workbook to be filled in: a sheet per table, drop-down lists, notes.

`read_workbook` reads it. Text stays text, so that no leading zero and no digit of an id is lost.
"""

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from allocator.errors import ConfigError
from allocator.prepare.meanings import choices_of, meanings, range_of, unit_of
from allocator.prepare.presets import contact_weights_names, policy_names, profile_names
from allocator.prepare.table_specs import REQUIRED_TABLES, Column, Table, header_keys, tables
from allocator.prepare.workbook import HEADER_SHEET, KEY, LISTS_SHEET, NOTES_SHEET, VALUE
from allocator.prepare.xlsx_parts import MAX_ROWS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FORMATS = {"date": "yyyy-mm-dd", "text": "@", "set": "@", "mapping": "@"}
MOST_SIGNS = 32_000
"""Of the text of one cell; a spreadsheet keeps 32,767."""
_NOTE_HEADER = ("sheet", "column", "required", "allowed", "unit", "default", "meaning")
_NOTE_WIDTHS = (24, 26, 10, 60, 12, 24, 80)
_HEADER_MEANINGS = "meaning"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_REQUIRED, _OTHER, _NOTE = "Required column", "Other column", "Note"


def scenario_workbook(document: Mapping[str, Any] | None = None) -> bytes:
    """An XLSX file with the rows of a scenario document, or without any: the template."""
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    _add_styles(book)
    lists = _Lists(book)
    filled = document or {"schema_version": 1}
    _write_header(book.create_sheet(HEADER_SHEET), filled, lists)
    for table in tables().values():
        _write_table(book.create_sheet(table.name), table, filled.get(table.name) or (), lists)
    _write_notes(book.create_sheet(NOTES_SHEET))
    lists.write(book.create_sheet(LISTS_SHEET))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_styles(book: "Workbook") -> None:
    """Looks that many cells share, by name: a style of its own for each took half of the time."""
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill

    font = Font(bold=True, color="FFFFFF")
    for name, color in ((_REQUIRED, "1D3557"), (_OTHER, "5A7184")):
        fill = PatternFill("solid", start_color=color)
        book.add_named_style(NamedStyle(name, font=font, fill=fill, number_format="@"))
    wrapped = Alignment(wrap_text=True, vertical="top")
    book.add_named_style(NamedStyle(_NOTE, alignment=wrapped, number_format="@"))


class _Lists:
    """The lists that drop-downs offer, each once, in a sheet of their own."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._columns: dict[tuple[str, ...], str] = {}

    def offer(self, values: tuple[str, ...], cells: str, sheet: "Worksheet", strict: bool) -> None:
        """Drop-down list of the values; not `strict` where several may stand in one cell."""
        from openpyxl.utils import get_column_letter

        letter = self._columns.setdefault(values, get_column_letter(len(self._columns) + 1))
        source = f"{LISTS_SHEET}!${letter}$1:${letter}${len(values)}"
        _validate(sheet, cells, "list", source, strict=strict)

    def write(self, sheet: "Worksheet") -> None:
        """Fill the sheet that the drop-downs refer to."""
        for column, values in enumerate(self._columns, 1):
            for row, value in enumerate(values, 1):
                put(sheet, row, column, value)
        sheet.sheet_state = "hidden"


def _validate(
    sheet: "Worksheet", cells: str, kind: Any, first: str, last: str | None = None,
    *, strict: bool = True,
) -> None:  # fmt: skip
    from openpyxl.worksheet.datavalidation import DataValidation

    made: DataValidation = DataValidation(
        type=kind, formula1=first, formula2=last, allow_blank=True, showErrorMessage=strict
    )
    if kind != "list":
        made.operator = "between"
    made.error = "See the sheet Notes for what this column takes."
    made.errorTitle = "Not allowed here"
    made.add(cells)
    sheet.add_data_validation(made)


def put(sheet: "Worksheet", row: int, column: int, value: Any) -> None:
    """Write one value; text is never a formula, and a number that would be rounded is text.

    Raises
    ------
    ConfigError
        If the text is longer than a spreadsheet keeps.
    """
    if isinstance(value, float) and float(f"{value:.15g}") != value:
        value = repr(value)
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        if len(value) > MOST_SIGNS:
            raise ConfigError(
                f"A text of {len(value):,} characters does not fit into a cell of a workbook; "
                "use JSON or tables in a folder."
            )
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", value)
        cell.data_type = "s"
        cell.number_format = "@"
    elif value is not None:
        cell.value = value
        cell.number_format = FORMATS["date"] if isinstance(value, date) else "General"


def _head(sheet: "Worksheet", names: Sequence[str], strong: Sequence[bool]) -> None:
    from openpyxl.utils import get_column_letter

    for column, (name, is_strong) in enumerate(zip(names, strong, strict=True), 1):
        put(sheet, 1, column, name)
        sheet.cell(1, column).style = _REQUIRED if is_strong else _OTHER
        sheet.column_dimensions[get_column_letter(column)].width = max(12, len(name) + 4)
    sheet.freeze_panes = "A2"


def _write_table(
    sheet: "Worksheet", table: Table, rows: Sequence[Mapping[str, Any]], lists: _Lists
) -> None:
    from openpyxl.utils import get_column_letter

    columns = list(table.columns.values())
    _head(sheet, [c.name for c in columns], [c.required for c in columns])
    choices = choices_of(table.model)
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = FORMATS.get(column.kind, "General")
        cells = f"{letter}2:{letter}{MAX_ROWS}"
        _restrict(sheet, cells, column, choices.get(column.name, ()), lists)
        for at, row in enumerate(rows, 2):
            put(sheet, at, number, typed(row.get(column.name), column))


def _restrict(
    sheet: "Worksheet", cells: str, column: Column, choices: tuple[str, ...], lists: _Lists
) -> None:
    if choices:
        lists.offer(choices, cells, sheet, strict=column.kind != "set")
    elif column.kind == "date":
        _validate(sheet, cells, "date", "DATE(1900,1,1)", "DATE(2200,12,31)")
    elif bounds := range_of(column):
        _validate(sheet, cells, "whole" if column.kind == "whole" else "decimal", *bounds)


def typed(value: Any, column: Column) -> Any:
    """A value of a table as a spreadsheet holds it; sets as text with `|` between."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, list | tuple | set | frozenset):
        return "|".join(sorted(map(str, value)))
    if column.kind == "date":
        return date.fromisoformat(str(value))
    return value


def _key_value(value: Any, column: Column) -> Any:
    """A value of the header; mappings as JSON, and lists whose parts cannot have `|` between."""
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, list | tuple):
        return typed(value, column)
    parts = [str(part) for part in value]
    if any("|" in part for part in parts) or parts[0].startswith(("[", "{")):
        return json.dumps(parts, ensure_ascii=False)
    return "|".join(parts)


def _write_header(sheet: "Worksheet", document: Mapping[str, Any], lists: _Lists) -> None:
    names = (KEY, VALUE, _HEADER_MEANINGS)
    _head(sheet, names, (True, True, False))
    choices = {
        "legal_profile": profile_names(),
        "policy": policy_names(),
        "contact_weights": contact_weights_names(),
        "synthetic": ("true", "false"),
    }
    words = meanings()[HEADER_SHEET]
    for row, column in enumerate(header_keys().values(), 2):
        put(sheet, row, 1, column.name)
        put(sheet, row, 2, _key_value(document.get(column.name), column))
        put(sheet, row, 3, f"{_plain(words[column.name])}{' Required.' * column.required}")
        sheet.cell(row, 2).number_format = FORMATS.get(column.kind, "General")
        if column.name in choices:
            lists.offer(choices[column.name], f"B{row}", sheet, strict=False)
    for letter, width in zip("ABC", (26, 40, 80), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_notes(sheet: "Worksheet") -> None:
    """Meaning, unit and allowed values of every column; required ones are dark in their sheets."""
    _head(sheet, _NOTE_HEADER, [True] * len(_NOTE_HEADER))
    row = 1
    for name in (HEADER_SHEET, *tables()):
        columns = header_keys() if name == HEADER_SHEET else tables()[name].columns
        words = meanings()[name]
        needed = "yes" if name in {HEADER_SHEET, *REQUIRED_TABLES} else ""
        lines: list[tuple[str, ...]] = [(name, "", needed, "", "", "", _plain(words[""]))]
        lines += [_note(name, column, words[column.name]) for column in columns.values()]
        for line in lines:
            row += 1
            for number, text in enumerate(line, 1):
                put(sheet, row, number, text or None)
                sheet.cell(row, number).style = _NOTE
    for letter, width in zip("ABCDEFG", _NOTE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _note(name: str, column: Column, meaning: str) -> tuple[str, ...]:
    allowed = column.allowed + ("; with | between" if column.kind == "set" else "")
    needed = "yes" if column.required else ""
    default = "" if column.required else _default_words(column.default)
    return name, column.name, needed, allowed, unit_of(column), default, _plain(meaning)


def _default_words(default: Any) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return str(default) if default or default == 0 else "empty"


def _plain(words: str) -> str:
    """Words of the documentation without its marks."""
    return words.replace("`", "").replace("*", "")
