"""Whoever is between cells when the order begins leaves the holding location first (R29).

An order is made for the fewest temporary steps, with arrivals last. Here it is cut wherever nobody
waits, and what people who are held need not wait for is made after them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from allocator.model.moving import MoveFacts
from allocator.solver.order.actions import carry_out, focused_on, try_action, undo_action
from allocator.solver.order.attempt import Attempt, Part, blocks_of
from allocator.solver.order.escorts import Action
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules
from allocator.solver.order.windows import parts_of, stretches_of

MOST_ACTIONS = 100_000


def held_first(rules: Rules, targets: Mapping[int, int], attempt: Attempt) -> Attempt:
    """The attempt with everybody who is held as early as the moves they have to wait for allow."""
    if not any(rules.facts.is_held[person] for person in targets):
        return attempt
    start = focused_on(Occupancy(rules), attempt.actions)
    order = _Order(start, _parts(start.copy(), attempt))
    order.bring_forward()
    blocks = blocks_of(rules, targets, order.parts)
    return attempt if blocks is None else replace(attempt, blocks=blocks)


def _parts(at: Occupancy, attempt: Attempt) -> list[Part]:
    """The shortest stretches after which nobody waits, with people who are held early in theirs."""
    found: list[Part] = []
    for part in (part for block in attempt.blocks for part in parts_of(block)):
        order = _Order(at, [(action,) for action in part])
        order.bring_forward()
        found += stretches_of([action for single in order.parts for action in single])
        carry_out(at, part)
    return found


def is_any_held(facts: MoveFacts, part: Iterable[Action]) -> bool:
    """True where somebody moves who starts in a holding location."""
    return any(facts.is_held[go.person] for action in part for go in action)


def last_held(facts: MoveFacts, batches: Sequence[Sequence[Action]]) -> int:
    """The last batch in which somebody moves who starts in a holding location; 0 for none."""
    return max((at for at, batch in enumerate(batches) if is_any_held(facts, batch)), default=0)


class _Order:
    """Parts of an order from a state. `left` : actions that may be tried."""

    def __init__(self, start: Occupancy, parts: Sequence[Part]) -> None:
        self.parts = list(parts)
        self._start = start
        self._left = MOST_ACTIONS

    def bring_forward(self) -> None:
        """Put all that people who are held need not wait for after them, where that is safe.

        Whoever waits for the least goes first of all.
        """
        facts, parts = self._start.rules.facts, self.parts
        waits: list[tuple[int, Part]] = []
        for part in (part for part in parts if is_any_held(facts, part)):
            self.parts = list(parts)
            waits.append((self._bring_forward(part), part))
        self.parts = list(parts)
        for _, part in sorted(waits, key=lambda found: -found[0]):
            self._bring_forward(part)

    def _bring_forward(self, part: Part) -> int:
        """How many parts it waits for."""
        number = self.parts.index(part)
        at = self._start.copy()
        carry_out(at, (action for p in self.parts[:number] for action in p))
        needed, later = [part], list[Part]()
        for own in reversed(self.parts[:number]):
            for action in reversed(own):
                undo_action(at, action)
            if _is_shared(own, needed) or not self._is_safe(at, [*needed, own, *later]):
                needed.insert(0, own)
            else:
                later.insert(0, own)
        self.parts[: number + 1] = [*needed, *later]
        return len(needed) - 1

    def _is_safe(self, at: Occupancy, parts: Iterable[Part]) -> bool:
        """True where everything can be made one after the other; nothing is changed."""
        actions = [action for part in parts for action in part]
        self._left -= len(actions)
        made: list[Action] = []
        for action in actions if self._left >= 0 else ():
            if not try_action(at, action):
                break
            made.append(action)
        for action in reversed(made):
            undo_action(at, action)
        return len(made) == len(actions)


def _is_shared(own: Part, needed: Iterable[Part]) -> bool:
    """True where somebody goes on from where this brings them."""
    people = {go.person for action in own for go in action}
    return any(go.person in people for part in needed for action in part for go in action)
