"""Each group of people in the way that has fewer temporary steps."""

import numpy as np
import pytest

from allocator.solver.order.attempt import Attempt, Block, Stuck
from allocator.solver.order.batches import Layout, lay_out
from allocator.solver.order.escorts import Action, Go
from allocator.solver.order.mixture import Mixture, Way
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules
from tests.solver.random_moves import bare_instance, plain_facts

TARGETS = {0: 1, 1: 0, 2: 3, 3: 2}  # two pairs change cells; c4 and c5 are free


def _part(*steps: str) -> tuple[Action, ...]:
    """One person from a cell to another in each action: ``"0 0 4"``."""
    return tuple((Go(*map(int, step.split())),) for step in steps)


ROUNDS = [
    _part("0 0 4", "1 1 5", "0 4 1", "1 5 0"),
    _part("2 2 4", "3 3 5", "2 4 3", "3 5 2"),
]
FIRST, SECOND = _part("0 0 4", "1 1 0", "0 4 1"), _part("2 2 4", "3 3 2", "2 4 3")


def _mixed(
    whole: list[tuple[Action, ...]],
    stuck: set[int],
    window_minutes: int,
    home: frozenset[int] = frozenset(),
) -> Way | None:
    instance = bare_instance([1] * 6, [0, 1, 2, 3])
    facts = plain_facts(instance, window_minutes=window_minutes, escort_officers=2)
    rules = Rules(instance, facts, np.array([1, 0, 3, 2], dtype=np.int64))
    start = Occupancy(rules)
    groups = [Stuck({p: TARGETS[p] for p in stuck}, home, start)] if stuck else []
    attempt = Attempt([Block(part, start) for part in whole], groups, 1)

    def laid_out(attempt: Attempt) -> Layout:
        return lay_out(attempt, rules, TARGETS, lambda _: True)

    return Mixture(rules, TARGETS, attempt, ROUNDS).best(laid_out)


def test_every_group_keeps_the_order_with_fewer_steps() -> None:
    found = _mixed([FIRST, SECOND], set(), 540)
    assert found is not None
    assert found[0].rank == (0, 2)
    assert [block.actions for block in found[0].blocks] == [FIRST, SECOND]


@pytest.mark.parametrize("home", [(), (3,), (2, 3)])
def test_a_group_without_an_order_stays_in_rounds_and_no_other_does(home: tuple[int, ...]) -> None:
    """Whoever its best attempt brings home too: that attempt is no part of the order."""
    found = _mixed([FIRST], {2, 3}, 540, frozenset(home))
    assert found is not None
    assert (found[0].rank, found[0].bound) == ((0, 3), 1)
    assert len(found[1].batches) == 7


def test_whoever_would_wait_where_another_group_is_stays_in_rounds() -> None:
    """The cell is never free, neither before the other group has moved nor after it."""
    found = _mixed([_part("0 0 2", "1 1 0", "0 2 1")], {2, 3}, 540)
    assert found is None


@pytest.mark.parametrize(("window", "steps"), [(120, 2), (60, None)])
def test_what_fits_into_no_window_is_not_taken(window: int, steps: int | None) -> None:
    found = _mixed([FIRST, SECOND], set(), window)
    assert (None if found is None else found[0].rank[1]) == steps
