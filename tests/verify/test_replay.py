"""Sequences with one fault each: people, places, times and escorts."""

from dataclasses import replace
from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.locks import Lock, LockKind, LockReason
from allocator.model.profile import RuleSetting
from allocator.model.relations import NonAssociation
from allocator.model.sequence import Step
from allocator.model.vocabulary import Enforcement, Restriction
from allocator.verify import check_aim, check_sequence
from tests.builders import (
    cell,
    days_ago,
    freeze,
    person,
    soft,
    with_setting,
)
from tests.verify.sequences import (
    HELD,
    ORDER,
    PEOPLE,
    hindered,
    order,
    prison,
    scenario_of,
    step,
    steps,
)


def test_two_people_swap_through_the_holding_location() -> None:
    assert check_sequence(prison(), order()) == ()
    assert check_sequence(prison(), order(temporary_bound=0)) == ()


def test_a_buffer_cell_serves_as_well() -> None:
    batches = (steps("a c1 b1!", "n - c3"), steps("b c2 c1"), steps("a b1 c2"))
    assert check_sequence(prison(), order(*batches)) == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"scenario_hash": "8" * 64},
            "the sequence was made for other data: hash 888888888888, these have 777777777777",
        ),
        ({"minutes": 60}, "the sequence is said to take 60 minutes, takes 90"),
        ({"window_minutes": 541}, "the window is said to be 541 minutes, is 540"),
        (
            {"temporary_bound": 2},
            "no order is said to have fewer than 2 temporary steps; this one has 1",
        ),
        (
            {"left_out_bound": 3},
            "no order is said to leave out fewer than 3 people; this one leaves out 0",
        ),
        (
            {"target": "n:c3 b:c1 a:c2"},
            "the target: people are not sorted or named twice",
        ),
        ({"undecided": ("n",)}, "n is said to be undecided, and has a target"),
    ],
)
def test_what_a_sequence_says_of_itself(fields: dict[str, Any], words: str) -> None:
    assert words in check_sequence(prison(), order(**fields))


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        (
            (steps("a c1 swap!", "n c3 c3"), *ORDER[1:]),
            "batch 1: n is said to leave c3, is in None",
        ),
        ((*ORDER, steps("z c1 c2")), "batch 4: z is not a person of this scenario"),
        (
            (steps("a c1 reception!", "n - c3"), steps("b c2 c1"), steps("a reception c2")),
            "batch 1: a goes to reception, which is neither a cell nor a holding location",
        ),
        (
            (steps("a c1 nowhere!", "n - c3"), steps("b c2 c1"), steps("a nowhere c2")),
            "batch 1: a goes to nowhere, which is neither a cell nor a holding location",
        ),
        (
            (steps("a c1 far!", "n - c3"), steps("b c2 c1"), steps("a far c2")),
            "batch 1: a waits in far, in a facility that is neither start nor target",
        ),
        (
            (steps("a c1 g1!", "n - c3"), steps("b c2 c1"), steps("a g1 c2")),
            "batch 1: a waits in g1, in a facility that is neither start nor target",
        ),
        (
            (steps("a c1 swap", "n - c3"), *ORDER[1:]),
            "batch 1: a: the step to swap is said to be final; the plan says c2",
        ),
        (
            (*ORDER[:2], steps("a swap c2!")),
            "batch 3: a: the step to c2 is said to be temporary; the plan says c2",
        ),
        ((*ORDER, steps("a c2 c2")), "batch 4: a goes to c2 and is there already"),
        ((steps("a c1 swap!"), *ORDER[1:]), "n ends in None instead of c3"),
        ((*ORDER, steps("n c3 b1!")), "n ends in b1, which is kept for swaps"),
        ((*ORDER, steps("n c3 swap!")), "n ends in the holding location swap"),
        ((*ORDER, ()), "batch 4 has no step"),
        (
            (ORDER[0], ORDER[1], steps("a swap c2", "b c1 c1")),
            "batch 3: b goes to c1 and is there already",
        ),
        (
            (steps("a c1 swap!", "a swap b1!", "n - c3"), steps("b c2 c1"), steps("a b1 c2")),
            "batch 1: a moves 2 times",
        ),
    ],
)
def test_a_step_that_cannot_be(batches: tuple[tuple[Step, ...], ...], words: str) -> None:
    assert words in check_sequence(prison(), order(*batches))


def test_a_cell_out_of_use_is_no_place_to_wait() -> None:
    batches = (steps("a c1 gone!", "n - c3"), steps("b c2 c1"), steps("a gone c2"))
    faults = check_sequence(prison(), order(*batches))
    broken = "R02-capacity at gone can be broken by 1 on the way; 0 at the start or the end"
    assert faults == (
        "batch 1: a goes to gone, which is out of use",
        f"batch 1: {broken}",
        f"batch 3: {broken}",
    )


def test_a_helper_comes_back() -> None:
    alone = prison(PEOPLE[0], PEOPLE[1])
    batches = (steps("b c2 c3!"), steps("a c1 c2"))
    faults = check_sequence(alone, order(*batches, target="a:c2"))
    assert faults == ("b is not asked to move and ends in c3 instead of c2",)
    back = prison(PEOPLE[0], person("b", current_place="c3"))
    returning = (steps("b c3 b1!"), steps("a c1 c2"), steps("b b1 c3"))
    assert check_sequence(back, order(*returning, target="a:c2")) == ()


def test_people_left_out_stay_and_are_named() -> None:
    def faults(*batches: tuple[Step, ...], **fields: Any) -> tuple[str, ...]:
        return check_sequence(prison(), order(steps("n - c3"), *batches, **fields))

    both = {"left_out": ("a", "b"), "hindrances": (hindered("a", "b"),)}
    assert faults(**both) == ()
    named = both | {"hindrances": (hindered("b", "x"),)}
    assert faults(**named) == ("a is left out, and no hindrance names this person",)
    unasked = both | {"target": "b:c1 n:c3"}
    assert faults(**unasked) == ("a is left out, and no move of this person was asked for",)
    assert faults(steps("a c1 b1!"), **both) == (
        "a is left out and ends in b1 instead of c1",
        "a ends in b1, which is kept for swaps",
        "the end adds an unlawful breach of R02-capacity at b1, amount 1",
    )


def test_undecided_people_have_a_cell_and_stay_in_it() -> None:
    def faults(*undecided: str) -> tuple[str, ...]:
        made = order(steps("b c2 c3"), target="b:c3", undecided=undecided)
        return check_sequence(prison(), made)

    assert faults("a") == ()
    assert faults("a", "n") == ("n is said to be undecided, and has no cell to stay in",)
    assert "undecided: people are not sorted or named twice" in faults("a", "a")


def test_a_sequence_of_a_plan_has_all_its_moves() -> None:
    placement = {"a": "c2", "b": None, "n": "c3"}
    right = order(steps("n - c3"), target="a:c2 n:c3", undecided=("b",))
    assert check_aim(prison(), placement, right) == ()
    assert check_aim(prison(), placement | {"n": None}, right) == (
        "n is planned into None, the sequence says c3",
    )
    assert check_aim(prison(), placement, order(steps("n - c3"))) == (
        "b is planned into None, the sequence says c1",
        "b is undecided and not said to be",
    )
    assert check_aim(prison(), placement | {"b": "c2"}, right) == (
        "b is said to be undecided and is not",
    )


def test_nobody_waits_in_a_restrictive_unit_without_authority() -> None:
    def faults(**fields: Any) -> tuple[str, ...]:
        batches = (steps(step("a c1 s1!", 4)), steps("b c2 c1"), steps(step("a s1 c2", 4)))
        return check_sequence(prison(*PEOPLE[:2], **fields), order(*batches, target="a:c2 b:c1"))

    assert faults(**HELD) == ()
    (fault,) = faults()
    assert fault == (
        "batch 1: a waits without authority: a in s1: regime level 4; without an authority 2 "
        "at most, and there is none"
    )


def test_nobody_waits_in_a_cell_that_an_officer_has_forbidden() -> None:
    batches = (steps("a c1 c3!"), steps("b c2 c1"), steps("a c3 c2"))
    made = order(*batches, target="a:c2 b:c1")
    lock = Lock("a", "c3", LockKind.FORBID, LockReason.HEALTH, "governor", days_ago(2))
    assert check_sequence(prison(*PEOPLE[:2]), made) == ()
    (fault,) = check_sequence(prison(*PEOPLE[:2], locks=[lock]), made)
    assert fault.startswith("batch 1: a waits against R51-officer-locks: ")
    away = replace(lock, person_id="b")
    assert check_sequence(prison(*PEOPLE[:2], locks=[away]), made) == ()


FROZEN = {"freezes": [freeze("b")]}
OUT = replace(PEOPLE[1], out=True)


def test_frozen_people_stay() -> None:
    words = "batch 2: b is frozen and may not move"
    assert check_sequence(prison(**FROZEN), order()) == (words,)
    assert check_sequence(prison(PEOPLE[0], OUT, PEOPLE[2]), order()) == (words,)
    assert check_sequence(prison(freezes=[freeze("n")]), order()) == ()
    signed = with_setting(prison(**FROZEN), RuleId.FROZEN, soft(3))
    assert check_sequence(signed, order()) == ()
    helped = order(steps("b c2 c3!"), steps("a c1 c2"), steps("a c2 c1!", "b c3 c2"), target="a:c2")
    assert "batch 1: b is frozen and may not move" in check_sequence(signed, helped)
    off = with_setting(prison(**FROZEN), RuleId.FROZEN, RuleSetting(Enforcement.OFF))
    assert "batch 1: b is frozen and may not move" not in check_sequence(off, helped)


def test_nobody_is_brought_into_the_cell_of_someone_who_stays() -> None:
    """A plan that gives a cell away is carried out only when its holder has another place."""
    made = order(steps("b c2 c1"), target="b:c1", undecided=("a",))
    assert check_sequence(prison(*PEOPLE[:2]), made) == (
        "the end adds an unlawful breach of R02-capacity at c1, amount 1",
    )
    full = prison(PEOPLE[0], person("b", current_place="c1"), person("n"))
    stays = order(steps("n - c2"), target="n:c2", undecided=("a", "b"))
    assert check_sequence(full, stays) == ()


def test_nobody_is_brought_to_people_left_out_whom_they_may_not_meet() -> None:
    enemies = NonAssociation("a", "n", Restriction.CELL)
    cells = [cell("c1", 2), "c2"]
    people = [person("a", current_place="c1"), person("n")]
    scenario = scenario_of(cells, people, non_associations=[enemies])
    left: dict[str, Any] = {
        "target": "a:c2 n:c1",
        "left_out": ("a",),
        "hindrances": (hindered("a"),),
    }
    assert check_sequence(scenario, order(steps("n - c1"), **left)) == (
        "the end adds an unlawful breach of R09-non-association at a and n, amount 1",
    )
