"""`check_plan`: a true plan passes, and each false word of a plan is found."""

from dataclasses import replace

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.plan import (
    Breach,
    Conflict,
    Derogation,
    Placement,
    Plan,
    Provenance,
    ShortfallCause,
    TierValue,
    Verdict,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import ExposureKind, Grade, NetworkRole, Tier
from allocator.verify import check_plan, verify
from tests.builders import cell, make_scenario, person, receptivity, role
from tests.verify.helpers import put

PROVENANCE = Provenance(
    "", "test", "1", "status_quo", "1", "default", 1, "normal", None, None, "0", "0"
)
PLACEMENT = put(c1="s a b", c2="t") | {"u": None}


@pytest.fixture(name="scenario")
def _scenario() -> Scenario:
    return make_scenario(
        cells=[cell("c1", 2, max_capacity=3), cell("c2", 2, parent="W")],
        people=[
            person("s", current_place="c1"),
            person("t", current_place="c1"),
            person("u", current_place="reception"),
            "a",
            "b",
        ],
        findings=[role("s", NetworkRole.LEADER), receptivity("t", Grade.LOW)],
    )


@pytest.fixture(name="plan")
def _plan(scenario: Scenario) -> Plan:
    judgement = verify(scenario, PLACEMENT)
    before = {**dict.fromkeys(PLACEMENT), "s": "c1", "t": "c1"}
    return Plan(
        scenario_name="test",
        verdict=Verdict.FEASIBLE,
        placements=tuple(
            Placement(p.person_id, p.current_place, PLACEMENT[p.person_id], {})
            for p in scenario.people
        ),
        tiers=tuple(TierValue(tier, value, value) for tier, value in judgement.tiers.items()),
        derogations=judgement.derogations,
        exposure=judgement.exposure,
        exposure_before=verify(scenario, before).exposure,
        shortfall={"sentenced": 1},
        conflicts=(),
        provenance=PROVENANCE,
        shortfall_causes=(ShortfallCause("sentenced", (), 1),),
    )


def test_a_true_plan_passes(scenario: Scenario, plan: Plan) -> None:
    assert plan.exposure[ExposureKind.SPILLOVER] == 400
    assert plan.exposure_before[ExposureKind.SPILLOVER] == 8000
    assert len(plan.derogations) == 1
    assert check_plan(scenario, plan) == ()


def test_unlawful_breaches(scenario: Scenario, plan: Plan) -> None:
    people = tuple(replace(p, sharing_assessed_at=None) for p in scenario.people)
    found = check_plan(replace(scenario, people=people), plan)
    assert [words.split(": ")[:2] for words in found] == [["unlawful", RuleId.SINGLE_CELL]] * 3


def test_a_derogation_that_is_not_declared(scenario: Scenario, plan: Plan) -> None:
    (words,) = check_plan(scenario, replace(plan, derogations=()))
    assert words == (
        "derogation not declared: R02-capacity at c1 (a, b, s), amount 1, price 10, "
        "to be signed by governor"
    )


TRUE = Breach(RuleId.CAPACITY, ("a", "b", "s"), "c1", 1, "words")
FALSE = (
    Derogation(replace(TRUE, person_ids=("a", "b")), 10, "governor"),
    Derogation(replace(TRUE, place="c2"), 10, "governor"),
    Derogation(replace(TRUE, amount=2), 10, "governor"),
    Derogation(replace(TRUE, rule=RuleId.SPACE_FLOOR), 10, "governor"),
    Derogation(TRUE, 9, "governor"),
    Derogation(TRUE, 10, "nobody"),
)


@pytest.mark.parametrize("declared", FALSE)
def test_a_derogation_declared_wrongly(
    scenario: Scenario, plan: Plan, declared: Derogation
) -> None:
    found = check_plan(scenario, replace(plan, derogations=(declared,)))
    assert [words.split(":")[0] for words in found] == [
        "derogation not declared",
        "derogation not found",
    ]


def test_a_derogation_declared_twice(scenario: Scenario, plan: Plan) -> None:
    found = check_plan(scenario, replace(plan, derogations=plan.derogations * 2))
    assert [words.split(":")[0] for words in found] == ["derogation not found"]


def test_the_order_of_people_and_the_words_are_free(scenario: Scenario, plan: Plan) -> None:
    declared = Derogation(replace(TRUE, person_ids=("s", "b", "a")), 10, "governor")
    assert check_plan(scenario, replace(plan, derogations=(declared,))) == ()


def test_tier_values_and_bounds(scenario: Scenario, plan: Plan) -> None:
    tiers = {entry.tier: entry for entry in plan.tiers}
    del tiers[Tier.UNPLACED]
    tiers[Tier.EXPOSURE] = TierValue(Tier.EXPOSURE, 399, 401)
    found = check_plan(scenario, replace(plan, tiers=tuple(tiers.values())))
    assert found == (
        "tier unplaced is missing; its value is 1",
        "tier exposure is said to be 399, is 400",
        "tier exposure has a bound of 401 above its value",
    )


def test_exposure_before_and_after(scenario: Scenario, plan: Plan) -> None:
    false = {**plan.exposure, ExposureKind.SPILLOVER: 401}
    assert check_plan(scenario, replace(plan, exposure=false)) == (
        "exposure of kind spillover is said to be 401, is 400",
    )
    assert check_plan(scenario, replace(plan, exposure_before={})) == (
        "exposure before of kind spillover is said to be 0, is 8000",
    )


def test_placements_that_are_wrong_missing_or_double(scenario: Scenario, plan: Plan) -> None:
    a, *others = plan.placements
    assert a.person_id == "a"
    moved = (replace(a, from_place="c2"), *others)
    assert check_plan(scenario, replace(plan, placements=moved)) == (
        "a is said to come from c2, is in None",
    )
    double = check_plan(scenario, replace(plan, placements=(a, *plan.placements)))
    assert double == ("a is placed 2 times",)
    missing = check_plan(scenario, replace(plan, placements=tuple(others)))
    assert "unlawful: R01-one-bed: a is neither placed nor named as unplaced" in missing
    assert "a is unplaced and not named so" in missing
    stranger = (*plan.placements, Placement("x", None, None, {}))
    assert check_plan(scenario, replace(plan, placements=stranger)) == (
        "unlawful: R01-one-bed: x is not a person of this scenario",
        "x is named as unplaced and is not",
    )


def test_places_missing_and_the_data_it_was_made_for(scenario: Scenario, plan: Plan) -> None:
    assert check_plan(scenario, replace(plan, shortfall={"remand": 2})) == (
        "remand places missing are said to be 2, are 0",
        "sentenced places missing are said to be 0, are 1",
    )
    assert check_plan(replace(scenario, content_hash="abc"), plan) == (
        "the plan was made for other data: hash , these have abc",
    )


def test_optimal_means_that_every_tier_meets_its_bound(scenario: Scenario, plan: Plan) -> None:
    proved = replace(plan, verdict=Verdict.OPTIMAL)
    assert check_plan(scenario, proved) == ()
    loose = tuple(
        replace(entry, bound=399) if entry.tier is Tier.EXPOSURE else entry for entry in plan.tiers
    )
    (words,) = check_plan(scenario, replace(proved, tiers=loose))
    assert words.startswith("the verdict is said to be optimal, but tier exposure has a value")
    settings = tuple(
        replace(setting, tolerance_permille=3) if setting.tier is Tier.EXPOSURE else setting
        for setting in scenario.policy.tiers
    )
    tolerant = replace(scenario, policy=replace(scenario.policy, tiers=settings))
    assert check_plan(tolerant, replace(proved, tiers=loose)) == ()
    (words,) = check_plan(scenario, replace(plan, verdict=Verdict.OUT_OF_TIME))
    assert words == "the verdict is said to be out_of_time, but people are placed"


def test_reasons_belong_to_the_unplaced(scenario: Scenario, plan: Plan) -> None:
    reasons = {"s": 1, "u": 3}
    placements = tuple(
        replace(p, blocked_by={RuleId.CAPACITY: reasons[p.person_id]})
        if p.person_id in reasons
        else p
        for p in plan.placements
    )
    assert check_plan(scenario, replace(plan, placements=placements)) == (
        "s is placed and has reasons for being unplaced",
        f"{RuleId.CAPACITY} is said to exclude 3 cells of 2",
    )


def test_conflicts_name_who_is_there_and_count_who_is_out(scenario: Scenario, plan: Plan) -> None:
    true = Conflict((RuleId.CAPACITY,), ("t", "u"), ("c1", "c2"), 1, "maximum flow", "")
    assert check_plan(scenario, replace(plan, conflicts=(true,))) == ()
    false = Conflict((RuleId.CAPACITY,), ("t", "u", "x"), ("c1", "c9"), 2, "maximum flow", "")
    assert check_plan(scenario, replace(plan, conflicts=(true, false))) == (
        "conflict 2 names x, who or which is not there",
        "conflict 2 names c9, who or which is not there",
        "conflict 2 says that 2 cannot be placed; of its people 1 are without a place",
    )


def test_causes_of_a_shortfall(scenario: Scenario, plan: Plan) -> None:
    no_room = ShortfallCause("sentenced", (RuleId.CAPACITY,), 1)
    (words,) = check_plan(scenario, replace(plan, shortfall_causes=(no_room,)))
    assert words == "1 sentenced places are said to be missing for want of room, are 0 to 0"
    found = check_plan(scenario, replace(plan, shortfall_causes=()))
    assert found == ("causes are given for 0 sentenced places; people without a place need 1",)
