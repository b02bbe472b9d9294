"""Sequences with one fault each: minutes in holding, times of batches, officers and company."""

from typing import Any

import pytest

from allocator.model.sequence import Batch
from allocator.model.vocabulary import LegalCategory, SecurityCategory, Sex
from allocator.verify import check_sequence
from tests.builders import cell, landing, person, wing
from tests.verify.sequences import (
    CELLS,
    HELD,
    ORDER,
    UNITS,
    order,
    prison,
    scenario_of,
    step,
    steps,
)


@pytest.mark.parametrize(("minute", "stay"), [(90, None), (91, 61)])
def test_holding_has_a_limit(minute: int, stay: int | None) -> None:
    batches = (*order().batches[:2], Batch(minute, ORDER[2]))
    made = order(batches=batches, minutes=minute + 30)
    words = f"batch 3: a has been held between cells for {stay} minutes; 60 allowed"
    assert check_sequence(prison(), made) == (() if stay is None else (words,))


def test_going_from_one_holding_location_to_another_is_one_stay() -> None:
    mover = person("a", current_place="c1")
    batches = (steps("a c1 swap!"), steps("a swap far!"), steps("a far g1"))
    late = [Batch(minute, batch) for minute, batch in zip((0, 45, 95), batches, strict=True)]
    made = order(target="a:g1", temporary_bound=2, batches=tuple(late), minutes=125)
    assert check_sequence(prison(mover), made) == (
        "batch 3: a has been held between cells for 65 minutes; 60 allowed",
    )


@pytest.mark.parametrize(
    ("minutes", "faults"),
    [
        ((0, 30, 60), ()),
        ((5, 35, 70), ()),
        ((0, 29, 60), ("batch 2 starts at minute 29; 30 is the earliest",)),
        ((-3, 30, 60), ("batch 1 starts at minute -3; 0 is the earliest",)),
        ((0, 30, 30), ("batch 3 starts at minute 30; 60 is the earliest",)),
    ],
)
def test_batches_follow_one_another(minutes: tuple[int, ...], faults: tuple[str, ...]) -> None:
    batches = tuple(Batch(minute, batch) for minute, batch in zip(minutes, ORDER, strict=True))
    made = order(batches=batches, minutes=minutes[-1] + 30)
    assert check_sequence(prison(), made) == faults


@pytest.mark.parametrize(
    ("fields", "way", "officers"),
    [
        ({}, "c1 c3", 2),
        ({"security_category": SecurityCategory.B}, "c1 c3", 2),
        ({"security_category": SecurityCategory.A}, "c1 c3", 4),
        ({}, "c1 s1", 4),
        ({}, "s1 c3", 4),
        ({}, "c1 x1", 5),
        ({}, "x1 c3", 5),
        ({}, "x1 s1", 5),
        ({}, "- x1", 5),
    ],
)
def test_officers_by_person_and_place(fields: dict[str, Any], way: str, officers: int) -> None:
    old, new = way.split()
    mover = person("a", current_place=None if old == "-" else old, **fields)
    for said in (1, 2, 3, 4, 5):
        made = order(steps(step(f"a {old} {new}", said)), target=f"a:{new}")
        words = f"batch 1: a is escorted by {said} officers; {officers} are needed"
        assert check_sequence(prison(mover, **HELD), made) == (() if said == officers else (words,))


def test_officers_at_once_in_each_facility() -> None:
    people = [person(key, current_place=f"c{n}") for n, key in enumerate("abd", 1)]
    people.append(person("g", current_place="g1"))
    cells = [*CELLS, cell("c4", 3), cell("g2", 1, "LG")]
    batch = steps("a c1 c4", "b c2 c4", "d c3 c4", "g g1 g2")
    made = order(batch, target="a:c4 b:c4 d:c4 g:g2")
    for officers in (None, 6, 5):
        limits = {"escort_officers": officers, "move_window_minutes": 540}
        scenario = scenario_of(cells, people, units=UNITS, thresholds=limits)
        words = "batch 1 in F: 6 officers at once; there are 5"
        assert check_sequence(scenario, made) == ((words,) if officers == 5 else ())


def test_officers_of_the_facility_that_is_left_escort_a_transfer() -> None:
    people = [person("a", current_place="c1"), person("g", current_place="g1")]
    scenario = scenario_of(CELLS, people, units=UNITS, thresholds={"escort_officers": 2})
    made = order(steps("a c1 c2", "g g1 c3"), target="a:c2 g:c3")
    assert check_sequence(scenario, made) == ()
    arrival = scenario_of(CELLS, [people[0], "n"], units=UNITS, thresholds={"escort_officers": 2})
    made = order(steps("a c1 c2", "n - c3"), target="a:c2 n:c3")
    assert check_sequence(arrival, made) == ("batch 1 in F: 4 officers at once; there are 2",)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sex": Sex.FEMALE}, "sex F, adult, sentenced"),
        ({"age_years": 17}, "sex M, child, sentenced"),
        ({"legal_category": LegalCategory.REMAND}, "sex M, adult, remand"),
    ],
)
def test_people_who_are_never_escorted_together(fields: dict[str, Any], told: str) -> None:
    units = [*UNITS, *(unit for k in (5, 6) for unit in (wing(f"W{k}"), landing(f"L{k}", f"W{k}")))]
    cells = [*CELLS, cell("c5", parent="L5"), cell("c6", parent="L6")]
    people = [person("a", current_place="c1"), person("b", current_place="c5", **fields)]
    scenario = scenario_of(cells, people, units=units)
    apart = order(steps("a c1 c2"), steps("b c5 c6"), target="a:c2 b:c6")
    assert check_sequence(scenario, apart) == ()
    together = order(steps("a c1 c2", "b c5 c6"), target="a:c2 b:c6")
    classes = sorted([f"{told}, ordinary unit", "sex M, adult, sentenced, ordinary unit"])
    assert check_sequence(scenario, together) == (
        f"batch 1 in F: people who may not go together ({'; '.join(classes)})",
    )
    far = [people[0], person("b", current_place="g1", **fields)]
    batch = order(steps("a c1 c2", "b g1 g2"), target="a:c2 b:g2")
    scenario = scenario_of([*CELLS, cell("g2", parent="LG")], far, units=units)
    assert check_sequence(scenario, batch) == ()


def test_a_restrictive_unit_is_an_escort_class_of_its_own() -> None:
    people = [person("a", current_place="s1"), person("b", current_place="c2")]
    scenario = prison(*people, **HELD)
    batch = steps(step("a s1 c1", 4), "b c2 c3")
    (fault,) = check_sequence(scenario, order(batch, target="a:c1 b:c3"))
    assert fault == (
        "batch 1 in F: people who may not go together (sex M, adult, sentenced, ordinary unit; "
        "sex M, adult, sentenced, restrictive unit)"
    )
