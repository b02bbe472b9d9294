"""Circles that the sequencer names, and its temporary steps, against trying all orders."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from allocator.jobs.locate import find_scenario
from allocator.jobs.order import order_placement
from allocator.jobs.task import read_source
from allocator.model.scenario import Scenario
from allocator.verify import check_sequence
from benchmarks.order_brute import BruteForce
from benchmarks.order_checks import check_by_brute_force, is_confirmed
from benchmarks.order_states import TooManyStatesError
from tests.builders import cell, make_scenario, person

Moves = Mapping[str, str]


def _small(*more: str) -> Scenario:
    """Two people in single cells, with further single cells, buffers where named so."""
    cells = [cell(c, max_capacity=1, working_capacity=1, buffer=c == "buffer")
             for c in ("c1", "c2", *more)]  # fmt: skip
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    return make_scenario(cells, people)


SWAP = {"a": "c2", "b": "c1"}


def test_two_full_cells_have_no_order_whatever_is_tried() -> None:
    brute = BruteForce(_small(), SWAP)
    assert brute.groups() == [("a", "b")]
    assert brute.waits("a") == ()
    assert brute.fewest_waits(SWAP) is None
    assert brute.order_in_cells(SWAP) is None


@pytest.mark.parametrize("free", ["buffer", "c3"])
def test_one_waits_where_a_cell_is_free_and_the_judge_replays_it(free: str) -> None:
    brute = BruteForce(_small(free), SWAP)
    assert brute.fewest_waits(SWAP) == 1
    route = brute.order_in_cells(SWAP)
    assert route is not None
    assert route[0][1] == free
    assert len(route) == 3
    assert brute.replay(route) == ()


def test_a_chain_needs_no_wait_and_has_one_order_only() -> None:
    brute = BruteForce(_small("c3"), {"a": "c2", "b": "c3"})
    assert brute.fewest_waits(("a", "b")) == 0
    assert brute.order_in_cells(("a", "b")) == (("b", "c3"), ("a", "c2"))
    assert brute.replay((("a", "c2"), ("b", "c3"))) != ()


def test_more_people_than_are_tried_is_said() -> None:
    brute = BruteForce(_small(), SWAP)
    with pytest.raises(TooManyStatesError):
        brute.order_in_cells([f"p{n}" for n in range(9)])


SHIPPED: list[tuple[str, Moves, int]] = [
    (
        "f07_fed_net",
        {
            "P00247": "F07A-D-3-010", "P00336": "F07A-R-1-010", "P00365": "F07A-D-3-010",
            "P00387": "F07A-R-1-003", "P00453": "F07A-D-2-013",
        },
        1,
    ),
    ("f01_grad_hs", {"P00235": "F01-R-1-006", "P00279": "F01-R-1-007"}, 1),
    ("f10_tepe", {"P00041": "F10-B-2-005", "P00058": "F10-A-1-003"}, 1),
    (
        "f10_tepe",
        {"P00012": "F10-B-1-003", "P00016": "F10-B-2-004", "P00042": "F10-A-1-003"},
        1,
    ),
    (
        "f10_tepe",
        {
            "P00012": "F10-B-1-005", "P00052": "F10-A-1-004",
            "P00013": "F10-A-2-003", "P00062": "F10-A-1-005",
        },
        2,
    ),
]  # fmt: skip


def _placed(scenario: Scenario, moves: Moves) -> dict[str, str | None]:
    cells = scenario.estate.cell_by_id
    now = {p.person_id: p.current_place for p in scenario.people}
    return {key: moves.get(key, place if place in cells else None) for key, place in now.items()}


@pytest.mark.parametrize(("name", "moves", "rings"), SHIPPED)
def test_circles_named_in_shipped_prisons_have_no_order(
    name: str, moves: Moves, rings: int
) -> None:
    scenario = read_source(find_scenario(name))
    sequence = order_placement(scenario, _placed(scenario, moves))
    checked = check_by_brute_force(scenario, sequence)
    assert (checked.rings, checked.confirmed, checked.refuted) == (rings, rings, 0)


def test_a_ring_is_not_left_out_with_another_one_that_has_no_order() -> None:
    """F01, 51 moves: four people who can wait in others' cells, and two who can wait nowhere.

    Both were tried with those in whose cells they could wait, together, and all work went there.
    """
    moves: Moves = json.loads(Path(__file__).with_name("two_rings_f01.json").read_text())
    scenario = read_source(find_scenario("f01_grad_hs"))
    sequence = order_placement(scenario, _placed(scenario, moves))
    assert check_sequence(scenario, sequence) == ()
    ring = ("P00023", "P00091", "P00093", "P00186")
    assert set(sequence.left_out).isdisjoint(ring)


def test_whoever_could_wait_in_a_cell_that_a_priced_rule_closes_is_in_no_circle() -> None:
    """F10, 3 moves: two people were said to wait for each other, though one of them can wait in a
    crowded cell for the minutes of a batch before somebody else comes there for good."""
    scenario = read_source(find_scenario("f10_tepe"))
    moves = {"P00010": "F10-A-2-005", "P00021": "F10-B-2-003", "P00041": "F10-B-2-005"}
    sequence = order_placement(scenario, _placed(scenario, moves))
    assert check_sequence(scenario, sequence) == ()
    assert sequence.left_out == ()
    checked = check_by_brute_force(scenario, sequence)
    assert (sequence.temporary_steps, checked.least, checked.groups_tried) == (1, 1, checked.groups)
    assert is_confirmed(BruteForce(scenario, moves), ("P00010", "P00021"), sequence) is False
