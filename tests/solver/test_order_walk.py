"""A walk looks at the cells that people may go to or wait in, and goes nowhere else."""

import numpy as np

from allocator.solver.order.escorts import Go
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.rules import Rules
from allocator.solver.order.walk import Walk
from tests.solver.random_moves import array, bare_instance, plain_facts, random_moves


def test_an_action_made_elsewhere_goes_only_where_is_looked() -> None:
    """Cell 2 is full: a rule that nobody may break there is not kept count of without a stop."""
    instance = bare_instance([1, 1, 1, 1], [0, 1, 2])
    rules = Rules(instance, plain_facts(instance), array(3, 1, 2))
    for stops, into in (({}, 2), ({0: (1,)}, 2), ({}, 1), ({0: (1,)}, 1)):
        walk = Walk(Occupancy(rules), rules, {0: 3}, stops, Patience(1_000))
        assert not walk.make((Go(0, 0, into),))
    walk = Walk(Occupancy(rules), rules, {0: 3}, {}, Patience(1_000))
    assert walk.make((Go(0, 0, 3),))
    assert walk.pending == []


def test_a_stop_that_is_looked_at_can_be_made() -> None:
    instance = bare_instance([1, 1, 1, 1], [0, 1, -1])
    rules = Rules(instance, plain_facts(instance), array(3, 1, -1))
    without, with_stop = (
        Walk(Occupancy(rules), rules, {0: 3}, stops, Patience(1_000)) for stops in ({}, {0: (2,)})
    )
    assert not without.make((Go(0, 0, 2),))
    assert with_stop.make((Go(0, 0, 2),))
    assert with_stop.waiting == {0}


def test_what_entering_would_break_is_what_entering_breaks() -> None:
    """On random prisons of every shape; asking changes nothing."""
    broken = 0
    for seed in range(200):
        instance, facts, target = random_moves(seed)
        occupancy = Occupancy(Rules(instance, facts, target))
        for person in np.flatnonzero(target >= 0).tolist():
            for cell in range(instance.n_cells):
                if cell in occupancy.where[person]:
                    continue
                before = dict(occupancy.amounts)
                told = occupancy.would_break(person, cell)
                assert {k: n for k, n in occupancy.amounts.items() if n} == {
                    k: n for k, n in before.items() if n
                }
                assert set(told) == set(occupancy.enter(person, cell)), (seed, person, cell)
                occupancy.leave(person, cell)
                broken += bool(told)
    assert broken > 100
