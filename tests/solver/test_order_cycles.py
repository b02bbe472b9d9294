"""Known knots of moves, small enough to be checked by hand."""

import numpy as np
import pytest

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.sequence import Sequence
from allocator.model.shapes import Alone, Apart, Count, Eligible, OneClass
from allocator.model.vocabulary import Level
from allocator.solver.order.sequence import order_moves
from tests.solver.order_oracle import replay
from tests.solver.random_moves import SIGNED, array, bare_instance, plain_facts

Route = list[tuple[int, str, str, bool]]


def _order(instance: Instance, target: list[int], **fields: object) -> Sequence:
    facts = plain_facts(instance, **fields)  # type: ignore[arg-type]
    sequence = order_moves(instance, np.array(target, dtype=np.int64), facts)
    assert replay(instance, facts, sequence) == []
    return sequence


def _route(sequence: Sequence) -> Route:
    """Minute, person, destination and whether it is temporary, step by step."""
    return [
        (batch.start_minute, step.person_id, step.to_place, step.is_temporary)
        for batch in sequence.batches
        for step in batch.steps
    ]


def test_a_chain_goes_from_its_free_end() -> None:
    sequence = _order(bare_instance([1, 1, 1], [0, 1]), [1, 2])
    assert _route(sequence) == [(0, "p1", "c2", False), (30, "p0", "c1", False)]
    assert (sequence.temporary_bound, sequence.minutes) == (0, 60)


def test_two_single_cells_cannot_swap_and_the_ring_is_named() -> None:
    sequence = _order(bare_instance([1, 1], [0, 1]), [1, 0])
    assert sequence.batches == ()
    assert sequence.left_out == ("p0", "p1")
    (hindrance,) = sequence.hindrances
    assert hindrance.person_ids == ("p0", "p1")
    assert hindrance.places == ("c0", "c1")
    assert hindrance.rules == (RuleId.CAPACITY,)
    assert hindrance.missing == (
        "a free buffer cell in F that every rule leaves open to one of them, or a holding "
        "location (CSWAP) there"
    )


def test_two_single_cells_swap_over_a_buffer_cell() -> None:
    instance = bare_instance([1, 1, 0], [0, 1])
    sequence = _order(instance, [1, 0], buffer_places=array(0, 0, 1))
    assert _route(sequence) == [
        (0, "p0", "c2", True),
        (30, "p1", "c0", False),
        (60, "p0", "c1", False),
    ]
    assert sequence.temporary_bound == 1


def test_a_buffer_cell_that_is_closed_to_the_one_is_used_by_the_other() -> None:
    closed = Eligible(RuleId.SPECIAL_NEEDS, array(0), array(2))
    instance = bare_instance([1, 1, 0], [0, 1], (closed,))
    sequence = _order(instance, [1, 0], buffer_places=array(0, 0, 1))
    assert _route(sequence)[0] == (0, "p1", "c2", True)


def test_two_single_cells_swap_over_the_holding_location() -> None:
    sequence = _order(bare_instance([1, 1], [0, 1]), [1, 0], holding="F-CSWAP")
    assert _route(sequence) == [
        (0, "p0", "F-CSWAP", True),
        (30, "p1", "c0", False),
        (60, "p0", "c1", False),
    ]


@pytest.mark.parametrize(
    ("limit", "temporary"), [(60, 1), (59, 2), (30, 2), (29, 3), (0, 3)], ids=str
)
def test_the_shorter_the_limit_of_the_holding_location_the_more_wait(
    limit: int, temporary: int
) -> None:
    """Three in a ring: one who waits does so for two batches, two for one batch each."""
    instance = bare_instance([1, 1, 1], [0, 1, 2])
    sequence = _order(instance, [1, 2, 0], holding="F-CSWAP", holding_limit_minutes=limit)
    assert not sequence.left_out
    assert sequence.temporary_steps == temporary
    assert sequence.temporary_bound == 1
    assert _longest_wait(sequence) <= limit


@pytest.mark.parametrize("people", [9, 24, 42])
def test_of_a_long_ring_a_third_waits_in_the_holding_location(people: int) -> None:
    """Who waits does so for two batches, in which two others go straight."""
    instance = bare_instance([1] * people, list(range(people)))
    sequence = _order(instance, [*range(1, people), 0], holding="F-CSWAP")
    assert not sequence.left_out
    assert sequence.temporary_steps == people // 3
    assert _longest_wait(sequence) <= 60


def test_of_many_in_cells_for_two_most_go_straight() -> None:
    """Everybody has to leave, and half could even if all others had to wait."""
    rng, people = np.random.default_rng(1), 50
    instance = bare_instance([2] * (people // 2), [p // 2 for p in range(people)])
    target = [int(bed) // 2 for bed in rng.permutation(people)]
    sequence = _order(instance, target, holding="F-CSWAP")
    assert not sequence.left_out
    assert 0 < sequence.temporary_steps <= people // 2


def _longest_wait(sequence: Sequence) -> int:
    since: dict[str, int] = {}
    longest = 0
    for minute, person, place, _ in _route(sequence):
        if person in since:
            longest = max(longest, minute - since.pop(person))
        if place == "F-CSWAP":
            since[person] = minute + 30
    assert not since
    return longest


def test_a_holding_location_that_two_officers_serve_in_turn_needs_its_time() -> None:
    """One move at a time: two who wait at once wait for a batch each at the least."""
    instance = bare_instance([1, 1], [0, 1])
    fields = {"holding": "F-CSWAP", "escort_officers": 2}
    assert _order(instance, [1, 0], holding_limit_minutes=30, **fields).temporary_steps == 1
    sequence = _order(instance, [1, 0], holding_limit_minutes=29, **fields)
    assert sequence.left_out == ("p0", "p1")
    assert "longer than 29 minutes" in sequence.hindrances[0].missing


def test_five_in_a_ring_over_one_buffer_cell() -> None:
    instance = bare_instance([1, 1, 1, 1, 1, 0], [0, 1, 2, 3, 4])
    sequence = _order(instance, [1, 2, 3, 4, 0], buffer_places=array(0, 0, 0, 0, 0, 1))
    assert (sequence.temporary_steps, sequence.temporary_bound) == (1, 1)
    assert len(sequence.steps) == 6


def test_an_empty_cell_that_nobody_gets_is_used_before_one_with_company() -> None:
    instance = bare_instance([1, 1, 2, 1], [0, 1, 2])
    sequence = _order(instance, [1, 0, 2])
    assert _route(sequence)[0] == (0, "p0", "c3", True)


def test_an_arrival_does_not_take_the_cell_over_which_two_swap() -> None:
    instance = bare_instance([1, 1, 1], [0, 1, -1])
    sequence = _order(instance, [1, 0, 2])
    assert _route(sequence) == [
        (0, "p0", "c2", True),
        (30, "p1", "c0", False),
        (60, "p0", "c1", False),
        (90, "p2", "c2", False),
    ]


def test_one_of_a_pair_leaves_the_landing_before_the_other_comes() -> None:
    apart = Apart(RuleId.NON_ASSOCIATION, array(0), array(1), Level.LANDING)
    instance = bare_instance([1, 1, 1, 1], [0, 3], (apart,), [0, 0, 1, 1])
    sequence = _order(instance, [2, 1])
    assert sequence.left_out == ("p0", "p1")
    assert sequence.hindrances[0].rules == (RuleId.NON_ASSOCIATION,)
    sequence = _order(instance, [2, 1], holding="F-CSWAP")
    assert _route(sequence) == [
        (0, "p0", "F-CSWAP", True),
        (30, "p1", "c1", False),
        (60, "p0", "c2", False),
    ]


def test_a_unit_of_one_class_empties_before_another_class_comes() -> None:
    classes = OneClass(RuleId.REMAND_SENTENCED, array(0, 1, 2), array(0, 0, 1), Level.LANDING)
    instance = bare_instance([2, 2, 2], [0, 0, 2], (classes,), [0, 1, 2])
    sequence = _order(instance, [1, 1, 0])
    minute = {person: at for at, person, _, _ in _route(sequence)}
    assert sequence.temporary_steps == 0
    assert minute["p2"] > max(minute["p0"], minute["p1"])


def test_two_units_of_one_class_each_change_over_the_smaller_number() -> None:
    classes = OneClass(
        RuleId.REMAND_SENTENCED, array(0, 1, 2, 3, 4), array(0, 0, 1, 1, 1), Level.LANDING
    )
    instance = bare_instance([3, 3], [0, 0, 1, 1, 1], (classes,), [0, 1])
    sequence = _order(instance, [1, 1, 0, 0, 0], holding="F-CSWAP", holding_limit_minutes=600)
    assert (sequence.temporary_steps, sequence.temporary_bound) == (2, 2)
    assert {step.person_id for step in sequence.steps if step.is_temporary} == {"p0", "p1"}


def test_somebody_who_must_be_alone_waits_for_the_cell_to_be_empty() -> None:
    alone = Alone(RuleId.SINGLE_CELL, array(0))
    instance = bare_instance([2, 1, 2], [1, 0], (alone,))
    assert [person for _, person, _, _ in _route(_order(instance, [0, 2]))] == ["p1", "p0"]


def test_two_go_together_into_a_cell_in_which_nobody_may_be_alone() -> None:
    low = Count(
        RuleId.NO_SOLITARY, array(0, 1), array(1, 1), Level.CELL, array(2), array(2), array(2)
    )
    instance = bare_instance([1, 1, 2], [0, 1], (low,))
    sequence = _order(instance, [2, 2])
    assert [len(batch.steps) for batch in sequence.batches] == [2]
    assert _order(instance, [2, 2], escort_officers=3).left_out == ("p0", "p1")


def test_a_breach_of_the_start_may_last_and_never_grow() -> None:
    """Three in a cell for two at the start; the one who comes waits for two to leave."""
    instance = bare_instance([2, 1, 1, 1], [0, 0, 0, 3])
    sequence = _order(instance, [1, 2, 0, 0])
    minute = {person: at for at, person, _, _ in _route(sequence)}
    assert minute["p3"] > min(minute["p0"], minute["p1"])


def test_batches_hold_as_many_as_the_officers_escort() -> None:
    instance = bare_instance([1] * 10, [0, 1, 2, 3, 4])
    target = [5, 6, 7, 8, 9]
    sizes = [len(b.steps) for b in _order(instance, target, escort_officers=5).batches]
    assert sizes == [2, 2, 1]
    special = array(0, 0, 0, 0, 0, 3, 0, 0, 0, 5)
    sequence = _order(instance, target, escort_officers=5, cell_officers=special)
    assert {s.person_id: s.officers for s in sequence.steps} == {
        "p0": 3, "p1": 2, "p2": 2, "p3": 2, "p4": 5,
    }  # fmt: skip
    assert [sum(s.officers for s in b.steps) for b in sequence.batches] == [5, 4, 5]


def test_a_move_that_takes_more_officers_than_there_are_is_left_out() -> None:
    instance = bare_instance([1] * 4, [0, 1])
    officers = array(4, 0)
    sequence = _order(instance, [2, 3], escort_officers=3, person_officers=officers)
    assert sequence.left_out == ("p0",)
    assert sequence.hindrances[0].missing == (
        "4 officers for one move; the facility has 3 for escorts"
    )


def test_a_batch_of_a_facility_escorts_one_class() -> None:
    instance = bare_instance([1] * 8, [0, 1, 2, 3])
    target = [4, 5, 6, 7]
    sequence = _order(
        instance, target, person_class=array(0, 1, 0, 1), escort_officers=20,
        is_restrictive=np.array([False] * 6 + [True] + [False]),
    )  # fmt: skip
    together = [[step.person_id for step in batch.steps] for batch in sequence.batches]
    assert sorted(together) == [["p0"], ["p1", "p3"], ["p2"]]
    two = _order(
        instance, target, person_class=array(0, 1, 0, 1), escort_officers=20,
        facility=array(0, 1, 0, 1, 0, 1, 0, 1), facilities=("F", "G"), holding=(None, None),
    )  # fmt: skip
    assert [len(batch.steps) for batch in two.batches] == [4]


def test_without_a_limit_of_officers_moves_are_spread_over_the_window() -> None:
    instance = bare_instance([1] * 14, list(range(7)))
    sequence = _order(instance, list(range(7, 14)), window_minutes=90)
    assert [len(batch.steps) for batch in sequence.batches] == [3, 3, 1]
    assert sequence.fits_window
    assert not _order(
        instance, list(range(7, 14)), window_minutes=90, escort_officers=2
    ).fits_window


def test_people_whose_cell_is_given_away_while_they_have_none_hinder_and_are_named() -> None:
    sequence = _order(bare_instance([1, 1], [0, 1]), [1, -1])
    assert sequence.left_out == ("p0",)
    assert sequence.undecided == ("p1",)
    assert "p1" in sequence.hindrances[0].missing
    assert sequence.hindrances[0].others == ("p1",)


def test_a_cell_that_a_priced_rule_closes_is_used_last_and_only_while_somebody_left_it() -> None:
    """c2 is priced for both; p2 leaves it at once and p3 comes last, so that one may wait."""
    priced = Eligible(RuleId.SPACE_DAYS, array(0, 1, 2, 3), array(2), SIGNED)
    closed = Eligible(RuleId.SPECIAL_NEEDS, array(0, 1), array(3, 4))
    instance = bare_instance([1, 1, 1, 1, 1], [0, 1, 2, 4], (priced, closed))
    sequence = _order(instance, [1, 0, 3, 2])
    assert not sequence.left_out
    assert [(person, place) for _, person, place, waits in _route(sequence) if waits] == [
        ("p0", "c2")
    ]
    empty = bare_instance([1, 1, 1], [0, 1], (priced_for_two(),))
    assert _order(empty, [1, 0]).left_out == ("p0", "p1")


def priced_for_two() -> Eligible:
    """A free cell that a priced rule closes and nobody holds at the start or the end."""
    return Eligible(RuleId.SPACE_DAYS, array(0, 1), array(2), SIGNED)


def test_an_officer_s_ban_closes_a_cell_to_waiting_for_good() -> None:
    banned = Eligible(RuleId.OFFICER_LOCKS, array(0, 1), array(2))
    assert _order(bare_instance([1, 1, 1], [0, 1], (banned,)), [1, 0]).left_out == ("p0", "p1")


def test_the_ninth_cell_is_found_where_the_nearest_eight_are_full() -> None:
    """Ten full cells between the two who swap and the free one."""
    instance = bare_instance([1] * 13, list(range(12)))
    sequence = _order(instance, [1, 0, *range(2, 12)])
    assert _route(sequence)[0][2] == "c12"


def test_the_work_of_an_order_is_kept() -> None:
    """Forty people in one ring with one free cell that no one may use, and no patience."""
    n = 40
    closed = Eligible(RuleId.SPECIAL_NEEDS, array(*range(n)), array(n))
    instance = bare_instance([1] * (n + 1), list(range(n)), (closed,))
    facts = plain_facts(instance)
    target = np.array([*range(1, n), 0], dtype=np.int64)
    sequence = order_moves(instance, target, facts, work=0)
    assert len(sequence.left_out) == n
    open_ = bare_instance([1] * (n + 1), list(range(n)))
    facts = plain_facts(open_, window_minutes=1_500)
    assert not order_moves(open_, target, facts, work=0).left_out


def test_two_swap_over_a_cell_that_is_free_for_one_batch() -> None:
    """p0 and p1 may wait in c2 alone, which p2 leaves and p3 comes to; brute force found it first.

    By hand: p2 to c3, p0 waits in c2, p1 to c0, p0 to c1, p3 to c2. Two people of F01 were named as
    a circle without an order so.
    """
    closed = Eligible(RuleId.SPECIAL_NEEDS, array(0, 1), array(3, 4))
    instance = bare_instance([1] * 5, [0, 1, 2, 4], (closed,))
    sequence = _order(instance, [1, 0, 3, 2])
    assert (sequence.left_out, sequence.temporary_steps) == ((), 1)
    steps = [(step.person_id, step.to_place) for step in sequence.steps]
    waits = next(at for at, (_, place) in enumerate(steps) if place == "c2")
    assert steps.index(("p2", "c3")) < waits < steps.index(("p3", "c2"))
    assert steps.index(("p3", "c2")) == len(steps) - 1


def test_a_ring_is_left_by_others_who_wait_in_its_cells() -> None:
    """p0, who must be alone, could wait only where p2 lives, and p2 and p3 in the ring's cells."""
    alone = Alone(RuleId.SINGLE_CELL, array(0))
    closed = Eligible(RuleId.SPECIAL_NEEDS, array(0, 1), array(3))
    elsewhere = Eligible(RuleId.SPECIAL_NEEDS, array(1), array(2))
    of_eight = Eligible(RuleId.SPECIAL_NEEDS, array(0, 1, 2, 3), np.arange(4, 20))
    instance = bare_instance(
        [2, 2, *[1] * 18], list(range(12)), (alone, closed, elsewhere, of_eight)
    )
    sequence = _order(instance, [1, 0, 3, 2, *range(12, 20)])
    assert sequence.left_out == ()
    assert sequence.temporary_steps == 3
