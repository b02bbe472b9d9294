"""What was found in files before anything is judged: tables of plain values with their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allocator.prepare.pointers import DocumentPath
from allocator.prepare.problems import Place, show

RawRow = dict[str, Any]


def path_words(path: Sequence[str | int]) -> str:
    """A path as people read it: `people[3].age_years`."""
    words = "".join(
        f"[{part}]" if isinstance(part, int) else f".{show(part)[1:-1]}" for part in path
    )
    return words.removeprefix(".")


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Where the keys of a header or of a plan document are.

    Parameters
    ----------
    sheet, rows : the sheet and its row of each key, where a workbook holds the header.
    """

    file: str
    sheet: str | None = None
    rows: Mapping[str, int] = field(default_factory=dict)

    def at(self, *path: str | int) -> Place:
        """The place of a value by its path."""
        row = self.rows.get(str(path[0])) if path else None
        return Place(self.file, row, path_words(path) or None, path, self.sheet)


@dataclass
class RawTable:
    """Rows of one table as plain JSON values.

    Parameters
    ----------
    numbers : spreadsheet row of each row, or its position for a JSON array.
    known : False when the table could not be read, so that nothing may be concluded from it.
    reported : columns whose absence was reported already.
    sheet : the sheet of a workbook that holds a whole scenario.
    """

    name: str
    file: str
    rows: list[RawRow] = field(default_factory=list)
    numbers: Sequence[int] = ()
    is_json: bool = False
    known: bool = True
    reported: set[str] = field(default_factory=set)
    sheet: str | None = None

    def place(self, index: int, column: str | None) -> Place:
        """Where a value is: a spreadsheet row and column, or a path into the JSON document."""
        number = self.numbers[index]
        path: DocumentPath = (self.name, number if self.is_json else index)
        path += (column,) if column else ()
        if not self.is_json:
            return Place(self.file, number, column, path, self.sheet)
        return Place(self.file, None, path_words(path), path)

    def table_place(self, row: int | None = None, column: str | None = None) -> Place:
        """The table as a whole, or something in it that is no row of the document."""
        return Place(self.file, row, column, (self.name,), self.sheet)


@dataclass
class RawScenario:
    """Header and tables as found; `header` None when it could not be read."""

    keys: KeyPlaces
    header: RawRow | None
    tables: dict[str, RawTable]

    def document(self) -> dict[str, Any]:
        """The JSON document that header and tables make, as far as they could be read."""
        rows = {name: table.rows for name, table in self.tables.items() if table.rows}
        return {**(self.header or {}), **rows}
