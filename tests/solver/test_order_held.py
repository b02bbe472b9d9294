"""Orders that begin with somebody in a holding location (R29)."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.model.instance import Instance
from allocator.model.sequence import Sequence
from allocator.solver.order.sequence import order_moves
from tests.solver.order_oracle import replay
from tests.solver.random_moves import array, bare_instance, plain_facts, random_moves


def _order(instance: Instance, target: list[int], **fields: object) -> Sequence:
    facts = plain_facts(
        instance,
        is_held=instance.current < 0,
        holding="F-CSWAP",
        **fields,
    )
    sequence = order_moves(instance, np.array(target, dtype=np.int64), facts)
    assert replay(instance, facts, sequence) == []
    return sequence


def _people(sequence: Sequence) -> list[str]:
    return [step.person_id for step in sequence.steps]


CHAIN = [0, 1, 2, 3]  # p0 to p3 move one cell on, into c4, one after the other


def test_whoever_is_held_goes_before_all_others() -> None:
    """They came last, as arrivals do: after two hours, where one is allowed."""
    instance = bare_instance([1] * 6, [*CHAIN, -1])
    sequence = _order(instance, [1, 2, 3, 4, 5], escort_officers=2)
    assert _people(sequence) == ["p4", "p3", "p2", "p1", "p0"]


def test_only_what_they_wait_for_is_made_before_them() -> None:
    instance = bare_instance([1] * 8, [*CHAIN, 5, -1])
    sequence = _order(instance, [1, 2, 3, 4, 6, 5], escort_officers=2)
    assert _people(sequence)[:2] == ["p4", "p5"]


def test_whoever_waits_for_little_goes_before_whoever_waits_for_much() -> None:
    """p4 waits for the whole chain, p5 for nobody."""
    instance = bare_instance([1] * 6, [*CHAIN, -1, -1])
    sequence = _order(instance, [1, 2, 3, 4, 0, 5], escort_officers=2)
    assert _people(sequence) == ["p5", "p3", "p2", "p1", "p0", "p4"]


def test_more_officers_are_asked_for_than_the_window_needs() -> None:
    """Five who are held: with two officers for one move at a time the last waits for two hours."""
    instance = bare_instance([1] * 5, [-1] * 5)
    sequence = _order(instance, [0, 1, 2, 3, 4])
    assert [batch.start_minute for batch in sequence.batches] == [0, 30, 60]


def test_in_several_windows_they_go_in_the_first() -> None:
    instance = bare_instance([1] * 7, [*CHAIN, -1, -1])
    sequence = _order(instance, [1, 2, 3, 4, 5, 6], escort_officers=2, window_minutes=60)
    assert set(_people(sequence)[:2]) == {"p4", "p5"}
    assert len(sequence.windows) == 3


@pytest.mark.parametrize("seed", range(60))
def test_nobody_else_is_left_out_for_it(seed: int) -> None:
    instance, facts, target = random_moves(5000 + seed, 5, 6)
    held = replace(facts, is_held=instance.current < 0)
    with_held, without = (order_moves(instance, target, f) for f in (held, facts))
    assert replay(instance, held, with_held) == []
    assert with_held.left_out == without.left_out
    assert with_held.temporary_steps == without.temporary_steps


def test_the_cell_of_somebody_who_waits_for_it_is_not_taken() -> None:
    """p0 and p1 change cells by way of c2, which p2 gets then: that order stays."""
    instance = bare_instance([1, 1, 1], [0, 1, -1])
    facts = plain_facts(instance, is_held=array(0, 0, 1).astype(np.bool_))
    target = np.array([1, 0, 2], dtype=np.int64)
    sequence = order_moves(instance, target, facts)
    assert replay(instance, facts, sequence) == []
    assert sequence.left_out == ()
    assert _people(sequence)[-1] == "p2"
