"""An order of moves by depth-first search: free moves first, then whatever is safe.

A move is *free* when nothing that it adds to can become too much any more, wherever all others
who still move are: it is made at once and never taken back. What is left is tried in order, with a
memory of states that lead nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence

from allocator.solver.order.actions import can_try, try_action, undo_action
from allocator.solver.order.companies import companies
from allocator.solver.order.deadlocks import find_deadlock
from allocator.solver.order.escorts import Action, Go, go_together
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.tallies import NOWHERE

MOST_STOPS_TRIED = 4
MOST_STOPS_LOOKED_AT = 8
DEEPEST = 300


def goals_of(
    targets: Mapping[int, int], stops: Mapping[int, Sequence[int]] | None = None
) -> dict[int, tuple[int, ...]]:
    """Cells that a search may bring each person to: the target, and the stops that it looks at."""
    waits = stops or {}
    return {
        person: (cell, *tuple(waits.get(person, ()))[:MOST_STOPS_LOOKED_AT])
        for person, cell in targets.items()
    }


class Search:
    """One search for an order.

    Parameters
    ----------
    occupancy : where everybody is; changed by the search.
    targets : cell of everybody who is to move.
    stops : cells in which people may wait on the way, each person once, -1 for a place that is no
        cell; nobody else stops.
    is_abstract : stops are no cells and may last: they are taken at once, which loses nothing.
    is_eager : free moves are made at once. With stops that are cells a move that is free may fill
        one; without it all orders are tried.
    budget : nodes of the search at most.
    most_work : work of the search at most, None for no limit.

    Attributes
    ----------
    trail : actions so far. best : the actions that brought most people home, nobody waiting.
    is_complete : every order has been tried, as far as the search went.
    work : people looked at in nodes and actions tried; some 50 microseconds each.
    """

    def __init__(
        self,
        occupancy: Occupancy,
        targets: Mapping[int, int],
        stops: Mapping[int, Sequence[int]],
        *,
        is_abstract: bool = False,
        is_eager: bool = True,
        budget: int,
        most_work: int | None = None,
    ) -> None:
        self.occupancy = occupancy
        self.trail: list[Action] = []
        self.best: tuple[Action, ...] = ()
        self.is_complete = True
        self.work = 0
        self._targets = dict(sorted(targets.items()))
        self._stops = stops
        self._is_abstract, self._is_eager = is_abstract, is_eager
        self._budget = budget
        self._most_work = most_work
        self._depth = 0
        self._pending = dict.fromkeys(self._targets)
        self._at = {p: self._cell_of(p) for p in self._targets}
        self._stopping: set[int] = set()
        self._seen: set[tuple[int, ...]] = set()
        self._most_home = 0
        self._widest = occupancy.copy()
        for person, cell in self._targets.items():
            self._widest.enter(person, cell)

    def run(self) -> bool:
        """True when everybody is home; `trail` is the order then."""
        return self._solve()

    def make_free_moves(self) -> dict[int, int]:
        """Free moves alone; the targets of those who are left."""
        self._make_free_moves()
        return {person: self._targets[person] for person in self._pending}

    def _cell_of(self, person: int) -> int:
        where = self.occupancy.where[person]
        return where[0] if where else NOWHERE

    def _solve(self) -> bool:
        if self._budget <= 0 or self._depth > DEEPEST or self._is_over:
            self.is_complete = False
            return False
        self._budget -= 1
        self.work += 1 + len(self._pending)
        mark = len(self.trail)
        if self._is_eager:
            self._make_free_moves()
        if not self._pending:
            return True
        self._note_best()
        if self._is_new() and not self._is_dead() and self._branch():
            return True
        while len(self.trail) > mark:
            self._take_back()
        return False

    @property
    def _is_over(self) -> bool:
        return self._most_work is not None and self.work > self._most_work

    def _is_new(self) -> bool:
        state = tuple(self._at.values())
        is_new = state not in self._seen
        self._seen.add(state)
        return is_new

    def _is_dead(self) -> bool:
        """True when somebody who may not wait, or not again, can never move."""
        targets = {person: self._targets[person] for person in self._pending}
        may_wait = [person for person in targets if self._can_stop(person)]
        return bool(find_deadlock(self.occupancy, targets, may_wait))

    def _branch(self) -> bool:
        for action in self._options():
            if self._is_over:
                self.is_complete = False
                return False
            if self._make(action):
                self._depth += 1
                found = self._solve()
                self._depth -= 1
                if found:
                    return True
                self._take_back()
        return False

    def _note_best(self) -> None:
        home = len(self._targets) - len(self._pending)
        if home > self._most_home and not self._stopping:
            self._most_home, self.best = home, tuple(self.trail)

    def _make_free_moves(self) -> None:
        goes_on = True
        while goes_on:
            goes_on = False
            for person in tuple(self._pending):
                here = self._at[person]
                if self._may_wait_at_once(person):
                    goes_on |= self._make((Go(person, here, NOWHERE),))
                elif self._is_free(person):
                    goes_on |= self._make((Go(person, here, self._targets[person]),))

    def _may_wait_at_once(self, person: int) -> bool:
        return (
            self._is_abstract
            and self._can_stop(person)
            and not self.occupancy.rules.has_low(person, self._at[person])
        )

    def _can_stop(self, person: int) -> bool:
        has_stop = person in self._stops and person not in self._stopping
        return has_stop and self._at[person] != NOWHERE

    def _is_free(self, person: int) -> bool:
        rules, target = self.occupancy.rules, self._targets[person]
        if rules.has_low(person, target) or rules.has_low(person, self._at[person]):
            return False
        widest = self._widest
        return all(widest.amount(key) <= rules.allowed(key) for key in widest.keys(person, target))

    def _options(self) -> Iterator[Action]:
        """Moves home, alone and together where a lower limit asks for it, then stops."""
        for person in tuple(self._pending):
            go = Go(person, self._at[person], self._targets[person])
            yield (go,)
            rules = self.occupancy.rules
            yield from companies(rules, go, self._pending, self._targets, self._at)
        for person in tuple(self._pending):
            if self._can_stop(person):
                yield from self._waiting(person)

    def _waiting(self, person: int) -> Iterator[Action]:
        tried = 0
        for cell in self._stops[person][:MOST_STOPS_LOOKED_AT]:
            action = (Go(person, self._at[person], cell),)
            self.work += 1
            if cell == self._at[person] or not can_try(self.occupancy, action):
                continue
            yield action
            tried += 1
            if tried == MOST_STOPS_TRIED:
                return

    def _make(self, action: Action) -> bool:
        if len(action) > 1 and not go_together(self.occupancy.rules.facts, action):
            return False
        self.work += len(action)
        if not try_action(self.occupancy, action):
            return False
        for go in action:
            self._widest.leave(go.person, go.origin)
            self._at[go.person] = go.destination
            if go.destination == self._targets[go.person]:
                del self._pending[go.person]
                self._stopping.discard(go.person)
            else:
                self._widest.enter(go.person, go.destination)
                self._stopping.add(go.person)
        self.trail.append(action)
        return True

    def _take_back(self) -> None:
        action = self.trail.pop()
        undo_action(self.occupancy, action)
        for go in action:
            if go.destination != self._targets[go.person]:
                self._widest.leave(go.person, go.destination)
            self._widest.enter(go.person, go.origin)
            self._at[go.person] = go.origin
            self._put_back(go)

    def _put_back(self, go: Go) -> None:
        was_waiting = go.destination == self._targets[go.person] and self._has_stopped(go.person)
        self._pending[go.person] = None
        self._pending = dict.fromkeys(sorted(self._pending))
        if was_waiting:
            self._stopping.add(go.person)
        elif go.destination != self._targets[go.person]:
            self._stopping.discard(go.person)

    def _has_stopped(self, person: int) -> bool:
        return any(go.person == person for action in self.trail for go in action)
