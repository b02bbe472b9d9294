"""Why somebody has no place: blocking rules, the shortage, and conflicts that are proved."""

import numpy as np

from allocator.explain.conflict import Explanation, explain_unplaced
from allocator.explain.room import room_conflict
from allocator.model.catalogue import RuleId
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import NonAssociationReason, Restriction, SecurityCategory
from allocator.prepare.instance import prepare_instance
from allocator.solver.conflict import cannot_all_be_placed
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve
from tests.builders import cell, forbid, make_scenario, person, wing

QUICK = SolveOptions(effort=Effort.QUICK)


def explained(scenario: Scenario) -> Explanation:
    instance = prepare_instance(scenario)
    return explain_unplaced(scenario, instance, solve(instance, QUICK))


def test_seven_people_for_five_places() -> None:
    people = [person(f"p{k}") for k in range(7)]
    found = explained(make_scenario(cells=[cell("c1", 2), cell("c2", 3)], people=people))
    assert found.shortfall == {"sentenced": 2}
    assert [(c.category, c.rules, c.places) for c in found.causes] == [
        ("sentenced", (RuleId.CAPACITY,), 2)
    ]
    assert found.conflicts[0].missing == 2
    assert found.conflicts[0].proof == "maximum flow"
    assert found.conflicts[0].rules == (RuleId.CAPACITY,)
    assert len(found.conflicts[0].person_ids) == 7
    assert all(RuleId.CAPACITY in rules for rules in found.blocked_by.values())
    assert len(found.blocked_by) == 2


def test_shortage_is_that_of_the_people_concerned_alone() -> None:
    people = [person(f"a{k}", security_category=SecurityCategory.A) for k in range(3)]
    people += [person(f"d{k}", security_category=SecurityCategory.D) for k in range(2)]
    cells = [
        cell("c1", 2, security_category=SecurityCategory.A),
        cell("c2", 5, security_category=SecurityCategory.D),
    ]
    scenario = make_scenario(cells=cells, people=people)
    room = room_conflict(prepare_instance(scenario))
    assert room is not None
    assert room.missing == 1
    assert room.rules == (RuleId.SECURITY_CATEGORY,)
    assert [scenario.people[i].person_id for i in room.persons] == ["a0", "a1", "a2"]


def test_person_for_whom_no_cell_is_open() -> None:
    people = [person("p1", security_category=SecurityCategory.A), person("p2")]
    scenario = make_scenario(
        cells=[cell("c1", 3, security_category=SecurityCategory.C)], people=people
    )
    found = explained(scenario)
    assert list(found.blocked_by) == ["p1"]
    assert found.blocked_by["p1"] == {RuleId.SECURITY_CATEGORY: 1}
    assert any(
        c.person_ids == ("p1",) and c.rules[-1] is RuleId.SECURITY_CATEGORY for c in found.conflicts
    )


def test_conflict_of_separations_is_proved_by_cp_sat_and_minimal() -> None:
    people = [person(f"p{k}") for k in range(5)]
    apart = [
        NonAssociation(a, b, Restriction.CELL, NonAssociationReason.THREAT)
        for a, b in (("p0", "p1"), ("p0", "p2"), ("p1", "p2"))
    ]
    scenario = make_scenario(
        cells=[cell("c1", 3), cell("c2", 3)], people=people, non_associations=apart
    )
    found = explained(scenario)
    assert len(found.blocked_by) == 1
    assert found.conflicts[0].proof == "CP-SAT"
    assert found.conflicts[0].person_ids == ("p0", "p1", "p2")
    assert found.conflicts[0].rules == (RuleId.NON_ASSOCIATION,)


def test_a_cell_in_which_one_would_be_alone_is_part_of_a_conflict() -> None:
    """Lower limits were left out of proofs, so that nothing said why p has no place."""
    strict = wing("V", unlock_hours=1.0, meaningful_contact_hours=0.5)
    cells = [cell("c1", 2, "V"), cell("c2", 3)]
    locks = [forbid("p", "c2"), forbid("q", "c1")]
    scenario = make_scenario(cells, ["p", "q"], units=[strict], locks=locks)
    found = explained(scenario)
    assert list(found.blocked_by) == ["p"]
    (conflict,) = found.conflicts
    assert conflict.person_ids == ("p",)
    assert conflict.rules == (RuleId.NO_SOLITARY, RuleId.OFFICER_LOCKS)
    assert conflict.proof == "CP-SAT"


def test_a_lower_limit_that_others_could_fill_proves_nothing() -> None:
    strict = wing("V", unlock_hours=1.0, meaningful_contact_hours=0.5)
    cells = [cell("c1", 2, "V"), cell("c2", 3)]
    scenario = make_scenario(
        cells, ["p", "q", "r"], units=[strict], locks=[forbid("p", "c2"), forbid("q", "c1")]
    )
    instance = prepare_instance(scenario)
    assert not cannot_all_be_placed(instance, np.array([0]))
    assert cannot_all_be_placed(instance, np.array([0, 1])) is False
    assert not cannot_all_be_placed(instance, np.array([0, 1, 2]))
