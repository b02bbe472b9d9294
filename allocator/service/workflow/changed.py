"""What changed between two versions of a scenario, kind by kind, and how much of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from allocator.explain.markings import MARKED_TABLES, is_released
from allocator.model.estate import Estate
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Marking

INTELLIGENCE = frozenset(
    {"findings", "influence_edges", "keep_apart_memberships", "group_rivalries"}
)
"""Kinds of which only the number is told to those who may not read intelligence."""

RESTRICTED = "recorded_information"
"""Table and kind of changes of restricted records."""
NOBODY = frozenset[str]()

_RECORDS = (
    "findings",
    "authorities",
    "freezes",
    "non_associations",
    "keep_apart_memberships",
    "group_rivalries",
    "protection_needs",
    "stable_pairs",
    "influence_edges",
    "locks",
    "complaints",
)
_SETTINGS = (
    "day",
    "profile",
    "policy",
    "contact_weights",
    "max_moves",
    "max_moves_per_facility",
    "max_moves_per_wing",
    "dedicated_units",
    "satellite_facilities",
)
_IDS = ("person_id", "person_a", "person_b", "from_person", "source", "target")


@dataclass(frozen=True, slots=True)
class Changed:
    """One kind of change.

    Parameters
    ----------
    kind : permanent: `people_arrived`, `cells_closed`, `locks_added`, ...
    table : where the change was found.
    count : how many, at least 1.
    ids : of people or places concerned, sorted; empty where there are none.
    rows : of a table that came or went; empty for other kinds of change.
    is_restricted : all rows are records that their owner restricted, of any table; `kind` then says
        no more than that there are some, and `ids` names nobody.
    """

    kind: str
    table: str
    count: int
    ids: tuple[str, ...] = ()
    rows: tuple[Any, ...] = ()
    is_restricted: bool = False

    def parts(self, roles: frozenset[str]) -> tuple["Changed", ...]:
        """Of restricted records those that were released to one of the roles, kind by kind."""
        kinds: dict[tuple[str, str], list[Any]] = {}
        for kind, table, row in self.rows if self.is_restricted else ():
            if is_released(row, roles):
                kinds.setdefault((kind, table), []).append(row)
        return tuple(
            Changed(kind, table, len(rows), _ids_of(rows), tuple(rows))
            for (kind, table), rows in kinds.items()
        )

    @property
    def words(self) -> str:
        """In a few words, without anybody's id."""
        return f"{self.kind.replace('_', ' ')}: {self.count}"


def changes(before: Scenario, after: Scenario) -> tuple[Changed, ...]:
    """Everything that differs between two scenarios; whatever has no kind of its own is `data`.

    The name, the description and the content hash say nothing of anybody's place.
    """
    found = (
        *_people(before, after),
        *_cells(before.estate, after.estate),
        *_estate(before.estate, after.estate),
        *_records(before, after),
        *_settings(before, after),
    )
    if found or _without_words(before) == _without_words(after):
        return found
    return (Changed("data", "data", 1),)


def _people(before: Scenario, after: Scenario) -> Iterator[Changed]:
    old, new = before.person_by_id, after.person_by_id
    both = sorted(old.keys() & new.keys())
    kinds = {
        "people_arrived": new.keys() - old.keys(),
        "people_left": old.keys() - new.keys(),
        "people_moved": [k for k in both if old[k].current_place != new[k].current_place],
        "facts_of_people": [
            k for k in both if replace(old[k], current_place=new[k].current_place) != new[k]
        ],
    }
    yield from _named(kinds, "people")


def _cells(before: Estate, after: Estate) -> Iterator[Changed]:
    old, new = before.cell_by_id, after.cell_by_id
    was = {key: before.is_in_use(cell) for key, cell in old.items()}
    now = {key: after.is_in_use(cell) for key, cell in new.items()}
    both = sorted(old.keys() & new.keys())
    kinds = {
        "cells_closed": [k for k, used in was.items() if used and not now.get(k, False)],
        "cells_opened": [k for k, used in now.items() if used and not was.get(k, False)],
        "facts_of_cells": [k for k in both if old[k] != new[k] and was[k] == now[k]],
    }
    yield from _named(kinds, "cells")


def _named(kinds: Mapping[str, Iterable[str]], table: str) -> Iterator[Changed]:
    for kind, ids in kinds.items():
        named = tuple(sorted(ids))
        if named:
            yield Changed(kind, table, len(named), named)


def _estate(before: Estate, after: Estate) -> Iterator[Changed]:
    for field in fields(Estate):
        if field.name != "cells":
            yield from _rows(field.name, getattr(before, field.name), getattr(after, field.name))


def _records(before: Scenario, after: Scenario) -> Iterator[Changed]:
    """Records that came or went; those that are restricted together, without kind or people.

    A record that its owner restricts since is one of these, and has not gone.
    """
    restricted: list[tuple[str, str, Any]] = []
    for name in _RECORDS:
        old, new = getattr(before, name), getattr(after, name)
        if name in MARKED_TABLES:
            came_or_went = _rows(name, _marked(old), _marked(new))
            restricted += [(c.kind, name, row) for c in came_or_went for row in c.rows]
            kept = frozenset(map(_unmarked, _marked(new)))
            old, new = (tuple(r for r in rows if is_released(r, NOBODY)) for rows in (old, new))
            old = tuple(row for row in old if _unmarked(row) not in kept)
        yield from _rows(name, old, new)
    if restricted:
        yield Changed(RESTRICTED, RESTRICTED, len(restricted), (), tuple(restricted), True)


def _unmarked(row: Any) -> Any:
    return replace(row, owner="", marking=Marking.UNMARKED, released_to=NOBODY)


def _marked(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(row for row in rows if not is_released(row, NOBODY))


def _rows(table: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[Changed]:
    old, new = frozenset(before), frozenset(after)
    for kind, rows in (
        (f"{table}_added", tuple(row for row in after if row not in old)),
        (f"{table}_gone", tuple(row for row in before if row not in new)),
    ):
        if rows:
            yield Changed(kind, table, len(rows), _ids_of(rows), rows)


def _ids_of(rows: Iterable[Any]) -> tuple[str, ...]:
    names = {getattr(row, name, None) for row in rows for name in _IDS}
    return tuple(sorted(name for name in names if name))


def _settings(before: Scenario, after: Scenario) -> Iterator[Changed]:
    for name in _SETTINGS:
        if getattr(before, name) != getattr(after, name):
            yield Changed(f"{name}_changed", "settings", 1)


def _without_words(scenario: Scenario) -> Scenario:
    return replace(scenario, name="", description="", content_hash="")
