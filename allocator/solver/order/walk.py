"""A way through the moves that can be gone on and taken back, with what may last over night."""

from bisect import insort
from collections import Counter
from collections.abc import Mapping, Sequence

from allocator.solver.order.actions import can_try, try_action, undo_action
from allocator.solver.order.escorts import Action, go_together
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.rules import Key, Rules
from allocator.solver.order.search import goals_of
from allocator.solver.order.tallies import NOWHERE


class Walk:
    """Actions so far, from where everybody is.

    Parameters
    ----------
    start : everybody, by the rules of every state. nights : rules of every state that lasts.
    targets : cell of everybody who moves. stops : where they may wait; they go nowhere else.

    Attributes
    ----------
    trail : the actions. pending : who is not home, sorted. waiting : those of them who have left.
    broken : what forbids that everybody stays over night as things are.
    """

    def __init__(
        self,
        start: Occupancy,
        nights: Rules,
        targets: Mapping[int, int],
        stops: Mapping[int, Sequence[int]],
        patience: Patience,
    ) -> None:
        self.targets = dict(targets)
        self._ways = {p: frozenset((c, *stops.get(p, ()))) for p, c in targets.items()}
        self.at = start.focused(self._ways)
        self.trail: list[Action] = []
        self.pending = sorted(targets)
        self.waiting: set[int] = set()
        self.broken: set[Key] = set()
        self._night = Occupancy(nights).focused(goals_of(targets))
        self._patience = patience
        self._steps = Counter[int]()

    @property
    def may_last(self) -> bool:
        """True where nobody waits and no night is broken."""
        return not (self.waiting or self.broken)

    def cell(self, person: int) -> int:
        """Where somebody is, -1 for no cell."""
        return next(iter(self.at.where[person]), NOWHERE)

    def is_safe(self, action: Action) -> bool:
        """True where the action could be made."""
        self._patience.left -= len(action)
        if len(action) > 1 and not go_together(self.at.rules.facts, action):
            return False
        return can_try(self.at, action)

    def make(self, action: Action) -> bool:
        """Make an action if it is safe; whoever is home is not pending any more.

        Actions made elsewhere may lead to cells that are not looked at here: those are not safe.
        """
        self._patience.left -= len(action)
        if any(self.cell(go.person) != go.origin for go in action):
            return False
        if any(go.destination not in self._ways.get(go.person, ()) for go in action):
            return False
        if not try_action(self.at, action):
            return False
        for go in action:
            self._step(go.person, go.origin, go.destination)
            self._steps[go.person] += 1
            self.waiting.discard(go.person)
            if go.destination == self.targets[go.person]:
                self.pending.remove(go.person)
            else:
                self.waiting.add(go.person)
        self.trail.append(action)
        return True

    def take_back(self, length: int) -> None:
        """Take actions back until there are so many."""
        while len(self.trail) > length:
            action = self.trail.pop()
            undo_action(self.at, action)
            for go in action:
                self._step(go.person, go.destination, go.origin)
                self._steps[go.person] -= 1
                self.waiting.discard(go.person)
                if go.destination == self.targets[go.person]:
                    insort(self.pending, go.person)
                if self._steps[go.person]:
                    self.waiting.add(go.person)

    def touches_broken(self, person: int) -> bool:
        """True where somebody adds to what forbids a night, here or at home."""
        cells = (self.cell(person), self.targets[person])
        rules = self._night.rules
        return bool(self.broken) and any(self.broken & rules.keys(person, c) for c in cells)

    def _step(self, person: int, origin: int, destination: int) -> None:
        night = self._night
        touched = night.rules.keys(person, origin) | night.rules.keys(person, destination)
        night.leave(person, origin)
        night.enter(person, destination)
        for key in touched:
            is_broken = night.amount(key) > night.rules.allowed(key)
            (self.broken.add if is_broken else self.broken.discard)(key)
