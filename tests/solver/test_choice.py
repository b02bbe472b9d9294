"""Which people and cells a neighbourhood frees."""

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.cpsat.choice import FREE_PEOPLE, KINDS, choose
from tests.solver.incumbents import incumbent_of
from tests.solver.night_cases import with_budget
from tests.solver.random_moves import array, bare_instance

PEOPLE = 120
MOVED = array(7, 50, 99)


def home(*, limited: bool) -> Instance:
    """Everybody in a cell of their own, and a limit of three moves."""
    instance = bare_instance([1] * PEOPLE, list(range(PEOPLE)))
    return with_budget(instance, 3) if limited else instance


def neighbourhoods(instance: Instance) -> list[tuple[IntArray, IntArray]]:
    """People and cells of each kind, three times, when three have gone round in a ring."""
    moved = instance.current.copy()
    moved[MOVED] = moved[np.roll(MOVED, -1)]
    inc, rng = incumbent_of(instance), np.random.default_rng(1)
    inc.take(moved)
    return [choose(inc, np.zeros(PEOPLE), rng, number) for number in range(3 * len(KINDS))]


def test_where_moves_are_limited_somebody_may_give_one_up() -> None:
    """Else nobody at home could leave: all moves are used."""
    for free, cells in neighbourhoods(home(limited=True)):
        assert np.isin(MOVED, free).all()
        assert np.isin(MOVED, cells).all()
        assert 3 < len(free) <= FREE_PEOPLE


def test_where_they_are_free_nobody_has_to_be_in_it() -> None:
    found = neighbourhoods(home(limited=False))
    assert not all(np.isin(MOVED, free).any() for free, _ in found)
