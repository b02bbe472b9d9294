"""Several move windows, where one is too short: what of an order is done on which day.

Between two windows everybody is where the plan wants them or where they were: nobody sleeps in a
holding location, a buffer cell or any other temporary place, and no hard rule is broken more than
at the start or in the plan. People who now are in a cell where a rule is broken, or between cells,
go first.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from allocator.model.moving import MoveFacts
from allocator.model.shapes import IntArray
from allocator.solver.order.actions import carry_out
from allocator.solver.order.attempt import Attempt, Block
from allocator.solver.order.escorts import Action, goes_nowhere
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key
from allocator.solver.order.tallies import NOWHERE
from allocator.solver.order.timeline import Ties, Timeline, offsets_of, overdue, ties_of

MOST_TURNS = 8
Overnight = Callable[[IntArray], bool]


class Piece(NamedTuple):
    """Actions after which nobody waits, with their ties in the whole order and by themselves."""

    actions: tuple[Action, ...]
    ties: tuple[Ties, ...]
    own_ties: tuple[Ties, ...]
    offsets: tuple[int, ...] | None

    @property
    def people(self) -> frozenset[int]:
        """Who moves in it."""
        return frozenset(go.person for action in self.actions for go in action)

    @property
    def keys(self) -> frozenset[Key]:
        """What ties it to others."""
        return frozenset[Key]().union(*self.ties)


@dataclass(frozen=True, slots=True)
class Windows:
    """Batches of each window; `too_long` : people of a piece that no window is long enough for."""

    batches: tuple[list[list[Action]], ...]
    too_long: frozenset[int] = frozenset()


class Pieces(NamedTuple):
    """The pieces of an order: as they are made, and people whose cell breaks a rule now first."""

    in_order: Sequence[Piece]
    needed_first: Sequence[Piece]


def pieces_of(attempt: Attempt, start: Occupancy) -> Pieces:
    """The order, cut wherever nobody waits."""
    ties = iter(ties_of(start, attempt.actions))
    at = start.copy()
    pieces: list[Piece] = []
    for block in attempt.blocks:
        for part in parts_of(block):
            pieces.append(_piece(at, part, tuple(next(ties) for _ in part)))
            carry_out(at, part)
    return Pieces(pieces, _most_needed_first(pieces, start, at))


def parts_of(block: Block) -> list[tuple[Action, ...]]:
    """Actions of a block, cut wherever nobody waits; whole where somebody would wait too long."""
    parts = list(stretches_of(block.actions))
    return [block.actions] if _is_any_overdue(block.start, parts) else parts


def fill_windows(
    pieces: Pieces, start: Occupancy, most_officers: int | None, overnight: Overnight
) -> Windows:
    """Window after window, as much as fits into each.

    People whose cell breaks a rule now go first; where some window takes nothing so, the pieces
    keep the order in which they are made.
    """
    found = _filled(pieces.needed_first, start, most_officers, _Window.fill_lawfully, overnight)
    if not found.too_long:
        return found
    return _filled(pieces.in_order, start, most_officers, _Window.fill_in_order, overnight)


def _filled(
    pieces: Sequence[Piece],
    start: Occupancy,
    most_officers: int | None,
    fill: "Fill",
    overnight: Overnight,
) -> Windows:
    facts, at = start.rules.facts, start.copy()
    slots = facts.window_batches
    left, windows = list(pieces), list[list[list[Action]]]()
    if not slots:
        return Windows((), frozenset[int]().union(*(piece.people for piece in pieces)))
    while left:
        window = _Window(at, facts, most_officers, slots)
        fill(window, left, overnight)
        if not window.placed:
            return Windows(tuple(windows), left[0].people)
        windows.append([batch for batch in window.timeline.batches if batch])
        for piece in window.placed:
            carry_out(at, piece.actions)
        left = [piece for piece in left if piece not in window.placed]
    return Windows(tuple(windows))


@dataclass(slots=True)
class _Window:
    """One window being filled; what waits for something that did not fit does not fit either."""

    start: Occupancy
    facts: MoveFacts
    most_officers: int | None
    slots: int
    placed: list[Piece] = field(default_factory=list)
    timeline: Timeline = field(init=False)

    def fill_lawfully(self, pieces: Sequence[Piece], overnight: Overnight) -> None:
        """As many as leave a state that may last over night; without the first, where none do."""
        left, later = list(pieces), set[Key]()
        for _ in range(MOST_TURNS):
            self._fill(left, later)
            done = _lawful(self.placed, self.start, overnight)
            if len(done) == len(self.placed):
                return
            if not done:
                later |= self.placed[0].keys
            left = done or [piece for piece in left if piece != self.placed[0]]
        self._fill((), later)

    def fill_in_order(self, pieces: Sequence[Piece], overnight: Overnight) -> None:
        """As many of the first as fit and leave a state that may last over night."""
        self._fill(pieces, (), in_order=True)
        done = _lawful(self.placed, self.start, overnight)
        if len(done) < len(self.placed):
            self._fill(done, ())

    def _fill(
        self, pieces: Sequence[Piece], later: Collection[Key], *, in_order: bool = False
    ) -> None:
        """Each piece in turn, where there is room for it and it waits for nothing that is later."""
        self.placed = []
        self.timeline = Timeline(self.start, self.facts, self.most_officers)
        keys = set(later)
        for piece in pieces:
            if keys.isdisjoint(piece.keys) and self._put(piece):
                self.placed.append(piece)
            elif in_order:
                return
            else:
                keys |= piece.keys

    def _put(self, piece: Piece) -> bool:
        if len(piece.actions) == 1:
            (action,), (ties,) = piece.actions, piece.ties
            return self.timeline.try_add(action, ties, self.slots) is not None
        trial = self.timeline.copy()
        if piece.offsets is None:
            entries = zip(piece.actions, piece.ties, strict=True)
            found = (trial.try_add(action, ties, self.slots) for action, ties in entries)
            is_in = all(at is not None for at in found)
        else:
            timed = list(zip(piece.actions, piece.ties, piece.offsets, strict=True))
            trial.add_block(timed, piece.own_ties)
            is_in = len(trial) <= self.slots
        self.timeline = trial if is_in else self.timeline
        return is_in


Fill = Callable[[_Window, Sequence[Piece], Overnight], None]


def stretches_of(actions: Sequence[Action]) -> Iterator[tuple[Action, ...]]:
    """The shortest stretches after which nobody waits: whoever waits moves twice."""
    last = {go.person: at for at, action in enumerate(actions) for go in action}
    begin, until = 0, 0
    for at, action in enumerate(actions):
        until = max(until, *(last[go.person] for go in action))
        if at == until:
            yield tuple(actions[begin : at + 1])
            begin = at + 1
            until = begin


def _is_any_overdue(start: Occupancy, parts: Sequence[tuple[Action, ...]]) -> bool:
    """True where somebody would wait too long if the parts were carried out one by one."""
    at = start.copy()
    for part in parts:
        if overdue(at, at.rules.facts, part):
            return True
        carry_out(at, part)
    return False


def _piece(at: Occupancy, actions: tuple[Action, ...], ties: tuple[Ties, ...]) -> Piece:
    if len(actions) == 1:
        return Piece(actions, ties, ties, None)
    offsets = offsets_of(at, at.rules.facts, actions) if goes_nowhere(actions) else None
    return Piece(actions, ties, tuple(ties_of(at, actions)), offsets)


def _most_needed_first(pieces: Sequence[Piece], start: Occupancy, end: Occupancy) -> list[Piece]:
    """Whoever leaves a place where a rule is broken, with all that has to go before, in order."""
    broken = {key for key, amount in start.amounts.items() if amount > end.amount(key)}
    first: list[Piece] = []
    later: list[Piece] = []
    needed: set[Key] = set()
    for piece in reversed(pieces):
        leaves = (key for p in piece.people for c in start.where[p] for key in start.keys(p, c))
        is_held = any(start.rules.facts.is_held[person] for person in piece.people)
        if is_held or not needed.isdisjoint(piece.keys) or not broken.isdisjoint(leaves):
            needed |= piece.keys
            first.append(piece)
        else:
            later.append(piece)
    return [*reversed(first), *reversed(later)]


def _lawful(placed: Sequence[Piece], at: Occupancy, overnight: Overnight) -> list[Piece]:
    """As many of the first pieces as leave a state that may last over night."""
    current: IntArray = at.rules.instance.current.copy()
    states: list[IntArray] = []
    for person, cells in enumerate(at.where):
        current[person] = cells[0] if cells else NOWHERE
    for piece in placed:
        current = current.copy()
        for action in piece.actions:
            for go in action:
                current[go.person] = go.destination
        states.append(current)
    for number in range(len(placed), 0, -1):
        if overnight(states[number - 1]):
            return list(placed[:number])
    return []
