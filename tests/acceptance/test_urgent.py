"""Where one arrival can go now: best lawful cells, reasons, and why not the others (R59)."""

from dataclasses import replace
from typing import Any

import pytest

from allocator.errors import ConfigError, InternalError
from allocator.explain.offers import Answer, Signature
from allocator.jobs.exits import ExitCode
from allocator.jobs.place import Placer
from allocator.jobs.place_document import exit_code_of_answer, place_document
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.policy import TierSetting
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    ExposureKind,
    Grade,
    LegalCategory,
    NetworkRole,
    Restriction,
    SharingRisk,
    Tier,
    UsedFor,
)
from tests.builders import (
    cell,
    derogable,
    freeze,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)

SECOND_WING = [wing("W2"), landing("L2", "W2")]


def asked(scenario: Scenario, person_id: str = "new") -> Answer:
    """A checked answer."""
    placer = Placer(scenario)
    return placer.check(placer.place(person_id))


def closed(answer: Answer) -> dict[str, set[RuleId]]:
    return {cell.cell_id: set(cell.closed_by) for cell in answer.others}


def test_cells_are_ranked_by_exposure_and_all_changes_are_told() -> None:
    people = [
        person("lead", current_place="c1"),
        person("new", home_area="north"),
    ]
    scenario = make_scenario(
        [cell("c1", 2), cell("c2", 2), cell("c3", 2, "L2"), cell("c4", 2, "L2", area_m2=5.0)],
        people,
        units=[wing("W2", home_area="north"), landing("L2", "W2")],
        findings=[role("lead", NetworkRole.LEADER), receptivity("new", Grade.HIGH)],
    )
    answer = asked(scenario)
    points = 10 * 8 * 3
    assert [offer.cell_id for offer in answer.offers] == ["c3", "c4", "c2"]
    assert [offer.tiers[Tier.EXPOSURE] for offer in answer.offers] == [points, points, 15 * points]
    best = answer.offers[0]
    assert best.tiers[Tier.UNPLACED] == -1
    assert best.tiers[Tier.PREFERENCES] == -1
    assert (GoalId.NEAR_HOME, -1) in {(share.source, share.points) for share in best.shares}
    tight = answer.offers[1].space
    assert (tight.taken_before, tight.taken_after, tight.working_capacity) == (0, 1, 2)
    assert (tight.hard_floor_places, tight.area_m2_per_place, tight.floor_broken) == (1, 5.0, "")
    assert closed(answer) == {"c1": {RuleId.SOURCE_RECEPTIVE_CELL}}
    assert exit_code_of_answer(answer) is ExitCode.DONE


def test_order_of_the_tiers_is_the_policys() -> None:
    cells = [cell("c1", 2), cell("c2", cna=1, max_capacity=2, working_capacity=2)]
    people = [person("a", current_place="c1"), person("b", current_place="c2"), person("new")]
    fields: dict[str, Any] = {
        "units": SECOND_WING,
        "settings": {RuleId.NON_ASSOCIATION: derogable(7)},
        "non_associations": [NonAssociation("a", "new", Restriction.CELL)],
    }
    usual = asked(make_scenario(cells, people, **fields))
    assert [offer.cell_id for offer in usual.offers] == ["c2", "c1"]
    tiers = tuple(TierSetting(tier) for tier in reversed(Tier))
    turned = asked(make_scenario(cells, people, policy={"tiers": tiers}, **fields))
    assert [offer.cell_id for offer in turned.offers] == ["c1", "c2"]
    signed = turned.offers[0]
    assert [(s.rule, s.points, s.signed_by) for s in signed.signatures] == [
        (RuleId.NON_ASSOCIATION, 7, "governor")
    ]
    assert [d.breach.person_ids for d in signed.derogations] == [("a", "new")]


def test_a_cellmate_counts_more_than_a_neighbour() -> None:
    scenario = make_scenario(
        [cell("c1", 2), cell("c2", 3)],
        [person("boss", current_place="c1"), person("new")],
        findings=[role("boss", NetworkRole.ENFORCER)],
    )
    answer = asked(scenario)
    coercion = {offer.cell_id: offer.exposure[ExposureKind.COERCION] for offer in answer.offers}
    assert coercion == {"c1": 40 * 100, "c2": 40 * 15}


def test_whoever_must_be_alone_is_disturbed_by_the_first_to_come() -> None:
    alone = SharingRisk.HIGH
    people = [
        person("a", current_place="c1", sharing_risk=alone),
        person("b", current_place="c2", sharing_risk=alone),
        person("c", current_place="c2"),
        person("new"),
    ]
    settings = {RuleId.SINGLE_CELL: derogable(7)}
    answer = asked(make_scenario([cell("c1", 3), cell("c2", 3)], people, settings=settings))
    assert [(offer.cell_id, offer.tiers[Tier.DEROGATIONS]) for offer in answer.offers] == [
        ("c2", 0),
        ("c1", 7),
    ]


def test_only_by_derogation_is_said_and_is_no_success() -> None:
    crowded = cell("c1", max_capacity=2)
    answer = asked(make_scenario([crowded], [person("a", current_place="c1"), person("new")]))
    assert [s.rule for s in answer.offers[0].signatures] == [RuleId.CAPACITY]
    assert (answer.lawful, answer.unsigned) == (1, 0)
    assert exit_code_of_answer(answer) is ExitCode.LEAST_BAD


def test_no_cell_is_lawful_names_the_nearest_and_all_rules() -> None:
    people = [
        person("a", current_place="c1", legal_category=LegalCategory.REMAND),
        person("b", current_place="c3"),
        person("new"),
    ]
    scenario = make_scenario(
        ["c1", cell("c2", 2), cell("c3", parent="L2")], people, units=SECOND_WING
    )
    answer = asked(scenario)
    assert answer.offers == ()
    assert closed(answer) == {
        "c1": {RuleId.CAPACITY, RuleId.REMAND_SENTENCED},
        "c2": {RuleId.REMAND_SENTENCED},
        "c3": {RuleId.CAPACITY},
    }
    assert answer.closed_by == {RuleId.CAPACITY: 2, RuleId.REMAND_SENTENCED: 2}
    assert answer.nearest is not None
    assert answer.nearest.cell_id == "c2"
    assert exit_code_of_answer(answer) is ExitCode.LEAST_BAD


def test_an_authority_is_never_a_step() -> None:
    units = [
        wing("W2", used_for=frozenset({UsedFor.SEPARATION}), regime_level=4),
        landing("L2", "W2"),
    ]
    scenario = make_scenario([cell("c1", parent="L2")], ["new"], units=units)
    answer = asked(scenario)
    assert closed(answer) == {"c1": {RuleId.AUTHORITY}}
    assert answer.nearest is None


def test_whoever_leaves_does_not_leave_one_person_alone_without_contact() -> None:
    units = [wing("W2", unlock_hours=1.0, meaningful_contact_hours=1.0), landing("L2", "W2")]
    people = [person("a", current_place="c1"), person("b", current_place="c1")]
    scenario = make_scenario(["c2", cell("c1", 2, "L2")], people, units=units)
    answer = asked(scenario, "a")
    assert answer.offers == ()
    assert closed(answer) == {"c1": set(), "c2": {RuleId.NO_SOLITARY}}


def test_a_frozen_person_stays_and_the_present_cell_is_never_offered() -> None:
    scenario = make_scenario(
        ["c1", "c2"], [person("new", current_place="c1")], freezes=[freeze("new")]
    )
    answer = asked(scenario)
    assert answer.offers == ()
    assert [(c.cell_id, c.closed_by, c.is_present) for c in answer.others] == [
        ("c1", (), True),
        ("c2", (RuleId.FROZEN,), False),
    ]


def test_a_yard_that_not_all_have_does_not_stop_the_answer() -> None:
    child = person("new", age_years=16)
    units = [wing("W2", exercise_group="y"), landing("L2", "W2")]
    cells = [cell("c1", 2), cell("c2", parent="L2")]
    answer = asked(make_scenario(cells, [person("a", current_place="c1"), child], units=units))
    assert [offer.cell_id for offer in answer.offers] == ["c2"]
    assert closed(answer) == {"c1": {RuleId.SEX_AND_AGE}}


def test_unknown_person_gets_the_nearest_id() -> None:
    with pytest.raises(ConfigError, match="nearest id is 'P0012'"):
        Placer(make_scenario(["c1"], ["P0012", "X9"])).place("P012")


@pytest.mark.parametrize(
    "wrong",
    [
        {"tiers": dict.fromkeys(Tier, 0)},
        {"exposure": dict.fromkeys(ExposureKind, 1)},
        {"signatures": (Signature(RuleId.CAPACITY, 5, "governor"),)},
        {"cell_id": "full"},
    ],
)
def test_an_offer_that_the_judge_does_not_confirm_is_never_shown(wrong: dict[str, Any]) -> None:
    people = [person("a", current_place="full"), person("new")]
    placer = Placer(make_scenario(["free", "full"], people))
    answer = placer.place("new")
    assert not answer.is_checked
    assert placer.check(answer).is_checked
    (offer,) = answer.offers
    with pytest.raises(InternalError):
        placer.check(replace(answer, offers=(replace(offer, **wrong),)))


def test_document_has_every_cell_once() -> None:
    scenario = make_scenario([f"c{k}" for k in range(9)], ["new"])
    placer = Placer(scenario)
    found = place_document(scenario, placer.check(placer.place("new")), placer.present)
    assert [offer["rank"] for offer in found["offers"]] == [1, 2, 3, 4, 5]
    assert {offer["equals"] for offer in found["offers"]} == {9}
    named = [row["cell_id"] for row in (*found["offers"], *found["other_cells"])]
    assert sorted(named) == [f"c{k}" for k in range(9)]
    assert [row["rank"] for row in found["other_cells"]] == [6, 7, 8, 9]
    assert "no evidence that it predicts" in found["caveat"]
