"""Validated rows together with their places, as the checks of sense and reference see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from allocator.prepare.problems import Place, Problems
from allocator.prepare.raw import RawTable

MAX_LISTED = 20


@dataclass
class Rows:
    """Rows of one table; a row with problems of its own is None and is not checked further."""

    raw: RawTable
    wires: list[Any]

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Positions and wire rows of the rows without problems."""
        return ((at, wire) for at, wire in enumerate(self.wires) if wire is not None)

    def ids(self, column: str) -> frozenset[str]:
        """Every value of an id column, faulty rows included, so that one fault is told once."""
        return frozenset(str(row[column]).strip() for row in self.raw.rows if column in row)

    def place(self, at: int, column: str | None = None) -> Place:
        """Where a value is."""
        return self.raw.place(at, column)

    def rows_in_words(self, positions: list[int]) -> str:
        """`rows 3 and 7 of people.csv`, or paths into a JSON document."""
        numbers = [str(self.raw.numbers[at]) for at in positions[:MAX_LISTED]]
        if len(positions) > MAX_LISTED:
            numbers.append(f"{len(positions) - MAX_LISTED} more")
        words = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers)
        if self.raw.is_json:
            return f"{self.raw.name}[{words}]"
        return f"row{'s' if numbers[1:] else ''} {words} of {self.raw.file}"


@dataclass
class Checked:
    """All tables of a scenario and the ids that they define."""

    tables: dict[str, Rows]
    day: date | None
    problems: Problems

    def __getitem__(self, name: str) -> Rows:
        """Rows of a table."""
        return self.tables[name]

    def is_known(self, *names: str) -> bool:
        """True when all the tables could be read, so that a missing id is really missing."""
        return all(self.tables[name].raw.known for name in names)

    @cached_property
    def unit_ids(self) -> frozenset[str]:
        """Ids of units."""
        return self["units"].ids("unit_id")

    @cached_property
    def cell_ids(self) -> frozenset[str]:
        """Ids of cells."""
        return self["cells"].ids("cell_id")

    @cached_property
    def virtual_ids(self) -> frozenset[str]:
        """Ids of virtual places."""
        return self["virtual_places"].ids("place_id")

    @cached_property
    def person_ids(self) -> frozenset[str]:
        """Ids of people."""
        return self["people"].ids("person_id")

    @cached_property
    def group_ids(self) -> frozenset[str]:
        """Keep-apart groups that have a member."""
        return self["keep_apart_memberships"].ids("group_id")

    @cached_property
    def facility_ids(self) -> frozenset[str]:
        """Ids of units of type facility; a unit whose type is faulty counts as well."""
        types = {"facility", "wing", "spur", "landing"} - {"facility"}
        return frozenset(
            str(row["unit_id"]).strip()
            for row in self["units"].raw.rows
            if "unit_id" in row and row.get("unit_type") not in types
        )
