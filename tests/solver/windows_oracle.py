"""All orders over several short windows, by trying all: the oracle of what has to be left out.

A window is so many steps, in each of which one person moves, or several at the same time. Over
night everybody is where they were or where the plan wants them.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import Count
from tests.solver.order_oracle import NOWHERE, Cells, Oracle


def without_night_rules(instance: Instance) -> Instance:
    """The instance with what holds on the way alone."""
    return replace(
        instance,
        shapes=tuple(
            shape
            for shape in instance.shapes
            if not (isinstance(shape, Count) and shape.rule is RuleId.UNIT_GROUP_CAP)
        ),
    )


class Windows:
    """Orders of one instance and plan in windows of some steps.

    Parameters
    ----------
    plan : cell of each person in the plan. steps : of one window.
    together : people who move in one step at the most.
    """

    def __init__(
        self, instance: Instance, facts: MoveFacts, plan: Cells, steps: int, together: int = 1
    ) -> None:
        self._way = Oracle(without_night_rules(instance), facts, plan)
        self._night = Oracle(instance, facts, plan)
        self._plan, self._steps, self._together = plan, steps, together

    def fewest_left_out(self) -> int:
        """People of the plan who stay in the best part of it that has an order."""
        start = self._way.start
        movers = [p for p, c in enumerate(self._plan) if c != start[p]]
        for size in range(len(movers) + 1):
            for staying in combinations(movers, size):
                end = tuple(start[p] if p in staying else c for p, c in enumerate(self._plan))
                if self.has_order(end):
                    return size
        raise AssertionError("nobody moving is an order")

    def has_order(self, end: Cells) -> bool:
        """True where some order leads to this end, window after window."""
        way, night = self._narrowed(self._way, end), self._narrowed(self._night, end)
        if not (way.allows(end) and night.allows(end)):
            return False
        nights, todo = {way.start}, [way.start]
        while todo and end not in nights:
            evening = {state for state in self._evenings(way, todo.pop()) if night.allows(state)}
            todo += sorted(evening - nights)
            nights |= evening
        return end in nights

    def _narrowed(self, oracle: Oracle, end: Cells) -> Oracle:
        """The oracle of an end, in which no more is allowed than the whole plan has."""
        found = Oracle(oracle.instance, oracle.facts, end)
        found.limit_to(oracle)
        return found

    def _evenings(self, way: Oracle, morning: Cells) -> Iterator[Cells]:
        """States that one window leads to and in which nobody waits."""
        stops = way.stops(way.movers)
        level, seen = {morning}, {morning}
        for _ in range(self._steps):
            level = {after for state in level for after in self._steps_from(way, state, stops)}
            level -= seen
            seen |= level
        for state in seen:
            if all(c in {way.start[p], way.target[p]} for p, c in enumerate(state)):
                yield state

    def _steps_from(
        self, way: Oracle, state: Cells, stops: dict[int, tuple[int, ...]]
    ) -> Iterator[Cells]:
        ways: dict[int, list[int]] = {}
        for p in way.movers:
            is_home, waits = state[p] == way.target[p], state[p] != way.start[p]
            can_wait = way.start[p] != NOWHERE and not waits
            cells = () if is_home else (way.target[p], *(stops[p] if can_wait else ()))
            ways[p] = [cell for cell in cells if cell != state[p]]
        for size in range(1, self._together + 1):
            for people in combinations(way.movers, size):
                for cells in product(*(ways[p] for p in people)):
                    moves = dict(zip(people, cells, strict=True))
                    if way.is_safe_batch(state, moves):
                        yield tuple(moves.get(q, c) for q, c in enumerate(state))
