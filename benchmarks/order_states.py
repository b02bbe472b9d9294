"""What the judge allows people who move: where they may be at once, and where they may wait.

Nothing here is the sequencer's: neither its rules nor its search. Every word on a state is the
judge's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from allocator.model.scenario import Scenario
from allocator.model.sequence import Batch, Sequence, Step
from allocator.model.vocabulary import Level
from allocator.verify.replay_people import people_faults
from allocator.verify.states import Ceilings, find_excesses
from allocator.verify.walk import Walk

MOST_ASKED = 30_000
NOWHERE = None
Cells = tuple[str | None, ...]
Route = tuple[tuple[str, str], ...]


class TooManyStatesError(Exception):
    """More states than are tried."""


class States:
    """States of a plan's moves.

    Parameters
    ----------
    target : planned cell of everybody whose place changes, by person id.
    undecided : people with a cell and none in the plan; they stay.
    most : states of one place that are looked at before a question is too large.
    """

    def __init__(
        self,
        scenario: Scenario,
        target: Mapping[str, str],
        undecided: Collection[str] = (),
        most: int = MOST_ASKED,
    ) -> None:
        self._scenario = scenario
        self.target = dict(sorted(target.items()))
        start = {person.person_id: person.current_place for person in scenario.people}
        plan = start | self.target | dict.fromkeys(undecided)
        self._ceilings = Ceilings(scenario, start, plan)
        self._view = Walk(scenario, self.sequence(())).view
        sites = self._ceilings.view.sites
        self.start = {p: c if (c := start[p]) in sites else NOWHERE for p in self.target}
        staying = {p: None if p in self.target else place for p, place in start.items()}
        self._staying = self._ceilings.standing(staying)
        self._most = most
        self._known: dict[tuple[str, frozenset[tuple[str, str]]], bool] = {}
        self._units: dict[str, frozenset[str]] = {}
        self._waits: dict[str, tuple[str, ...]] = {}

    def entangled(self, people: Collection[str]) -> tuple[str, ...]:
        """These people and all who share a tight place with them, where some may also wait."""
        found = set(people)
        while True:
            cells = {p: (self.start[p], self.target[p]) for p in self.target}
            reach = self._reach(sorted(found))
            tight = self.tight_places(cells | reach)
            touched = tight & set(self._touched([c for own in reach.values() for c in own]))
            more = {p for p, own in cells.items() if touched & set(self._touched(own))} | found
            if more == found:
                return tuple(sorted(found))
            found = more

    def _reach(self, people: Collection[str]) -> dict[str, tuple[str | None, ...]]:
        return {p: (self.start[p], self.target[p], *self.waits(p)) for p in people}

    def waits(self, person: str) -> tuple[str, ...]:
        """Where a person may wait at some time: at the best, when nobody else moves any more."""
        if person not in self._waits:
            self._waits[person] = self._open_to(person) if self.start[person] else ()
        return self._waits[person]

    def _open_to(self, person: str) -> tuple[str, ...]:
        """Places of both facilities with room in which the judge lets the person wait."""
        estate, sites = self._scenario.estate, self._ceilings.view.sites
        here, there = self.start[person], self.target[person]
        near = {sites[cell].unit_at[Level.FACILITY] for cell in (here, there) if cell}
        cells = [c for c, site in sites.items() if site.unit_at[Level.FACILITY] in near]
        held = [v.place_id for v in estate.virtual_places if v.facility_id in near]
        places = [
            place
            for place in (*cells, *held)
            if place not in {here, there} and self._has_room(person, place)
        ]
        steps = zip((here, *places), places, strict=False)
        batches = (
            Batch(at, (Step(person, one, other, is_temporary=True, officers=1),))
            for at, (one, other) in enumerate(steps)
        )
        walk = Walk(self._scenario, self.sequence(batches))
        walk.view = self._view
        closed = {fault.split(":")[0] for fault in people_faults(walk)}
        return tuple(p for at, p in enumerate(places, 1) if f"batch {at}" not in closed)

    def _has_room(self, person: str, place: str) -> bool:
        moving = frozenset({(person, place)})
        units = sorted(self._units_of(place), key=lambda unit: unit != place)
        return not any(self._is_too_much(unit, moving) for unit in units)

    def replay(self, route: Route) -> tuple[str, ...]:
        """The judge's faults of an order: of its states and of its people."""
        at: dict[str, str | None] = dict(self.start)
        batches = []
        for minute, (person, cell) in enumerate(route):
            is_temporary = cell != self.target[person]
            batches.append(Batch(minute, (Step(person, at[person], cell, is_temporary, 1),)))
            at[person] = cell
        sequence = self.sequence(batches)
        faults = (f for f in people_faults(Walk(self._scenario, sequence)) if " leave " not in f)
        return (*faults, *map(str, find_excesses(self._scenario, sequence)))

    def sequence(self, batches: Iterable[Batch]) -> Sequence:
        """A sequence of these batches for the judge to look at."""
        aims = tuple(self.target.items())
        return Sequence("", aims, tuple(batches), (), (), (), 0, 0, 0)

    def groups(self) -> list[tuple[str, ...]]:
        """People who move, split into those who share no tight place."""
        cells = {p: (self.start[p], self.target[p]) for p in self.target}
        tight = self.tight_places(cells)
        found: list[tuple[set[str], set[str]]] = []
        for person in self.target:
            touched = set(self._touched(cells[person])) & tight
            people = {person}
            for group in [g for g in found if g[1] & touched]:
                found.remove(group)
                people |= group[0]
                touched |= group[1]
            found.append((people, touched))
        return [tuple(sorted(people)) for people, _ in found]

    def tight_places(self, cells: Mapping[str, tuple[str | None, ...]]) -> frozenset[str]:
        """Places where too much is possible, with everybody in all their cells at once."""
        standing = self._ceilings.standing({})
        everywhere = {p: dict.fromkeys(c for c in own if c) for p, own in cells.items()}
        for person, own in everywhere.items():
            for cell in own:
                standing.enter(person, cell)
        touched = {unit for own in everywhere.values() for unit in self._touched(tuple(own))}
        return frozenset(
            unit
            for unit in sorted(touched)
            if self._is_too_much(unit, frozenset(standing.within(unit).items()))
        )

    def _touched(self, cells: Collection[str | None]) -> Iterator[str]:
        return chain.from_iterable(self._units_of(cell) for cell in cells if cell)

    def _safe(self, names: tuple[str, ...], state: Cells, at: int, tight: frozenset[str]) -> bool:
        """Whether a state is safe where the person at a position has just come to."""
        cell = state[at]
        return cell is None or not any(
            self._is_too_much(
                unit,
                frozenset(
                    (p, c)
                    for p, c in zip(names, state, strict=True)
                    if c is not None and unit in self._units_of(c)
                ),
            )
            for unit in self._units_of(cell)
            if unit in tight
        )

    def _units_of(self, cell: str) -> frozenset[str]:
        if cell not in self._units:
            self._units[cell] = self._staying.units_of(cell)
        return self._units[cell]

    def _is_too_much(self, unit: str, moving: frozenset[tuple[str, str]]) -> bool:
        key = (unit, moving)
        if key not in self._known:
            if len(self._known) > self._most:
                raise TooManyStatesError
            people = self._staying.within(unit) | dict(moving)
            self._known[key] = self._ceilings.is_too_much(unit, dict(sorted(people.items())))
        return self._known[key]
