"""R34 and R39 by hand: what a move costs, and whom it costs most."""

from collections.abc import Iterable
from typing import Any

import pytest

from allocator.model.catalogue import GoalId
from allocator.model.person import Person
from allocator.model.relations import StablePair
from allocator.model.vocabulary import NetworkRole, Tier
from tests.builders import cell, days_ago, person, role, wing
from tests.goals.one_goal import scenario_for, values


class TestMoves:
    UNITS = (wing("W", programmes=frozenset({"x"})), wing("W2"))

    def cost(self, *others: Person, findings: Iterable[Any] = (), **fields: Any) -> int:
        """Points of moving p1 from c1 to c3 while the others stay in their cells."""
        p1 = person("p1", **({"current_place": "c1"} | fields))
        pairs = [StablePair(other.person_id, "p1") for other in others]
        scenario = scenario_for(
            GoalId.MOVES, [cell("c1", 3), cell("c2", 3), cell("c3", 3, "W2")], [p1, *others],
            units=self.UNITS, findings=tuple(findings), stable_pairs=pairs,
        )  # fmt: skip
        stay = {p.person_id: str(p.current_place) for p in others}
        return values(scenario, p1="c3", **stay).get(Tier.MOVES, 0)

    def test_a_move_costs_two(self) -> None:
        assert self.cost() == 2 * 7

    @pytest.mark.parametrize(("days", "steps"), [(364, 2), (365, 3)])
    def test_a_year_in_the_cell_costs_one_more(self, days: int, steps: int) -> None:
        assert self.cost(placed_since=days_ago(days)) == steps * 7

    def test_a_mentor_costs_one_more(self) -> None:
        assert self.cost(findings=[role("p1", NetworkRole.MENTOR)]) == 3 * 7

    @pytest.mark.parametrize(("programme", "steps"), [("x", 3), ("y", 2)])
    def test_a_programme_offered_here_costs_one_more(self, programme: str, steps: int) -> None:
        assert self.cost(programme=programme) == steps * 7

    @pytest.mark.parametrize(("other", "steps"), [("c1", 3), ("c2", 2), ("c3", 2)])
    def test_parting_a_stable_pair_costs_one_more(self, other: str, steps: int) -> None:
        assert self.cost(person("p2", current_place=other)) == steps * 7

    def test_all_four_add_up(self) -> None:
        findings = [role("p1", NetworkRole.MENTOR)]
        mate = person("p2", current_place="c1")

        found = self.cost(mate, findings=findings, programme="x", placed_since=days_ago(999))

        assert found == 6 * 7

    def test_an_arrival_and_a_person_who_stays_cost_nothing(self) -> None:
        assert self.cost(current_place=None) == 0
        assert self.cost(current_place="c3") == 0


class TestBurden:
    @pytest.mark.parametrize(("moves", "points"), [(0, 0), (2, 4), (5, 25), (7, 25)])
    def test_another_move_costs_the_square_of_those_before(self, moves: int, points: int) -> None:
        people = [
            person("p1", current_place="c1", moves_last_90_days=moves),
            person("p2", current_place="c2", moves_last_90_days=3),
            person("p3", moves_last_90_days=3),
        ]
        scenario = scenario_for(GoalId.BURDEN, ["c1", "c2", "c3"], people)

        expected = {Tier.MOVES: 23 * points} if points else {}
        assert values(scenario, p1="c3", p2="c2", p3="c1") == expected

    @pytest.mark.parametrize(
        ("days", "steps"), [(0, 0), (1, 1), (30, 1), (31, 2), (331, 12), (999, 12)]
    )
    def test_another_tight_cell_costs_by_started_months(self, days: int, steps: int) -> None:
        cells = [
            cell("c1", 2, area_m2=7.9),
            cell("c2", 2, area_m2=8.0),
            cell("c3", 2),
            cell("c4", 3, working_capacity=2, area_m2=8.0),
            cell("c5", 1, working_capacity=0, area_m2=3.9),
        ]
        people = [person("p1", days_below_warning_floor=days)]
        scenario = scenario_for(GoalId.BURDEN, cells, people)

        expected = {Tier.PREFERENCES: 23 * steps} if steps else {}
        assert values(scenario, p1="c1") == expected
        assert values(scenario, p1="c5") == expected
        assert values(scenario, p1="c2") == values(scenario, p1="c3") == {}
        assert values(scenario, p1="c4") == {}
