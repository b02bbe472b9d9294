"""An order in rounds: after each nobody waits and everything may stay as it is over night.

Most rounds are one move. Where no single move is left, somebody waits while the place that is free
wanders, person by person, to where that person goes; such a round is looked for in a tree in which
everybody is tried once, then by making all moves that are possible. A round is no longer than a
window, so that groups of any size are cut into nights. Nothing here proves that there is no order.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from allocator.solver.order.actions import carry_out
from allocator.solver.order.companies import companies
from allocator.solver.order.escorts import Action, Go, goes_nowhere
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.rules import Key, Rules
from allocator.solver.order.stops import stops_of
from allocator.solver.order.timeline import overdue
from allocator.solver.order.walk import Walk

MOST_NODES = 120
MOST_STOPS = 64
MOST_STOPS_TRIED = 3


class Rounds:
    """Rounds of one plan.

    Parameters
    ----------
    rules : of every state on the way. nights : of every state that lasts.
    targets : cell of everybody who moves.

    Attributes
    ----------
    walk : where everybody is after all rounds. ends : length of the walk after each round.
    """

    def __init__(
        self, rules: Rules, nights: Rules, targets: Mapping[int, int], patience: Patience
    ) -> None:
        self._start = Occupancy(rules)
        self._stops = stops_of(self._start, targets, MOST_STOPS)
        self.walk = Walk(self._start, nights, targets, self._stops, patience)
        self.ends: list[int] = []
        self._patience = patience
        self._slots = rules.facts.window_batches
        self._among = frozenset(targets)
        self._arrivals = self._by_key()

    @property
    def rounds(self) -> list[tuple[Action, ...]]:
        """Actions of each round."""
        begins = [0, *self.ends]
        return [tuple(self.walk.trail[b:e]) for b, e in zip(begins, self.ends, strict=False)]

    def go_on(self, among: Collection[int], *, one_by_one: bool = False) -> None:
        """Round after round in which only these people move, as long as there is one.

        Parameters
        ----------
        one_by_one : only rounds of one move.
        """
        self._among = frozenset(among)
        freed: tuple[int, ...] = ()
        while self._slots and not self._patience.is_over:
            if not self._one_move(freed) and (one_by_one or not self._several()):
                return
            self.ends.append(len(self.walk.trail))
            freed = self._unlocked(self.walk.trail[-1])

    def remake(self, actions: tuple[Action, ...]) -> bool:
        """A round that was made elsewhere, where it is one here."""
        if all(self.walk.make(action) for action in actions) and self._is_done:
            self.ends.append(len(self.walk.trail))
            return True
        self.walk.take_back(self._begin)
        return False

    def unmake(self, number: int) -> list[tuple[Action, ...]]:
        """Take rounds back until there are so many; those that were taken back."""
        gone = self.rounds[number:]
        del self.ends[number:]
        self.walk.take_back(self._begin)
        return gone

    @property
    def _begin(self) -> int:
        return self.ends[-1] if self.ends else 0

    def _by_key(self) -> dict[Key, tuple[int, ...]]:
        found: defaultdict[Key, list[int]] = defaultdict(list)
        for person, target in self.walk.targets.items():
            for key in self._start.rules.keys(person, target):
                found[key].append(person)
        return {key: tuple(people) for key, people in found.items()}

    def _one_move(self, freed: Iterable[int]) -> bool:
        """One move home: into what the last one left, else any."""
        for people in (freed, tuple(self.walk.pending)):
            for action in sorted(self._homes(people), key=self._rank):
                if self.walk.make(action):
                    if self._is_done:
                        return True
                    self.walk.take_back(self._begin)
        return False

    def _several(self) -> bool:
        """More than one move: none of them leaves what may last, or somebody waits."""
        firsts = [*self._homes(tuple(self.walk.pending)), *self._waits()]
        return any(map(self._grow, firsts)) or any(map(self._sweep, firsts))

    def _homes(self, people: Iterable[int]) -> Iterator[Action]:
        """Safe moves home of those who still move, several together where a lower limit asks."""
        for person in people:
            if person in self._among and person in self.walk.pending:
                go = Go(person, self.walk.cell(person), self.walk.targets[person])
                action = next(filter(self.walk.is_safe, self._ways(go)), None)
                if action is not None:
                    yield action

    def _ways(self, go: Go) -> Iterator[Action]:
        yield (go,)
        rules = self.walk.at.rules
        if rules.has_low(go.person, go.origin) or rules.has_low(go.person, go.destination):
            here = {p: self.walk.cell(p) for p in self.walk.pending if p in self._among}
            yield from companies(rules, go, here, self.walk.targets, here)

    def _waits(self) -> Iterator[Action]:
        for person in self.walk.pending:
            if person in self._among:
                cells, here = self._stops.get(person, ()), self.walk.cell(person)
                ways = ((Go(person, here, cell),) for cell in cells)
                yield from islice(filter(self.walk.is_safe, ways), MOST_STOPS_TRIED)

    def _rank(self, action: Action) -> tuple[bool, int, int]:
        """Whoever leaves a cell that others wait for goes first: the free place stays in use."""
        going = {go.person for go in action}
        cell, targets = action[0].origin, self.walk.targets
        wanted = sum(targets[p] == cell for p in self.walk.pending if p not in going)
        return not wanted, -wanted, action[0].person

    def _grow(self, first: Action) -> bool:
        """The shortest round that begins so, in a tree in which everybody is tried once."""
        paths, seen = deque[tuple[Action, ...]]([(first,)]), {go.person for go in first}
        for _ in range(MOST_NODES):
            if not paths or self._patience.is_over:
                break
            path = paths.popleft()
            if not all(map(self.walk.make, path)):
                raise LookupError(f"a round is not safe any more: {path}")
            length = len(self.walk.trail)
            for action in self._next(path, seen):
                if self.walk.make(action):
                    if self._is_done:
                        return True
                    self.walk.take_back(length)
                    seen |= {go.person for go in action}
                    paths.append((*path, action))
            self.walk.take_back(self._begin)
        return False

    def _next(self, path: tuple[Action, ...], seen: Collection[int]) -> list[Action]:
        if len(path) >= self._slots:
            return []
        walk = self.walk
        touching = {p for p in walk.pending if walk.touches_broken(p)}
        people = ({*self._unlocked(path[-1])} | touching) - walk.waiting - set(seen)
        home = self._homes(sorted(walk.waiting))
        return [*home, *sorted(self._homes(sorted(people)), key=self._rank)]

    def _sweep(self, first: Action) -> bool:
        """All moves that are possible after a first one, until nobody waits and it may last."""
        if self._patience.is_over or not self.walk.make(first):
            return False
        goes_on = True
        while goes_on:
            goes_on = False
            for person in (*sorted(self.walk.waiting), *self.walk.pending):
                has_time = len(self.walk.trail) - self._begin < self._slots
                action = next(self._homes((person,)), None) if has_time else None
                if action and self.walk.make(action):
                    goes_on = True
                    if self._is_done:
                        return True
        self.walk.take_back(self._begin)
        return False

    @property
    def _is_done(self) -> bool:
        """True where the round may end here, and nobody waited for too long in it."""
        if not self.walk.may_last:
            return False
        rules = self._start.rules
        actions = self.walk.trail[self._begin :]
        return not goes_nowhere(actions) or not overdue(self.now, rules.facts, actions)

    @property
    def now(self) -> Occupancy:
        """Everybody after the last round, by all rules."""
        at = self._start.copy()
        carry_out(at, self.walk.trail[: self._begin])
        return at

    def _unlocked(self, action: Action) -> tuple[int, ...]:
        """Whose move home adds to something that these people added to where they were."""
        rules = self._start.rules
        keys = {key for go in action for key in rules.keys(go.person, go.origin)}
        found = {person for key in keys for person in self._arrivals.get(key, ())}
        return tuple(sorted(found.intersection(self.walk.pending)))
