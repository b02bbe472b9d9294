"""What was found in files before anything is judged: tables of plain values with their places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from allocator.prepare.problems import Place

RawRow = dict[str, Any]


@dataclass
class RawTable:
    """Rows of one table as plain JSON values.

    Parameters
    ----------
    numbers : spreadsheet row of each row, or its position for a JSON array.
    known : False when the table could not be read, so that nothing may be concluded from it.
    reported : columns whose absence was reported already.
    """

    name: str
    file: str
    rows: list[RawRow] = field(default_factory=list)
    numbers: Sequence[int] = ()
    is_json: bool = False
    known: bool = True
    reported: set[str] = field(default_factory=set)

    def place(self, index: int, column: str | None) -> Place:
        """Where a value is: a spreadsheet row and column, or a path into the JSON document."""
        if self.is_json:
            path = f"{self.name}[{self.numbers[index]}]"
            return Place(self.file, None, f"{path}.{column}" if column else path)
        return Place(self.file, self.numbers[index], column)


@dataclass
class RawScenario:
    """Header and tables as found; `header` None when it could not be read."""

    header_file: str
    header: RawRow | None
    tables: dict[str, RawTable]
