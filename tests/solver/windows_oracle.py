"""All orders over several short windows, by trying all: the oracle of what has to be left out.

One person moves at a time, so that a window is so many steps. Over night everybody is where they
were or where the plan wants them.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

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
    """

    def __init__(self, instance: Instance, facts: MoveFacts, plan: Cells, steps: int) -> None:
        self._way = Oracle(without_night_rules(instance), facts, plan)
        self._night = Oracle(instance, facts, plan)
        self._plan, self._steps = plan, steps

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
        for p in way.movers:
            is_home, waits = state[p] == way.target[p], state[p] != way.start[p]
            can_wait = way.start[p] != NOWHERE and not waits
            cells = () if is_home else (way.target[p], *(stops[p] if can_wait else ()))
            for cell in cells:
                if cell != state[p] and way.is_safe_batch(state, {p: cell}):
                    yield tuple(cell if q == p else c for q, c in enumerate(state))
