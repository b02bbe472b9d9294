"""Which people and cells a neighbourhood frees."""

import numpy as np

from allocator.solver.cpsat.choice import FREE_PEOPLE, KINDS, choose
from tests.solver.incumbents import incumbent_of
from tests.solver.night_cases import with_budget
from tests.solver.random_moves import array, bare_instance

PEOPLE = 120


def test_where_moves_are_limited_somebody_may_give_one_up() -> None:
    """Else nobody at home could leave: all moves are used."""
    instance = with_budget(bare_instance([1] * PEOPLE, list(range(PEOPLE))), 3)
    moved = instance.current.copy()
    moved[[7, 50, 99]] = moved[[50, 99, 7]]
    inc, rng = incumbent_of(instance), np.random.default_rng(1)
    inc.take(moved)
    for number in range(3 * len(KINDS)):
        free, cells = choose(inc, np.zeros(PEOPLE), rng, number)
        assert np.isin(array(7, 50, 99), free).all()
        assert np.isin(array(7, 50, 99), cells).all()
        assert 3 < len(free) <= FREE_PEOPLE


def test_where_they_are_free_nobody_has_to_be_in_it() -> None:
    instance = bare_instance([1] * PEOPLE, list(range(PEOPLE)))
    moved = instance.current.copy()
    moved[[7, 50, 99]] = moved[[50, 99, 7]]
    inc, rng = incumbent_of(instance), np.random.default_rng(1)
    inc.take(moved)
    chosen = [choose(inc, np.zeros(PEOPLE), rng, number)[0] for number in range(3 * len(KINDS))]
    assert not all(np.isin(array(7, 50, 99), free).any() for free in chosen)
