"""A changed scenario re-planned from the last plan: what changes, and that it is the least."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import ConfigError
from allocator.explain.departures import GONE, OUT_OF_USE, TAKEN, revision_of
from allocator.jobs.forced import forced_departures
from allocator.jobs.plan import make_judged_plan
from allocator.jobs.replan import replan
from allocator.jobs.request import PlanRequest
from allocator.jobs.verification import verification_document
from allocator.model.catalogue import RuleId
from allocator.model.plan import MadeBy, Plan
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Restriction, Sex, Status, Tier
from allocator.prepare.instance import prepare_instance
from allocator.prepare.last_plan import plan_hash, with_last_plan
from allocator.prepare.plan_document import plan_document, read_plan
from allocator.prepare.read import read_scenario
from allocator.verify import check_plan, verify
from tests.builders import cell, days_ago, forbid, lock, make_scenario, person

QUICK = PlanRequest(effort="quick", workers=1)
STORED = Path(__file__).parents[2] / "scenarios" / "f14_sep_3"


def places(plan: Plan) -> dict[str, str | None]:
    return {p.person_id: p.cell_id for p in plan.placements}


def departed(plan: Plan) -> set[str]:
    return {p.person_id for p in plan.departures}


def value(plan: Plan, tier: Tier) -> int:
    return next(entry.value for entry in plan.tiers if entry.tier is tier)


def closed(scenario: Scenario, cell_id: str) -> Scenario:
    cells = tuple(
        replace(c, status=Status.INACTIVE) if c.cell_id == cell_id else c
        for c in scenario.estate.cells
    )
    return replace(scenario, estate=replace(scenario.estate, cells=cells), content_hash="changed")


@pytest.fixture(scope="module")
def stored() -> Scenario:
    return read_scenario(STORED)


@pytest.fixture(scope="module")
def last(stored: Scenario) -> Plan:
    return make_judged_plan(stored, QUICK).plan


def test_nothing_changed_means_the_same_plan(stored: Scenario, last: Plan) -> None:
    again = replan(stored, last, QUICK).plan
    assert places(again) == places(last)
    assert value(again, Tier.DEPARTURES) == 0
    assert again.verdict is last.verdict
    assert again.provenance.revised_plan == plan_hash(last)
    assert again.provenance.made_by is MadeBy.STANDING
    assert check_plan(with_last_plan(stored, last), again) == ()
    assert verification_document(with_last_plan(stored, last), again)["verified"]


def test_a_plan_that_the_judge_does_not_confirm_does_not_stand(
    stored: Scenario, last: Plan
) -> None:
    wrong = replace(last, tiers=tuple(replace(t, value=t.value + 7) for t in last.tiers))
    again = replan(stored, wrong, QUICK).plan
    assert check_plan(with_last_plan(stored, wrong), again) == ()


def test_a_closed_cell_moves_its_people_and_few_others(stored: Scenario, last: Plan) -> None:
    held = sorted(c for c in places(last).values() if c is not None)
    plan = replan(closed(stored, held[0]), last, QUICK).plan
    occupants = {key for key, cell_id in places(last).items() if cell_id == held[0]}
    assert occupants <= departed(plan)
    assert value(plan, Tier.DEPARTURES) == len(departed(plan))
    assert plan.provenance.made_by is MadeBy.REVISION
    assert plan.provenance.started_from == plan_hash(last)


def test_a_revision_that_was_cut_off_goes_on_from_where_it_was(
    stored: Scenario, last: Plan
) -> None:
    held = sorted(c for c in places(last).values() if c is not None)
    changed = closed(stored, held[0])
    plan = replan(changed, last, QUICK, resumed=dict.fromkeys(places(last)))
    assert check_plan(with_last_plan(changed, last), plan.plan) == ()
    assert value(plan.plan, Tier.DEPARTURES) == len(departed(plan.plan))
    assert places(plan.plan).keys() == places(last).keys()


PRISON = [cell("c1", 2), cell("c2", 2), cell("c3", 1), cell("c4", 2)]
PEOPLE = ["p1", "p2", "p3", "p4", "p5"]
PLACES = {"p1": "c1", "p2": "c1", "p3": "c2", "p4": "c2", "p5": "c3"}


def planned(where: Mapping[str, str | None]) -> Plan:
    """A last plan with the given places, made by hand."""
    scenario = make_scenario(PRISON, [person(name) for name in sorted(where)])
    plan = make_judged_plan(scenario, QUICK).plan
    return replace(
        plan,
        placements=tuple(replace(p, cell_id=where[p.person_id]) for p in plan.placements),
        verified=False,
    )


def revised(scenario: Scenario, where: Mapping[str, str | None] = PLACES) -> Plan:
    return replan(scenario, planned(where), QUICK).plan


def reasons(scenario: Scenario, plan: Plan) -> list[tuple[str, str]]:
    found = revision_of(with_last_plan(scenario, planned(PLACES)), plan)
    assert found is not None
    return [(line.person_id, line.words) for line in found.departures]


def test_an_arrival_takes_a_free_place() -> None:
    scenario = make_scenario(PRISON, [*PEOPLE, "p7"])
    plan = revised(scenario)
    assert departed(plan) == set()
    assert places(plan) == {**PLACES, "p7": "c4"}


def test_an_arrival_who_needs_a_taken_cell_moves_one_person() -> None:
    scenario = make_scenario(PRISON, [*PEOPLE, "p7"], locks=[lock("p7", "c3")])
    plan = revised(scenario)
    assert departed(plan) == {"p5"}
    assert reasons(scenario, plan) == [("p5", TAKEN)]


def test_people_of_a_closed_cell_move_and_nobody_else() -> None:
    scenario = closed(make_scenario(PRISON, PEOPLE), "c1")
    plan = revised(scenario)
    assert departed(plan) == {"p1", "p2"}
    assert reasons(scenario, plan) == [("p1", OUT_OF_USE), ("p2", OUT_OF_USE)]


def test_a_cell_that_is_gone_is_no_reason_to_refuse() -> None:
    cells = [c for c in PRISON if c.cell_id != "c3"]
    scenario = make_scenario(cells, PEOPLE)
    plan = revised(scenario)
    assert departed(plan) == {"p5"}
    assert reasons(scenario, plan) == [("p5", GONE)]


def test_a_new_non_association_parts_one_of_two() -> None:
    scenario = make_scenario(
        PRISON,
        PEOPLE,
        non_associations=[NonAssociation("p3", "p4", Restriction.CELL)],
    )
    plan = revised(scenario)
    assert len(departed(plan)) == 1
    assert departed(plan) < {"p3", "p4"}
    ((_, words),) = reasons(scenario, plan)
    assert "R09" in words


def test_locks_are_kept_and_change_the_least() -> None:
    scenario = make_scenario(PRISON, PEOPLE, locks=[forbid("p4", "c2"), lock("p5", "c3")])
    plan = revised(scenario)
    assert departed(plan) == {"p4"}
    assert reasons(scenario, plan) == [("p4", "Closed by R51-officer-locks.")]


@pytest.mark.parametrize(
    ("changes", "forced"),
    [
        ({}, 0),
        ({"locks": [forbid("p4", "c2"), lock("p5", "c4"), lock("p1", "c1")]}, 2),
        ({"non_associations": [NonAssociation("p3", "p4", Restriction.CELL)]}, 1),
        (
            {
                "non_associations": [
                    NonAssociation("p1", other, Restriction.WING) for other in ("p2", "p3", "p5")
                ]
            },
            1,
        ),
    ],
)
def test_departures_that_the_law_forces_are_counted(
    changes: Mapping[str, Any], forced: int
) -> None:
    people = [person(name, planned_place=PLACES[name]) for name in PEOPLE]
    scenario = make_scenario(PRISON, people, **changes)
    assert forced_departures(scenario, prepare_instance(scenario)) == forced
    shut = closed(scenario, "c1")
    without = forced - 1 if len(changes.get("non_associations", ())) == 3 else forced
    assert forced_departures(shut, prepare_instance(shut)) == without + 2
    plan = make_judged_plan(shut, QUICK).plan
    bound = next(t.bound for t in plan.tiers if t.tier is Tier.DEPARTURES)
    assert bound is not None
    assert without + 2 <= bound <= value(plan, Tier.DEPARTURES)


def test_a_lock_on_a_closed_cell_leaves_the_person_out_and_is_named() -> None:
    scenario = make_scenario(PRISON, PEOPLE, locks=[lock("p5", "c3")])
    plan = revised(closed(scenario, "c3"))
    (unplaced,) = plan.unplaced
    assert unplaced.person_id == "p5"
    assert {RuleId.OFFICER_LOCKS, RuleId.CAPACITY} == set(unplaced.blocked_by)
    assert departed(plan) == {"p5"}


def test_people_who_left_are_forgotten_and_strangers_refused() -> None:
    fewer = make_scenario(PRISON, ["p1", "p3", "p7"])
    assert places(revised(fewer)) == {"p1": "c1", "p3": "c2", "p7": places(revised(fewer))["p7"]}
    with pytest.raises(ConfigError, match="places none of its people"):
        revised(make_scenario(PRISON, ["q1", "q2"]))


def test_a_revision_reads_back_with_its_planned_places() -> None:
    scenario = closed(make_scenario(PRISON, PEOPLE), "c1")
    plan = revised(scenario)
    again = read_plan(plan_document(plan))
    assert again.departures == plan.departures
    other = replace(again.placements[0], planned_place="c4")
    forged = replace(again, placements=(other, *again.placements[1:]))
    found = check_plan(with_last_plan(scenario, planned(PLACES)), forged)
    assert any("said to have been planned into c4" in words for words in found)


def test_what_was_signed_in_the_last_plan_is_good_enough() -> None:
    """p1 and p2 crowd c1 by derogation although c5 is free; an arrival is no reason to undo it."""
    crowded = [cell("c1", 2, working_capacity=1), cell("c5", 1), cell("c7", 1)]
    scenario = make_scenario(crowded, ["p1", "p2", "p3"])
    where = {"p1": "c1", "p2": "c1", "p3": "c5"}
    plan = make_judged_plan(scenario, QUICK).plan
    values = verify(scenario, where).tiers
    signed = replace(
        plan,
        placements=tuple(replace(p, cell_id=where[p.person_id]) for p in plan.placements),
        tiers=tuple(replace(t, value=values[t.tier], bound=None) for t in plan.tiers),
    )
    wider = [*crowded, cell("c9", 1)]
    after = replace(make_scenario(wider, ["p1", "p2", "p3", "p7"]), content_hash="changed")
    kept = replan(after, signed, QUICK).plan
    assert departed(kept) == set()
    assert value(kept, Tier.DEROGATIONS) == values[Tier.DEROGATIONS] == 10
    strict = replan(after, replace(signed, verified=False), QUICK).plan
    assert len(departed(strict)) == 1
    assert value(strict, Tier.DEROGATIONS) == 0


CELLS = (cell("c1", 2), cell("c2", 1), cell("c3", 2, area_m2=6.0))
NAMES = ("p1", "p2", "p3", "p4")


def lawful_by_force(scenario: Scenario) -> list[Mapping[Tier, int]]:
    """Values of all lawful placements, each asked of the judge."""
    options = [*(c.cell_id for c in scenario.estate.cells), None]
    judged = (
        verify(scenario, dict(zip(scenario.person_by_id, cells, strict=True)))
        for cells in product(options, repeat=len(scenario.people))
    )
    return [j.tiers for j in judged if j.is_lawful]


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.sampled_from(("c1", "c2", "c3", "gone", None)), min_size=4, max_size=4),
    st.lists(st.sampled_from((Sex.MALE, Sex.MALE, Sex.FEMALE)), min_size=4, max_size=4),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.sampled_from(("c1", "c2", "c3", "none")),
    st.sampled_from((Restriction.CELL, Restriction.LANDING)),
)
def test_departures_are_the_fewest(
    where: list[str | None],
    sexes: list[Sex],
    unassessed: set[str],
    shut: str,
    restriction: Restriction,
) -> None:
    people = [
        person(
            name,
            sex=sex,
            planned_place=place,
            current_place="c1" if name in {"p1", "p2"} else None,
            sharing_assessed_at=None if name in unassessed else days_ago(7),
        )
        for name, sex, place in zip(NAMES, sexes, where, strict=True)
    ]
    scenario = closed(
        make_scenario(
            CELLS,
            people,
            non_associations=[NonAssociation("p1", "p3", restriction)],
            locks=[forbid("p2", "c3")],
        ),
        shut,
    )
    tiers = [setting.tier for setting in scenario.tiers if setting.tier is not Tier.EXPOSURE][:4]
    plan = make_judged_plan(scenario, QUICK).plan
    lawful = lawful_by_force(scenario)
    least = min(tuple(values[tier] for tier in tiers) for values in lawful)
    assert tuple(value(plan, tier) for tier in tiers) == least
    if scenario.is_revision:
        fewest = min(values[Tier.DEPARTURES] for values in lawful)
        assert forced_departures(scenario, prepare_instance(scenario)) <= fewest
