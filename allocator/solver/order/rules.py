"""All rules that hold on the way, by place: who adds what where, and how much is allowed.

A key is a rule at a place, as the judge names both; lower limits have keys of their own. Allowed is
the larger amount of the start and of the end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import Apart, Count, IntArray, Shape
from allocator.model.vocabulary import Level
from allocator.solver.order.tallies import (
    Kind,
    Tally,
    is_pair,
    kept_shapes,
    tallies_of,
    unit_name,
    units_of,
)


class Key(NamedTuple):
    """A rule at a place."""

    rule: RuleId
    place: str
    is_low: bool = False


class Entry(NamedTuple):
    """What one person adds to one counter: part, position in it, number."""

    part: int
    position: int
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Bond:
    """Pairs who may not share `units` of a level; `first`, `second` of shape (n_pairs,)."""

    rule: RuleId
    first: IntArray
    second: IntArray
    level: Level
    unit_of: IntArray


class Partner(NamedTuple):
    """Somebody with whom a person may not share a unit; `units` by cell, -1 for none."""

    other: int
    rule: RuleId
    level: Level
    units: list[int]


class Meeting(NamedTuple):
    """A partner whom somebody meets in a `unit` of theirs, and what counts the two there."""

    other: int
    units: list[int]
    unit: int
    key: Key


class Rules:
    """The rules of an instance, read for the people who move.

    Parameters
    ----------
    end : placement, shape (n_persons,), -1 for nowhere; its amounts are allowed beside those of the
        start. With several ends (`also_ending`) the least amount of all of them is.
    shapes : those that hold, None for all of the rules that hold on the way.
    """

    def __init__(
        self,
        instance: Instance,
        facts: MoveFacts,
        end: IntArray,
        shapes: Iterable[Shape] | None = None,
    ) -> None:
        known = kept_shapes(instance) if shapes is None else tuple(shapes)
        self.instance = instance
        self.facts = facts
        self.tallies = tallies_of(instance, facts, known)
        self._bonds = tuple(bonds_of(instance, known))
        self._pairs = _Pairs(self._bonds)
        self._pair_key: dict[tuple[RuleId, Level, int], Key] = {}
        start = instance.current
        self.start_amounts = self._amounts(start)
        self._at_ends = self._amounts(end)
        self._allowed = self.start_amounts | self._at_ends
        self._counters = [tally.counters(start) for tally in self.tallies]
        self._parts: dict[tuple[int, int], int] = {}
        self.part_tally: list[Tally] = []
        self.part_limit: list[int] = []
        self.part_key: list[Key] = []
        self.part_start: list[list[int]] = []
        self._entries: dict[tuple[int, int], tuple[Entry, ...]] = {}
        self._concerned: dict[int, list[int]] = {}
        self._partners: dict[int, tuple[Partner, ...]] = {}
        self._low: dict[tuple[int, int], bool] = {}
        self._meetings: dict[tuple[int, int], tuple[Meeting, ...]] = {}
        self._live: frozenset[Key] | None = None
        self._wider: Rules | None = None

    def also_ending(self, end: IntArray) -> "Rules":
        """The same rules with one end more; shape (n_persons,). What was looked up stays so."""
        other = copy(self)
        at_ends = self._at_ends & self._amounts(end)
        vars(other).update(_at_ends=at_ends, _allowed=self.start_amounts | at_ends)
        return other

    def focused(self, live: frozenset[Key]) -> "Rules":
        """The same rules, of which only these keys and all lower limits are looked at.

        Parameters
        ----------
        live : of the keys that are looked at here, no others.
        """
        other = copy(self)
        vars(other).update(_live=live, _wider=self, _entries={}, _meetings={}, _low={})
        return other

    def is_live(self, key: Key) -> bool:
        """True where the key is looked at."""
        return self._live is None or key.is_low or key in self._live

    def allowed(self, key: Key) -> int:
        """Largest amount of a rule at a place in any state."""
        return self._allowed[key]

    def allows(self, placement: IntArray) -> bool:
        """True where no amount of a placement is too large; shape (n_persons,)."""
        return all(n <= self._allowed[key] for key, n in self._amounts(placement).items())

    def entries(self, person: int, cell: int) -> tuple[Entry, ...]:
        """What the person adds to counters when in the cell; none for cell -1."""
        found = self._entries.get((person, cell))
        if found is None:
            if self._wider is not None:
                every = self._wider.entries(person, cell)
                found = tuple(e for e in every if self.is_live(self.part_key[e.part]))
            else:
                found = tuple(self._find_entries(person, cell)) if cell >= 0 else ()
            self._entries[person, cell] = found
        return found

    def partners(self, person: int) -> tuple[Partner, ...]:
        """Everybody with whom the person may not share something."""
        if person not in self._partners:
            self._partners[person] = self._pairs.partners(person)
        return self._partners[person]

    def meetings(self, person: int, cell: int) -> tuple[Meeting, ...]:
        """Partners whom the person meets in the cell if they are in that unit."""
        found = self._meetings.get((person, cell))
        if found is None:
            if self._wider is not None:
                every = self._wider.meetings(person, cell)
                found = tuple(meeting for meeting in every if self.is_live(meeting.key))
            else:
                found = tuple(self._find_meetings(person, cell))
            self._meetings[person, cell] = found
        return found

    def keys(self, person: int, cell: int) -> set[Key]:
        """Keys to which the person can add in the cell, whoever is there; none for cell -1."""
        if cell < 0:
            return set()
        known = {self.part_key[entry.part] for entry in self.entries(person, cell)}
        return known | {meeting.key for meeting in self.meetings(person, cell)}

    def has_low(self, person: int, cell: int) -> bool:
        """True where the person counts for a lower limit in the cell."""
        found = self._low.get((person, cell))
        if found is None:
            found = any(self.part_key[entry.part].is_low for entry in self.entries(person, cell))
            self._low[person, cell] = found
        return found

    def place_key(self, rule: RuleId, level: Level, unit: int) -> Key:
        """The key of a pair in a unit."""
        known = (rule, level, unit)
        if known not in self._pair_key:
            self._pair_key[known] = Key(rule, unit_name(self.instance, level, unit))
        return self._pair_key[known]

    def _amounts(self, placement: IntArray) -> Counter[Key]:
        return amounts_of(self.instance, self.tallies, self._bonds, placement)

    def _find_entries(self, person: int, cell: int) -> Iterator[Entry]:
        if person not in self._concerned:
            self._concerned[person] = [
                at for at, tally in enumerate(self.tallies) if tally.value[person] >= 0
            ]
        for at in self._concerned[person]:
            tally = self.tallies[at]
            unit = int(tally.unit_of[cell])
            if unit >= 0:
                part = self._part(at, unit)
                yield from (Entry(part, *entry) for entry in tally.entries(person))

    def _find_meetings(self, person: int, cell: int) -> Iterator[Meeting]:
        for other, rule, level, units in self.partners(person):
            unit = units[cell]
            if unit >= 0:
                yield Meeting(other, units, unit, self.place_key(rule, level, unit))

    def _part(self, at: int, unit: int) -> int:
        part = self._parts.setdefault((at, unit), len(self.part_tally))
        if part == len(self.part_tally):
            tally = self.tallies[at]
            self.part_tally.append(tally)
            self.part_limit.append(int(tally.limit[unit]))
            self.part_key.append(tally_key(self.instance, tally, unit))
            self.part_start.append([int(n) for n in self._counters[at][unit]])
        return part


class _Pairs:
    """All pairs of all bonds, to be looked up by person."""

    def __init__(self, bonds: tuple[Bond, ...]) -> None:
        self._bonds = bonds
        self._units = [bond.unit_of.tolist() for bond in bonds]
        none = np.zeros(0, dtype=np.int64)
        firsts, seconds = [b.first for b in bonds], [b.second for b in bonds]
        self._here = np.concatenate([none, *firsts, *seconds])
        self._there = np.concatenate([none, *seconds, *firsts])
        sizes = np.array([len(first) for first in firsts], dtype=np.int64)
        self._bond = np.tile(np.repeat(np.arange(len(bonds)), sizes), 2)

    def partners(self, person: int) -> tuple[Partner, ...]:
        at = np.flatnonzero(self._here == person)
        return tuple(
            Partner(other, self._bonds[k].rule, self._bonds[k].level, self._units[k])
            for other, k in zip(self._there[at].tolist(), self._bond[at].tolist(), strict=True)
        )


def tally_key(instance: Instance, tally: Tally, unit: int) -> Key:
    """The key of a tally's unit."""
    name = unit_name(instance, tally.level, unit)
    return Key(tally.rule, name, tally.kind is Kind.LOW)


def bonds_of(instance: Instance, shapes: Iterable[Shape]) -> Iterator[Bond]:
    """Pairs kept apart, and limits of one that mean the same."""
    for shape in shapes:
        if isinstance(shape, Apart):
            everywhere = units_of(instance, shape.level)
            yield Bond(shape.rule, shape.first, shape.second, shape.level, everywhere)
        elif isinstance(shape, Count) and is_pair(shape):
            everywhere = units_of(instance, shape.level)
            units = np.where(np.isin(everywhere, shape.units), everywhere, -1)
            yield Bond(shape.rule, shape.persons[:1], shape.persons[1:], shape.level, units)


def amounts_of(
    instance: Instance, tallies: Iterable[Tally], bonds: Iterable[Bond], placement: IntArray
) -> Counter[Key]:
    """Amounts of breach of a placement by key; keys without a breach are left out."""
    amounts: Counter[Key] = Counter()
    for tally in tallies:
        counters = tally.counters(placement)
        empty = tally.kind is Kind.LOW and not tally.or_none
        units = np.flatnonzero((tally.limit >= 0) & (counters.any(axis=1) | empty))
        for unit, counter in zip(units.tolist(), counters[units].tolist(), strict=True):
            amount = tally.amount(counter, int(tally.limit[unit]))
            if amount:
                amounts[tally_key(instance, tally, unit)] += amount
    units_in = defaultdict[tuple[RuleId, Level], Counter[int]](Counter)
    for bond in bonds:
        units_in[bond.rule, bond.level].update(_shared_units(bond, placement))
    for (rule, level), shared in units_in.items():
        for unit, pairs in shared.items():
            amounts[Key(rule, unit_name(instance, level, unit))] += pairs
    return amounts


def _shared_units(bond: Bond, placement: IntArray) -> list[int]:
    unit_of = np.append(bond.unit_of, -1)
    here, there = unit_of[placement[bond.first]], unit_of[placement[bond.second]]
    found: list[int] = here[(here == there) & (here >= 0)].tolist()
    return found
