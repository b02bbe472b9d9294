"""Batches: actions in a given order, each as early as its escorts and the rules allow.

Actions that are *tied*, because they touch something that can become too much or too little, keep
their order, and share a batch only where everybody can be in both cells at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from allocator.model.moving import MoveFacts
from allocator.solver.order.actions import carry_out, focused_on
from allocator.solver.order.escorts import (
    Action,
    class_of,
    facility_of,
    goes_nowhere,
    officers_of,
)
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key
from allocator.solver.order.tallies import NOWHERE

Ties: TypeAlias = frozenset[Key]
_Timed: TypeAlias = list[tuple[Action, Ties, int]]  # with the batch of each


@dataclass(slots=True)
class _Slot:
    """One batch. `occupancy` : everybody of the batch in both cells."""

    occupancy: Occupancy
    actions: list[Action] = field(default_factory=list)
    officers: dict[int, int] = field(default_factory=dict)
    classes: dict[int, tuple[int, bool]] = field(default_factory=dict)

    def copy(self) -> "_Slot":
        return _Slot(
            self.occupancy.copy(), list(self.actions), dict(self.officers), dict(self.classes)
        )


class Timeline:
    """Batches one after the other, from where everybody is in an occupancy.

    Parameters
    ----------
    most_officers : officers of each facility in one batch, None for no limit.
    """

    def __init__(self, start: Occupancy, facts: MoveFacts, most_officers: int | None) -> None:
        self._facts = facts
        self._most = most_officers
        self._slots: list[_Slot] = []
        self._last = start.copy()
        self._key_slot: dict[Key, int] = {}
        self._person_slot: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def batches(self) -> list[list[Action]]:
        """Actions of each batch; some may be empty."""
        return [slot.actions for slot in self._slots]

    def add(self, action: Action, ties: Ties) -> int:
        """Put an action into the first batch that takes it; the number of the batch."""
        at = self.try_add(action, ties, len(self._slots) + 1)
        if at is not None:
            return at
        raise LookupError(f"no batch takes {action}, although it is safe after all before it")

    def try_add(self, action: Action, ties: Ties, most_batches: int) -> int | None:
        """As `add`, among so many first batches; None where none of them takes the action."""
        for at in range(self.earliest(action, ties), min(len(self._slots) + 1, most_batches)):
            if self._put(action, ties, at):
                return at
        return None

    def add_block(
        self, block: Sequence[tuple[Action, Ties, int]], own_ties: Sequence[Ties]
    ) -> None:
        """Put actions with fixed distances between them where all of them fit.

        Parameters
        ----------
        own_ties : ties of the actions among themselves, which count alone where the block comes
            after everything else.
        """
        shift = max(0, *(self.earliest(action, ties) - at for action, ties, at in block))
        for start in range(shift, len(self._slots)):
            trial = self.copy()
            if all(trial.put_at(action, ties, start + at) for action, ties, at in block):
                self.__dict__.update(trial.__dict__)
                return
        end = max(shift, len(self._slots))
        for (action, _, at), ties in zip(block, own_ties, strict=True):
            if not self.put_at(action, ties, end + at):
                raise LookupError(f"the block has no place after batch {end}")
        for _, ties, at in block:
            for key in ties:
                self._key_slot[key] = max(end + at, self._key_slot.get(key, 0))

    def put_at(self, action: Action, ties: Ties, at: int) -> bool:
        """Put an action into one certain batch; False where it may not be there."""
        return at >= self.earliest(action, ties) and self._put(action, ties, at)

    def copy(self) -> "Timeline":
        """The same batches, to be filled apart."""
        other = Timeline(self._last, self._facts, self._most)
        other._slots = [slot.copy() for slot in self._slots]
        other._key_slot = dict(self._key_slot)
        other._person_slot = dict(self._person_slot)
        return other

    def earliest(self, action: Action, ties: Ties) -> int:
        """The first batch that people and ties leave open to an action."""
        after = [self._person_slot.get(go.person, -1) + 1 for go in action]
        after += [self._key_slot[key] + key.is_low for key in ties if key in self._key_slot]
        return max(after)

    def _put(self, action: Action, ties: Ties, at: int) -> bool:
        while len(self._slots) <= at:
            self._slots.append(_Slot(self._last.copy()))
        slot = self._slots[at]
        if not self._has_escorts(slot, action):
            return False
        if not _enter_both(slot.occupancy, action):
            return False
        for later in (*(slot.occupancy for slot in self._slots[at + 1 :]), self._last):
            carry_out(later, (action,))
        self._note(slot, action)
        for key in ties:
            self._key_slot[key] = at
        for go in action:
            self._person_slot[go.person] = at
        return True

    def _has_escorts(self, slot: _Slot, action: Action) -> bool:
        officers = dict(slot.officers)
        for go in action:
            facility = facility_of(self._facts, go)
            officers[facility] = officers.get(facility, 0) + officers_of(self._facts, go)
            its_class = class_of(self._facts, go)
            if slot.classes.get(facility, its_class) != its_class:
                return False
        return self._most is None or all(n <= self._most for n in officers.values())

    def _note(self, slot: _Slot, action: Action) -> None:
        slot.actions.append(action)
        for go in action:
            facility = facility_of(self._facts, go)
            slot.classes[facility] = class_of(self._facts, go)
            slot.officers[facility] = slot.officers.get(facility, 0) + officers_of(self._facts, go)


def _enter_both(occupancy: Occupancy, action: Action) -> bool:
    """Everybody in both cells where the rules allow it; else nothing changes."""
    for at, go in enumerate(action):
        if occupancy.enter(go.person, go.destination):
            for known in action[: at + 1]:
                occupancy.leave(known.person, known.destination)
            return False
    return True


def ties_of(start: Occupancy, actions: Sequence[Action]) -> list[Ties]:
    """Of each action the keys that could be broken if everybody were everywhere at once."""
    widest = start.copy()
    for action in actions:
        for go in action:
            if go.destination not in widest.where[go.person]:
                widest.enter(go.person, go.destination)
    return [
        frozenset(
            key
            for go in action
            for cell in (go.origin, go.destination)
            if cell != NOWHERE
            for key in widest.keys(go.person, cell)
            if key.is_low or widest.amount(key) > start.rules.allowed(key)
        )
        for action in actions
    ]


def offsets_of(start: Occupancy, facts: MoveFacts, actions: Sequence[Action]) -> tuple[int, ...]:
    """Batch of each action when nobody else moves, with waits in the holding location short."""
    start = focused_on(start, actions)
    block = _in_time(start, facts, actions)
    for at in reversed(range(len(actions))):
        if all(go.destination == NOWHERE for go in actions[at]):
            block = _later(start, facts, block, at)
    return _closed_up(block)


def overdue(start: Occupancy, facts: MoveFacts, actions: Sequence[Action]) -> frozenset[int]:
    """Who waits in the holding location for longer than it allows, when nobody else moves."""
    if not goes_nowhere(actions):
        return frozenset()
    return _late(facts, _in_time(focused_on(start, actions), facts, actions))


def _in_time(start: Occupancy, facts: MoveFacts, actions: Sequence[Action]) -> _Timed:
    """Batches in which whoever would wait for too long goes there later, where that can be."""
    ties = ties_of(start, actions)
    timeline = Timeline(start, facts, facts.escort_officers)
    offsets = [timeline.add(a, t) for a, t in zip(actions, ties, strict=True)]
    block = list(zip(actions, ties, offsets, strict=True))
    late = _late(facts, block)
    for at in reversed(range(len(actions))):
        if any(go.destination == NOWHERE and go.person in late for go in actions[at]):
            block = _later(start, facts, block, at, facts.holding_batches)
            late = _late(facts, block)
    return block


def _later(
    start: Occupancy, facts: MoveFacts, block: _Timed, at: int, most: int | None = None
) -> _Timed:
    """The batches with one action as late as it can be, all others staying.

    Parameters
    ----------
    most : batches that may be between it and the next one of its people, None for any number.
    """
    action, ties, now = block[at]
    people = {go.person for go in action}
    back = [when for a, _, when in block[at + 1 :] if any(go.person in people for go in a)]
    last = min(back, default=now) - 1
    first = now + 1 if most is None else max(now + 1, last - most)
    for later in range(last, first - 1, -1):
        trial = [*block[:at], (action, ties, later), *block[at + 1 :]]
        timeline = Timeline(start, facts, facts.escort_officers)
        if all(timeline.put_at(*entry) for entry in trial):
            return trial
    return block


def _late(facts: MoveFacts, block: _Timed) -> frozenset[int]:
    """Who waits in the holding location for longer than it allows."""
    since: dict[int, int] = {}
    late: set[int] = set()
    for (action, _, _), at in zip(block, _closed_up(block), strict=True):
        for go in action:
            if go.person in since:
                wait = (at - since.pop(go.person) - 1) * facts.minutes_per_move
                late |= {go.person} if wait > facts.holding_limit_minutes else set()
            if go.destination == NOWHERE:
                since[go.person] = at
    return frozenset(late)


def _closed_up(block: _Timed) -> tuple[int, ...]:
    """The batch of each action, counted without empty ones."""
    used = {offset: at for at, offset in enumerate(sorted({offset for _, _, offset in block}))}
    return tuple(used[offset] for _, _, offset in block)
