"""Every id that a row names must exist, and every row that must be single must be single."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allocator.prepare.checked import Checked, Rows
from allocator.prepare.problems import nearest, show
from allocator.prepare.raw import KeyPlaces

MAX_HINTS = 3  # per column: finding the nearest of thousands of names takes half a second


@dataclass(frozen=True, slots=True)
class Target:
    """What a column may name: the tables that must be readable, the ids and their noun."""

    code: str
    noun: str
    tables: tuple[str, ...]
    ids: Callable[[Checked], frozenset[str]]


UNIT = Target("unit_unknown", "a unit_id of units", ("units",), lambda c: c.unit_ids)
FACILITY = Target(
    "facility_unknown", "a unit of type facility", ("units",), lambda c: c.facility_ids
)
PERSON = Target("person_unknown", "a person_id of people", ("people",), lambda c: c.person_ids)
GROUP = Target(
    "group_unknown",
    "a group_id of keep_apart_memberships",
    ("keep_apart_memberships",),
    lambda c: c.group_ids,
)
PLACE = Target(
    "place_unknown",
    "a unit_id of units or a cell_id of cells",
    ("units", "cells"),
    lambda c: c.unit_ids | c.cell_ids,
)
BED = Target(
    "cell_unknown",
    "a cell_id of cells or a place_id of virtual_places",
    ("cells", "virtual_places"),
    lambda c: c.cell_ids | c.virtual_ids,
)

CELL = Target("cell_unknown", "a cell_id of cells", ("cells",), lambda c: c.cell_ids)

REFERENCES: tuple[tuple[str, str, Target], ...] = (
    ("units", "parent_id", UNIT),
    ("cells", "parent_id", UNIT),
    ("virtual_places", "facility_id", FACILITY),
    ("settings", "unit_id", PLACE),
    ("contacts", "place_a", PLACE),
    ("contacts", "place_b", PLACE),
    ("transfer_pairs", "from_facility", FACILITY),
    ("transfer_pairs", "to_facility", FACILITY),
    ("people", "current_place", BED),
    ("findings", "person_id", PERSON),
    ("authorities", "person_id", PERSON),
    ("freezes", "person_id", PERSON),
    ("non_associations", "person_a", PERSON),
    ("non_associations", "person_b", PERSON),
    ("keep_apart_memberships", "person_id", PERSON),
    ("group_rivalries", "group_a", GROUP),
    ("group_rivalries", "group_b", GROUP),
    ("protection_needs", "person_id", PERSON),
    ("protection_needs", "from_person", PERSON),
    ("protection_needs", "from_group", GROUP),
    ("stable_pairs", "person_a", PERSON),
    ("stable_pairs", "person_b", PERSON),
    ("influence_edges", "source", PERSON),
    ("influence_edges", "target", PERSON),
    ("locks", "person_id", PERSON),
    ("locks", "cell_id", CELL),
    ("complaints", "person_id", PERSON),
    ("complaints", "cell_id", CELL),
)

# table, columns that must be different in every row, whether their order matters, code
KEYS: tuple[tuple[str, tuple[str, ...], bool, str], ...] = (
    ("units", ("unit_id",), True, "id_repeated"),
    ("virtual_places", ("place_id",), True, "id_repeated"),
    ("people", ("person_id",), True, "person_twice"),
    ("authorities", ("authority_id",), True, "id_repeated"),
    ("settings", ("setting_id", "unit_id"), True, "row_repeated"),
    ("contacts", ("place_a", "place_b"), False, "row_repeated"),
    ("transfer_pairs", ("from_facility", "to_facility"), True, "row_repeated"),
    ("keep_apart_memberships", ("group_id", "person_id"), True, "row_repeated"),
    ("group_rivalries", ("group_a", "group_b"), False, "row_repeated"),
    ("stable_pairs", ("person_a", "person_b"), False, "row_repeated"),
    ("locks", ("person_id", "cell_id", "at"), True, "row_repeated"),
    ("complaints", ("person_id", "cell_id", "opened_at"), True, "row_repeated"),
)
SAME: tuple[tuple[str, str, str, str], ...] = (
    ("contacts", "place_a", "place_b", "same_place"),
    ("transfer_pairs", "from_facility", "to_facility", "same_place"),
    ("non_associations", "person_a", "person_b", "same_person"),
    ("group_rivalries", "group_a", "group_b", "same_group"),
    ("protection_needs", "person_id", "from_person", "same_person"),
    ("stable_pairs", "person_a", "person_b", "same_person"),
    ("influence_edges", "source", "target", "same_person"),
)


def check_references(checked: Checked) -> None:
    """Unknown, repeated and shared ids in all tables."""
    for table, column, target in REFERENCES:
        if checked.is_known(*target.tables):
            _check_column(checked, table, column, target)
    for table, columns, ordered, code in KEYS:
        _check_key(checked, table, columns, ordered, code)
    for table, first, second, code in SAME:
        _check_different(checked, table, first, second, code)
    _check_cells(checked)
    _check_shared_ids(checked)


def check_header_units(checked: Checked, keys: KeyPlaces, header: Any) -> None:
    """Units named in the header exist."""
    if not checked.is_known("units"):
        return
    for key, target in (("dedicated_units", UNIT), ("satellite_facilities", FACILITY)):
        known = target.ids(checked)
        for name in sorted(getattr(header, key) - known):
            action = f"{nearest(name, known)}Correct the name or add the unit."
            checked.problems.add(target.code, keys.at(key), show(name), target.noun, action)


def _check_column(checked: Checked, table: str, column: str, target: Target) -> None:
    known = target.ids(checked)
    rows = checked[table]
    hints = MAX_HINTS
    for at, row in enumerate(rows.raw.rows):
        name = row.get(column)
        if isinstance(name, str) and name.strip() not in known:
            hint = nearest(name.strip(), known) if hints > 0 else ""
            hints -= 1
            action = f"{hint}Correct the name or add the row it refers to."
            place = rows.place(at, column)
            checked.problems.add(target.code, place, show(name), target.noun, action)


def _positions(rows: Rows, columns: Iterable[str], ordered: bool) -> dict[Any, list[int]]:
    positions: dict[Any, list[int]] = {}
    for at, row in enumerate(rows.raw.rows):
        key = tuple(str(row.get(column, "")).strip() for column in columns)
        if all(key):
            positions.setdefault(key if ordered else tuple(sorted(key)), []).append(at)
    return positions


def _check_key(
    checked: Checked, table: str, columns: tuple[str, ...], ordered: bool, code: str
) -> None:
    rows = checked[table]
    for key, positions in _positions(rows, columns, ordered).items():
        if positions[1:]:
            found = f"{show(' '.join(key))} in {rows.rows_in_words(positions)}"
            allowed = f"each {' and '.join(columns)} once"
            place = rows.place(positions[1], columns[0])
            checked.problems.add(code, place, found, allowed, "Keep one of the rows.")


def _check_cells(checked: Checked) -> None:
    rows = checked["cells"]
    for (cell_id,), positions in _positions(rows, ("cell_id",), ordered=True).items():
        if not positions[1:]:
            continue
        parents = {str(rows.raw.rows[at].get("parent_id", "")) for at in positions}
        code = "cell_two_parents" if parents - {""} and len(parents) > 1 else "id_repeated"
        under = f" under {', '.join(sorted(parents))}" if code == "cell_two_parents" else ""
        found = f"{show(cell_id)} in {rows.rows_in_words(positions)}{under}"
        action = "Keep one of the rows, under the one unit the cell is in."
        place = rows.place(positions[1], "cell_id")
        checked.problems.add(code, place, found, "each cell once, under one unit", action)


def _check_shared_ids(checked: Checked) -> None:
    for table, column, others in (
        ("cells", "cell_id", {"a unit": checked.unit_ids}),
        (
            "virtual_places",
            "place_id",
            {"a unit": checked.unit_ids, "a cell": checked.cell_ids},
        ),
    ):
        rows = checked[table]
        for at, row in enumerate(rows.raw.rows):
            name = str(row.get(column, "")).strip()
            for noun, known in others.items():
                if name and name in known:
                    found = f"{show(name)}, which is also {noun}"
                    action = "Rename one of the two."
                    place = rows.place(at, column)
                    checked.problems.add("id_shared", place, found, "a name of its own", action)


def _check_different(checked: Checked, table: str, first: str, second: str, code: str) -> None:
    rows = checked[table]
    for at, row in enumerate(rows.raw.rows):
        name = row.get(first)
        if name is not None and name == row.get(second):
            place = rows.place(at, second)
            allowed = f"{first} and {second} different"
            checked.problems.add(code, place, show(name), allowed, "Correct or delete the row.")
