"""What an XLSX file holds, looked into before any of it is read as a spreadsheet.

Nothing in the file is believed: parts are counted before the list of them is read, sizes are those
that come out, and every sheet is known by its extent before memory is taken for it.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from allocator.prepare.archive import ENTRY, FREE_BYTES, MOST_TIMES_LARGER
from allocator.prepare.problems import Place, Problems

MAX_UNPACKED_BYTES = 300_000_000
MAX_PARTS = 2_000
MAX_ROWS = 500_000
MAX_COLUMNS = 500
MAX_CELLS = 20_000_000
MOST_FORMULAS_TOLD = 1_000
_REFERENCE = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]{0,200}?\br=["']([A-Z]{0,9})([0-9]{1,12})""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s[^>]{0,200}?\br=["']([A-Z]{0,3})([0-9]{1,7})["'][^>]{0,200}>\s*<(?:\w+:)?f[\s/>]"""
)
_DATE_1904 = re.compile(rb"""date1904=["'](1|true)["']""")
_TAG = re.compile(rb"<(?:\w+:)?(sheet|Relationship)\s([^>]{1,2000})>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """How far a sheet reaches, and its first cells with a formula as row and letters."""

    rows: int = 0
    columns: int = 0
    formulas: tuple[tuple[int, str], ...] = ()


@dataclass
class BookFacts:
    """What is known of a workbook before it is read; `is_1904`: dates count from 1904."""

    is_1904: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    parts: dict[str, SheetFacts] = field(default_factory=dict)

    def of(self, sheet: str) -> SheetFacts:
        """The facts of a sheet; of all together where the file does not say which is which."""
        if sheet in self.sheets:
            return self.sheets[sheet]
        every = self.parts.values()
        rows = max((facts.rows for facts in every), default=0)
        columns = max((facts.columns for facts in every), default=0)
        return SheetFacts(rows, columns, tuple(f for facts in every for f in facts.formulas))


def look_into(data: bytes, name: str, problems: Problems) -> BookFacts | None:
    """The facts of a workbook; None, with a problem recorded, when it is unsafe or damaged."""
    if data.count(ENTRY) > MAX_PARTS:
        _too_large(name, f"more than {MAX_PARTS} parts", problems)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _facts(archive, len(data), name, problems)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        malformed(name, str(error), problems)
    except Exception as error:  # noqa: BLE001 - a damaged deflate stream raises zlib.error and others
        malformed(name, type(error).__name__, problems)
    return None


def malformed(name: str, found: str, problems: Problems) -> None:
    """Record that a file is no workbook."""
    action = "Open it in a spreadsheet and save it again as XLSX, without password."
    problems.add("xlsx_malformed", Place(name), found, "a workbook in XLSX format", action)


def is_sheet_safe(
    facts: SheetFacts, place: Callable[[int | None, str | None], Place], problems: Problems
) -> bool:
    """True when a sheet is small enough to be read and has values only; else it is recorded.

    Parameters
    ----------
    place : the place of a row and the letters of a column.
    """
    rows, columns = facts.rows, facts.columns
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        found = f"cells down to row {rows} and column {columns}"
        allowed = f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns"
        action = "Delete the rows and columns that lie outside the table."
        problems.add("xlsx_too_large", place(None, None), found, allowed, action)
        return False
    for row, letters in facts.formulas:
        action = "Copy the column and paste it as values."
        here = place(row, letters or None)
        problems.add("formula_refused", here, "a formula", "values only", action)
    return not facts.formulas


def _too_large(name: str, found: str, problems: Problems) -> None:
    allowed = (
        f"at most {MAX_UNPACKED_BYTES // 1_000_000} MB in {MAX_PARTS} parts, "
        f"and {MOST_TIMES_LARGER} times the size of the file"
    )
    action = "Save the table as CSV, or copy the cells into a new workbook."
    problems.add("xlsx_too_large", Place(name), found, allowed, action)


def _facts(archive: zipfile.ZipFile, size: int, name: str, problems: Problems) -> BookFacts | None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    most = min(MAX_UNPACKED_BYTES, max(FREE_BYTES, size * MOST_TIMES_LARGER))
    if unpacked > most or len(members) > MAX_PARTS:
        _too_large(name, f"{unpacked // 1_000_000} MB in {len(members)} parts", problems)
        return None
    facts, texts = BookFacts(), {_WORKBOOK: b"", _RELATIONS: b""}
    for member in members:
        # Reading checks size and check sum, so that a false size in the directory is noticed.
        content = archive.read(member)
        if b"<!DOCTYPE" in content[:10_000]:
            malformed(name, "a document type, which no workbook has", problems)
            return None
        if member.filename in texts:
            texts[member.filename] = content
        elif member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            facts.parts[member.filename] = _sheet_facts(content)
    facts.is_1904 = _DATE_1904.search(texts[_WORKBOOK]) is not None
    for sheet, part in _parts_of_sheets(texts[_WORKBOOK], texts[_RELATIONS]).items():
        if part in facts.parts:
            facts.sheets[sheet] = facts.parts[part]
    return facts


def _parts_of_sheets(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Which part of the file holds the sheet of a name."""
    targets = {}
    for found in _attributes(relations, b"Relationship"):
        target = found.get("Target", "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        targets[found.get("Id", "")] = part
    return {
        found.get("name", ""): targets.get(found.get("id", ""), "")
        for found in _attributes(workbook, b"sheet")
    }


def _attributes(text: bytes, tag: bytes) -> list[Mapping[str, str]]:
    """Attributes of every tag of a kind, without their namespaces."""
    return [
        {
            key.decode("utf-8", "replace").rpartition(":")[2]: html.unescape(
                (double or single).decode("utf-8", "replace")
            )
            for key, double, single in _ATTRIBUTE.findall(attributes)
        }
        for kind, attributes in _TAG.findall(text)
        if kind == tag
    ]


def _sheet_facts(content: bytes) -> SheetFacts:
    rows = columns = 0
    for letters, digits in _REFERENCE.findall(content):
        rows = max(rows, int(digits))
        columns = max(columns, _column_number(letters))
    formulas = []
    for found in _FORMULA.finditer(content):
        formulas.append((int(found[2]), found[1].decode()))
        if len(formulas) == MOST_FORMULAS_TOLD:
            break
    return SheetFacts(rows, columns, tuple(formulas))


def _column_number(letters: bytes) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + letter - 64
    return total
