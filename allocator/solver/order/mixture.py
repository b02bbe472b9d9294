"""Each group of people in the way that has fewer temporary steps: of a whole order, or in rounds.

Groups share nothing that can become too much, so that one group that no window is long enough for
need not bring all others into rounds. What is put together so is tried step by step, since whoever
waits may do so where others go.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from allocator.solver.order.actions import try_action
from allocator.solver.order.attempt import Attempt, Part, blocks_of
from allocator.solver.order.batches import Layout
from allocator.solver.order.knots import find_knots
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules

Way = tuple[Attempt, Layout]


class Mixture:
    """A whole order and rounds of the same people.

    Parameters
    ----------
    whole : an order; groups of it may be stuck. in_rounds : rounds that bring everybody home.
    targets : cell of everybody who moves.
    """

    def __init__(
        self,
        rules: Rules,
        targets: Mapping[int, int],
        whole: Attempt,
        in_rounds: Sequence[Part],
    ) -> None:
        self._rules = rules
        self._targets = targets
        self._whole = [block.actions for block in whole.blocks]
        self._rounds = in_rounds
        knots = find_knots(Occupancy(rules), targets)
        self._knot = {person: at for at, knot in enumerate(knots) for person in knot}
        self._bound = whole.bound
        gained = Counter(self._knots_of(self._rounds))
        gained.subtract(self._knots_of(self._whole))
        stuck = {self._knot[person] for group in whole.stuck for person in group.targets}
        self._better = {knot for knot, steps in gained.items() if steps > 0} - stuck

    def best(self, lay_out: Callable[[Attempt], Layout]) -> Way | None:
        """As many groups in the whole order as fit and have fewer steps there; None for none."""
        better = set(self._better)
        while better:
            lost = set[int]()
            for parts in self._orders(better):
                blocks = blocks_of(self._rules, self._targets, parts)
                if blocks is None:
                    lost |= self._unsafe(parts) & better
                    continue
                attempt = Attempt(blocks, [], self._bound)
                layout = lay_out(attempt)
                if not layout.too_long:
                    return attempt, layout
                lost |= {self._knot[person] for person in layout.too_long} & better
            better -= lost or better
        return None

    def _orders(self, better: set[int]) -> tuple[list[Part], list[Part]]:
        whole = self._only(self._whole, better)
        others = set(self._knot.values()) - better
        rounds = self._only(self._rounds, others)
        return [*whole, *rounds], [*rounds, *whole]

    def _only(self, parts: Iterable[Part], knots: set[int]) -> list[Part]:
        own = (tuple(a for a in part if self._knot[a[0].person] in knots) for part in parts)
        return [part for part in own if part]

    def _knots_of(self, parts: Iterable[Part]) -> Iterable[int]:
        return (self._knot[go.person] for part in parts for action in part for go in action)

    def _unsafe(self, parts: Iterable[Part]) -> set[int]:
        """The group of the first action that is not safe."""
        at = Occupancy(self._rules)
        for action in (action for part in parts for action in part):
            if not try_action(at, action):
                return {self._knot[go.person] for go in action}
        return set()
