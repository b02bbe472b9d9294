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
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from benchmarks.order_states import NOWHERE, Cells, Route, States, TooManyStatesError

MOST_STATES = 60_000
MOST_IN_CELLS = 8
Timed = tuple[int, Cells]
State = TypeVar("State", Cells, Timed)


class BruteForce(States):
    """All orders of a plan's moves."""

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
                return _route(names, before, home, lambda cells: cells)
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
        before: dict[Timed, tuple[Timed, int] | None] = {begin: None}
        todo = deque([begin])
        while todo:
            done, state = todo.popleft()
            if done == len(steps) and all(state[at] == self.target[p] for at, p in enumerate(ring)):
                return _route(names, before, (done, state), lambda timed: timed[1])
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


def _route(
    names: tuple[str, ...],
    before: Mapping[State, tuple[State, int] | None],
    end: State,
    cells_of: Callable[[State], Cells],
) -> Route:
    """The steps that led to a state; `before` has the state before each and who moved."""
    steps: list[tuple[str, str]] = []
    state = end
    while (came := before[state]) is not None:
        cell = cells_of(state)[came[1]]
        if cell is not None:
            steps.append((names[came[1]], cell))
        state = came[0]
    return tuple(reversed(steps))
