"""Attributes for the fairness audit, held apart from scenarios and read by nothing else (R47)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from allocator.errors import AttributesError, ConfigError
from allocator.prepare.files import read_bytes
from allocator.prepare.problems import Place, Problems
from allocator.prepare.tables_csv import TextRow, csv_rows

KEY = "person_id"
NOT_RECORDED = "(not recorded)"
MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class Attributes:
    """Values by person id, in the order of `names`; "" where none is recorded."""

    names: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]

    def groups(self, people: Iterable[str]) -> dict[str, dict[str, str]]:
        """The group of every person for each attribute; who has no row is not recorded."""
        known = tuple(people)
        empty = ("",) * len(self.names)
        return {
            name: {p: self.values.get(p, empty)[at] or NOT_RECORDED for p in known}
            for at, name in enumerate(self.names)
        }


def read_attributes(path: Path) -> Attributes:
    """A CSV file with `person_id` and one column per attribute, whatever their names.

    Raises
    ------
    AttributesError
        If it cannot be read; rows are named by their number and never by a person.
    ConfigError
        If a column has too many different values to be groups.
    """
    problems = Problems()
    data = read_bytes(path, path.name, problems)
    rows = None if data is None else csv_rows(data, path.name, problems)
    problems.raise_if_any(AttributesError)
    filled = [(at, row) for at, row in enumerate(rows or (), start=1) if any(map(str.strip, row))]
    header = [name.strip() for name in filled[0][1]] if filled else []
    _check_header(header, path.name, problems)
    problems.raise_if_any(AttributesError)
    values = _values(header, filled[1:], path.name, problems)
    problems.raise_if_any(AttributesError)
    names = tuple(name for name in header if name != KEY)
    _refuse_continuous(names, values)
    return Attributes(names, values)


def _check_header(header: list[str], file: str, problems: Problems) -> None:
    if KEY not in header or len(header) < 2:
        found = ", ".join(header) or "no columns"
        action = "Write person_id and at least one column of groups."
        place = Place(file, 1, KEY)
        problems.add("column_missing", place, found, "person_id and attributes", action)
    for at, name in enumerate(header):
        place = Place(file, 1, name or f"column {at + 1}")
        if not name:
            problems.add("column_unnamed", place, "no name", "a name", "Name the column.")
        elif name in header[:at]:
            problems.add("column_repeated", place, name, "each name once", "Rename one.")


def _values(
    header: list[str], rows: list[tuple[int, TextRow]], file: str, problems: Problems
) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    first: dict[str, int] = {}
    key = header.index(KEY)
    for at, row in rows:
        if len(row) != len(header):
            allowed = f"{len(header)} fields, as the header has"
            found = f"{len(row)} fields"
            problems.add("ragged_row", Place(file, at), found, allowed, "Mend the row.")
            continue
        cells = [text.strip() for text in row]
        person_id = cells.pop(key)
        place = Place(file, at, KEY)
        if not person_id:
            problems.add("value_missing", place, "nothing", "a person's id", "Fill it in.")
        elif person_id in first:
            found = f"the same person as in row {first[person_id]}"
            problems.add("person_twice", place, found, "each person once", "Keep one row.")
        else:
            first[person_id] = at
            values[person_id] = tuple(cells)
    return values


def _refuse_continuous(names: tuple[str, ...], values: Mapping[str, tuple[str, ...]]) -> None:
    for at, name in enumerate(names):
        groups = {row[at] for row in values.values()}
        if len(groups) > MOST_GROUPS:
            raise ConfigError(
                f"The column {name!r} has {len(groups)} different values; give groups, "
                f"{MOST_GROUPS} at the most: ages as bands, places as regions."
            )
