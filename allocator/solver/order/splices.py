"""Rounds put in earlier, where the free place was elsewhere: what later rounds left behind.

After all rounds the place that is free may be where nobody of the others can go or wait. Before
some round it was elsewhere: the others' rounds are put in there, and the later ones made again
after them, as far as they still can be.

References
----------
.. [1] Hierholzer (1873), closed walks spliced into one another; here a free place is what walks.
"""

from collections.abc import Iterable

from allocator.solver.order.escorts import Action
from allocator.solver.order.patience import Patience
from allocator.solver.order.rounds import Rounds


def remake_rounds(found: Rounds, made: Iterable[tuple[Action, ...]]) -> None:
    """Rounds that were made elsewhere, those of people who still move and where they still can."""
    pending = found.walk.pending
    for actions in made:
        if all(go.person in pending for action in actions for go in action):
            found.remake(actions)


def splice_rounds(found: Rounds, patience: Patience) -> None:
    """Bring more people home, as long as any place among the rounds brings more of them."""
    while found.walk.pending and not patience.is_over:
        if not any(_splice_once(found, patience, one_by_one=way) for way in (True, False)):
            return


def _splice_once(found: Rounds, patience: Patience, *, one_by_one: bool) -> bool:
    """One place, the latest first; True where it brings more people home."""
    left, best = tuple(found.walk.pending), found.rounds
    for number in range(len(best) - 1, -1, -1):
        found.unmake(number)
        found.go_on(left, one_by_one=one_by_one)
        if patience.is_over:
            break
        if len(found.ends) == number:
            continue
        remake_rounds(found, best[number:])
        found.go_on(found.walk.pending, one_by_one=True)
        if len(found.walk.pending) < len(left):
            return True
        found.unmake(number)
    found.unmake(0)
    remake_rounds(found, best)
    return False
