"""Orders that take several move windows."""

import numpy as np
import pytest

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.sequence import DAY_MINUTES, Sequence
from allocator.model.shapes import Count
from allocator.model.vocabulary import Level
from allocator.solver.order.release import rank_departures
from allocator.solver.order.sequence import order_moves
from tests.solver.order_oracle import replay
from tests.solver.random_moves import array, bare_instance, plain_facts, random_moves


def _order(instance: Instance, target: list[int], **fields: object) -> Sequence:
    facts = plain_facts(instance, **fields)  # type: ignore[arg-type]
    sequence = order_moves(instance, np.array(target, dtype=np.int64), facts)
    assert replay(instance, facts, sequence) == []
    return sequence


def _starts(sequence: Sequence) -> list[tuple[int, int]]:
    """Day and minute of the day of each batch."""
    return [divmod(batch.start_minute, DAY_MINUTES) for batch in sequence.batches]


def _sleeping_elsewhere(sequence: Sequence) -> list[str]:
    """People who spend a night between two windows in a temporary place."""
    found: list[str] = []
    waiting: set[str] = set()
    for window in sequence.windows:
        for step in (step for batch in window for step in batch.steps):
            (waiting.add if step.is_temporary else waiting.discard)(step.person_id)
        found += sorted(waiting)
    return found


def test_a_chain_goes_on_in_the_next_window_from_its_free_end() -> None:
    instance = bare_instance([1] * 6, [0, 1, 2, 3, 4])
    sequence = _order(instance, [1, 2, 3, 4, 5], window_minutes=60)
    assert _starts(sequence) == [(0, 0), (0, 30), (1, 0), (1, 30), (2, 0)]
    assert [step.person_id for step in sequence.steps] == ["p4", "p3", "p2", "p1", "p0"]
    assert (len(sequence.windows), sequence.minutes) == (3, 2 * DAY_MINUTES + 30)
    assert not sequence.fits_window


def test_a_swap_is_never_cut_by_the_night() -> None:
    """A chain of two and a swap of three batches: after the swap no window has room for both."""
    instance = bare_instance([1] * 6, [0, 1, 2, 3])
    buffers = array(0, 0, 0, 0, 0, 1)
    sequence = _order(
        instance, [1, 0, 3, 4], window_minutes=90, escort_officers=2, buffer_places=buffers
    )
    assert len(sequence.windows) == 2
    assert sequence.temporary_steps == 1
    assert _sleeping_elsewhere(sequence) == []


def test_moves_that_hang_together_for_longer_than_a_window_are_left_out() -> None:
    instance = bare_instance([1, 1, 0, 1, 1], [0, 1, 3])
    buffers = array(0, 0, 1, 0, 0)
    sequence = _order(
        instance, [1, 0, 4], window_minutes=60, buffer_places=buffers, escort_officers=2
    )
    assert sequence.left_out == ("p0", "p1")
    assert "a move window of more than 60 minutes" in sequence.hindrances[0].missing
    assert [step.person_id for step in sequence.steps] == ["p2"]


def test_a_swap_takes_two_batches_where_both_wait() -> None:
    """The same with more officers: p0 waits in the buffer and p1 where p2 is to come later."""
    instance = bare_instance([1, 1, 0, 1, 1], [0, 1, 3])
    buffers = array(0, 0, 1, 0, 0)
    sequence = _order(instance, [1, 0, 4], window_minutes=60, buffer_places=buffers)
    assert (sequence.left_out, sequence.temporary_steps) == ((), 2)
    assert (len(sequence.windows), sequence.temporary_bound) == (2, 1)


def test_two_rings_that_share_a_cell_are_cut_into_two_nights() -> None:
    """Six moves and one wait take seven batches; four fit. Over night each ring is whole."""
    instance = bare_instance([2, 1, 1, 1, 1, 1], [0, 1, 2, 0, 3, 4])
    sequence = _order(instance, [1, 2, 0, 3, 4, 0], window_minutes=120, escort_officers=2)
    assert (sequence.left_out, sequence.temporary_steps) == ((), 2)
    assert [len(window) for window in sequence.windows] == [4, 4]
    assert _sleeping_elsewhere(sequence) == []


@pytest.mark.parametrize(
    ("officers", "places", "waits"),
    [(4, 2, 2), (6, 3, 2), (2, 2, None), (4, 1, None)],
)
def test_a_ring_too_long_for_one_free_place_is_made_with_two(
    officers: int, places: int, waits: int | None
) -> None:
    """Eight people in a ring: nine batches with one who waits, five with two opposite each other.

    A move takes two officers, and two moves at a time take two places to wait in.
    """
    instance = bare_instance([*[1] * 8, 0], list(range(8)))
    ring = [*range(1, 8), 0]
    buffers = array(*[0] * 8, places)
    sequence = _order(
        instance, ring, window_minutes=150, escort_officers=officers, buffer_places=buffers
    )
    if waits is None:
        assert len(sequence.left_out) == 8
    else:
        assert (sequence.left_out, sequence.temporary_steps) == ((), waits)
        assert [len(batch.steps) for batch in sequence.batches] == [2] * 5
        assert sequence.temporary_bound == 1


def test_a_shortened_ring_is_kept_beside_one_that_cannot_be_shortened() -> None:
    """Rings of eight and of six in facilities of their own; the ring of six has nowhere to wait."""
    instance = bare_instance([*[1] * 8, 0, *[1] * 6], list(range(8)) + list(range(9, 15)))
    plan = [*range(1, 8), 0, *range(10, 15), 9]
    sequence = _order(
        instance, plan, window_minutes=150, escort_officers=4,
        buffer_places=array(*[0] * 8, 2, *[0] * 6), facility=array(*[0] * 9, *[1] * 6),
        facilities=("F", "G"), holding=(None, None),
    )  # fmt: skip
    assert sequence.left_out == tuple(sorted(f"p{k}" for k in range(8, 14)))
    assert sequence.temporary_steps == 2


def test_rings_behind_one_that_was_made_are_ordered_whole_and_with_more_waiting() -> None:
    """A ring of four through two double cells, each of which is in a ring of eight as well.

    All twenty moves hang together, at two a batch for longer than five batches. Rounds, one move
    after the other, make the ring of four; then the others share nothing, and two wait in each.
    """
    start = [0, 2, 1, 3, 0, *range(4, 11), 1, *range(11, 18)]
    instance = bare_instance([2, 2, *[1] * 16, 0], start)
    plan = [2, 1, 3, 0, *range(4, 11), 0, *range(11, 18), 1]
    sequence = _order(instance, plan, window_minutes=150, buffer_places=array(*[0] * 18, 2))
    assert (sequence.left_out, sequence.temporary_steps) == ((), 5)
    assert [len(window) for window in sequence.windows] == [5, 5, 5]
    assert _sleeping_elsewhere(sequence) == []


def test_a_ring_that_no_window_is_long_enough_for_is_named_as_a_ring() -> None:
    """Five people and a wait are six batches; the two beside them are not held up."""
    instance = bare_instance([1] * 9, [0, 1, 2, 3, 4, 5, 6])
    sequence = _order(instance, [1, 2, 3, 4, 0, 6, 5], window_minutes=150, escort_officers=2)
    assert sequence.left_out == ("p0", "p1", "p2", "p3", "p4")
    (ring,) = sequence.hindrances
    assert set(ring.person_ids) == set(sequence.left_out)
    assert "a move window of more than 150 minutes" in ring.missing
    assert "a free buffer cell" in ring.missing


def test_the_shortest_chain_behind_somebody_who_stays_is_left_out() -> None:
    """p0 keeps a bed of c0: of p1 and p2, who come there, p2 leaves a cell that nobody wants.

    p1 leaves c1, to which p3 comes, and so on to p5.
    """
    instance = bare_instance([2, 1, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5])
    sequence = _order(instance, [-1, 0, 0, 1, 3, 4])
    assert (sequence.left_out, sequence.left_out_bound) == (("p2",), 1)
    assert sequence.hindrances[0].missing == "room at c0, where p0 stays"
    assert sequence.hindrances[0].others == ("p0",)


def test_a_window_shorter_than_a_move_leaves_everybody_out() -> None:
    sequence = _order(bare_instance([1, 1, 1, 1], [0, 1]), [2, 3], window_minutes=29)
    assert (sequence.left_out, sequence.batches) == (("p0", "p1"), ())


def test_whoever_is_where_a_rule_is_broken_goes_in_the_first_window() -> None:
    """p3 and p4 are two in a cell for one; p3 leaves it, after p2 has made room."""
    instance = bare_instance([1] * 8, [0, 1, 2, 3, 3])
    sequence = _order(instance, [4, 5, 6, 2, 3], window_minutes=60, escort_officers=2)
    assert [step.person_id for step in sequence.steps] == ["p2", "p3", "p0", "p1"]
    assert len(sequence.windows) == 2


def test_no_night_breaks_a_hard_rule_that_may_be_broken_on_the_way() -> None:
    """R20 is no rule of the way: at most one of p0, p1 on landing 1, where p1 is and p0 goes."""
    cap = Count(
        RuleId.UNIT_GROUP_CAP, array(0, 1), array(1, 1), Level.LANDING, array(1), array(0), array(1)
    )
    instance = bare_instance([1] * 4, [0, 2], (cap,), [0, 0, 1, 1])
    fields = {"window_minutes": 30, "escort_officers": 2}
    sequence = _order(instance, [3, 1], **fields)
    assert [step.person_id for step in sequence.steps] == ["p1", "p0"]
    assert len(sequence.windows) == 2
    assert not sequence.left_out


@pytest.mark.parametrize("seed", range(2000, 2020))
def test_random_orders_in_short_windows_are_safe_and_nobody_sleeps_elsewhere(seed: int) -> None:
    instance, facts, target = random_moves(seed, 5, 6)
    short = plain_facts(
        instance, holding=facts.holding, buffer_places=facts.buffer_places,
        holding_limit_minutes=6000, escort_officers=2, window_minutes=90,
    )  # fmt: skip
    sequence = order_moves(instance, target, short)
    assert replay(instance, short, sequence) == []
    assert _sleeping_elsewhere(sequence) == []
    assert all(minute + 30 <= 90 for _, minute in _starts(sequence))


def test_departures_are_ranked_by_the_moves_that_they_allow() -> None:
    """p3's cell starts a chain of two, p4's lets one move."""
    instance = bare_instance([1] * 5, [0, 1, 2, 3, 4])
    target = array(1, 3, 4, -1, -1)
    assert rank_departures(instance, target, plain_facts(instance)) == (("p3", 2), ("p4", 1))
