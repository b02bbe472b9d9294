"""Orders of moves by trying all, with the judge as the only arbiter of every state.

Nothing here is the sequencer's: neither its rules nor its search. People move one at a time; a step
of one person is safe where the state after it is, and a batch allows nothing that its steps one by
one do not, but for R16 (b), which is not asked here: that can only make more orders possible, so
that "no order" stays true, and an order that is found is replayed by the judge with it.

Two questions, each over some of the people who move:

- *freely*: all others who move are taken out of the prison, and whoever could ever wait in some
  cell waits in none. More is possible so than in fact. No order here means no order at all,
  and the fewest people who wait here bound the temporary steps of every order.
- *in cells*: waiting in real cells and holding locations, with everybody who can come to share
  something tight with them. This is exact but for minutes and officers.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from allocator.model.scenario import Scenario
from allocator.model.sequence import Batch, Sequence, Step
from allocator.model.vocabulary import Level
from allocator.verify.replay_people import people_faults
from allocator.verify.states import Ceilings, find_excesses
from allocator.verify.walk import Walk

MOST_STATES = 60_000
MOST_ASKED = 30_000
MOST_IN_CELLS = 8
NOWHERE = None
Cells = tuple[str | None, ...]
Route = tuple[tuple[str, str], ...]
_Timed = tuple[int, Cells]


class TooManyStatesError(Exception):
    """More states than are tried."""


class BruteForce:
    """All orders of a plan's moves.

    Parameters
    ----------
    target : planned cell of everybody whose place changes, by person id.
    undecided : people with a cell and none in the plan; they stay.
    """

    def __init__(
        self, scenario: Scenario, target: Mapping[str, str], undecided: Collection[str] = ()
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
        self._known: dict[tuple[str, frozenset[tuple[str, str]]], bool] = {}
        self._units: dict[str, frozenset[str]] = {}
        self._waits: dict[str, tuple[str, ...]] = {}

    def fewest_waits(self, people: Collection[str]) -> int | None:
        """Freely: how many of these people wait at the least; None where no order exists.

        Raises
        ------
        TooManyStatesError
            If there are more states than are tried.
        """
        names = tuple(sorted(people))
        tight = self.tight_places({p: (self.start[p], self.target[p]) for p in names})
        level = {tuple(self.start[p] for p in names)}
        home = tuple(self.target[p] for p in names)
        seen: set[Cells] = set()
        waits = 0
        while level:
            level = self._all_moved(names, level, seen, tight)
            if home in level:
                return waits
            level = {s for state in level for s in self._taken_out(names, state)} - seen
            waits += 1
        return None

    def _all_moved(
        self, names: tuple[str, ...], level: set[Cells], seen: set[Cells], tight: frozenset[str]
    ) -> set[Cells]:
        """All states that moves to where the plan wants people lead to."""
        reached, todo = set(level), sorted(level, key=str)
        while todo:
            state = todo.pop()
            for at, person in enumerate(names):
                after = (*state[:at], self.target[person], *state[at + 1 :])
                if after in reached or after in seen or not self._safe(names, after, at, tight):
                    continue
                reached.add(after)
                todo.append(after)
            if len(reached) + len(seen) > MOST_STATES:
                raise TooManyStatesError
        seen |= reached
        return reached

    def _taken_out(self, names: tuple[str, ...], state: Cells) -> Iterator[Cells]:
        for at, person in enumerate(names):
            if state[at] is not NOWHERE and state[at] == self.start[person] and self.waits(person):
                yield (*state[:at], NOWHERE, *state[at + 1 :])

    def order_in_cells(self, people: Collection[str]) -> Route | None:
        """In cells: steps of an order with the fewest temporary ones, None where none exists.

        Parameters
        ----------
        people : who is looked at, `entangled` with all others who matter.

        Raises
        ------
        TooManyStatesError
            If there are more states than are tried.
        """
        names = tuple(sorted(people))
        if len(names) > MOST_IN_CELLS:
            raise TooManyStatesError
        reach = self._reach(names)
        tight = self.tight_places(reach)
        begin = tuple(self.start[p] for p in names)
        home = tuple(self.target[p] for p in names)
        before: dict[Cells, tuple[Cells, int] | None] = {begin: None}
        todo, settled = deque([begin]), set[Cells]()
        while todo:
            state = todo.popleft()
            if state in settled:
                continue
            settled.add(state)
            if state == home:
                return _route(names, before, home)
            for at, after in self._steps_in_cells(names, state, reach, tight):
                is_home = after[at] == home[at]
                if after in settled or (after in before and not is_home):
                    continue
                before[after] = state, at
                (todo.appendleft if is_home else todo.append)(after)
            if len(before) > MOST_STATES:
                raise TooManyStatesError
        return None

    def _steps_in_cells(
        self,
        names: tuple[str, ...],
        state: Cells,
        reach: Mapping[str, tuple[str | None, ...]],
        tight: frozenset[str],
    ) -> Iterator[tuple[int, Cells]]:
        for at, person in enumerate(names):
            cells = reach[person][1:2] if state[at] is NOWHERE else reach[person][1:]
            for cell in cells:
                after = (*state[:at], cell, *state[at + 1 :])
                if cell != state[at] and self._safe(names, after, at, tight):
                    yield at, after

    def order_along(self, people: Collection[str], steps: Route) -> Route | None:
        """As `order_in_cells`, at any time of a given order of others; None where none is found.

        Raises
        ------
        TooManyStatesError
            If there are more states than are tried.
        """
        ring = tuple(sorted(people))
        names = (*ring, *sorted(self.target.keys() - set(ring)))
        reach = self._reach(ring)
        moves = {p: (self.start[p], self.target[p]) for p in names} | reach
        stops = {p: (*own, *(c for q, c in steps if q == p)) for p, own in moves.items()}
        tight = self.tight_places(stops)
        begin = (0, tuple(self.start[p] for p in names))
        before: dict[_Timed, tuple[_Timed, int] | None] = {begin: None}
        todo = deque([begin])
        while todo:
            done, state = todo.popleft()
            if done == len(steps) and all(state[at] == self.target[p] for at, p in enumerate(ring)):
                return _timed_route(names, before, (done, state))
            others = [(names.index(p), c) for p, c in steps[done : done + 1]]
            own = [(at, c) for at, p in enumerate(ring) for c in reach[p][1:] if c != state[at]]
            for at, cell in (*others, *own):
                after = (*state[:at], cell, *state[at + 1 :])
                step = (done + (at >= len(ring)), after)
                if step not in before and self._safe(names, after, at, tight):
                    before[step] = (done, state), at
                    todo.append(step)
            if len(before) > MOST_STATES:
                raise TooManyStatesError
        return None

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
            if len(self._known) > MOST_ASKED:
                raise TooManyStatesError
            people = self._staying.within(unit) | dict(moving)
            self._known[key] = self._ceilings.is_too_much(unit, dict(sorted(people.items())))
        return self._known[key]


def _route(
    names: tuple[str, ...], before: Mapping[Cells, tuple[Cells, int] | None], home: Cells
) -> Route:
    steps: list[tuple[str, str]] = []
    state = home
    while (came := before[state]) is not None:
        cell = state[came[1]]
        if cell is not None:
            steps.append((names[came[1]], cell))
        state = came[0]
    return tuple(reversed(steps))


def _timed_route(
    names: tuple[str, ...], before: Mapping[_Timed, tuple[_Timed, int] | None], end: _Timed
) -> Route:
    steps: list[tuple[str, str]] = []
    state = end
    while (came := before[state]) is not None:
        cell = state[1][came[1]]
        if cell is not None:
            steps.append((names[came[1]], cell))
        state = came[0]
    return tuple(reversed(steps))
