"""One person elsewhere: what is taken over from the placement before is what one finds anew."""

import random
from pathlib import Path

import pytest

from allocator.explain.placements import placement_now
from allocator.model.scenario import Scenario
from allocator.prepare.read import read_scenario
from allocator.verify.judge import judge
from allocator.verify.view import View

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MOVES = 14


def _cells(scenario: Scenario, person: str, chance: random.Random) -> list[str | None]:
    """Nowhere, the present cell, a cell with people in it, and any other one."""
    now = placement_now(scenario)
    held = sorted({cell for cell in now.values() if cell is not None})
    cells = [cell.cell_id for cell in scenario.estate.cells]
    return [None, now[person], chance.choice(held), chance.choice(cells)]


@pytest.mark.parametrize("name", ["f14_sep_3", "f10_tepe", "f20_women"])
def test_a_move_is_judged_as_the_whole_placement_is(name: str) -> None:
    scenario = read_scenario(SCENARIOS / name)
    chance = random.Random(20260115)  # noqa: S311 - a test that repeats itself
    origin = View(scenario, placement_now(scenario))
    judge(origin)
    people = [person.person_id for person in scenario.people]
    kinds = set()
    for person in chance.sample(people, min(MOVES, len(people))):
        for cell in _cells(scenario, person, chance):
            moved = origin.with_person_in(person, cell)
            found = judge(moved)
            assert found == judge(View(scenario, moved.placement)), (person, cell)
            kinds |= {breach.rule for breach in found.unlawful}
            again = moved.with_person_in(person, None)
            assert judge(again) == judge(View(scenario, again.placement))
    assert len(kinds) > 2
