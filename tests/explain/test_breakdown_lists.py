"""Occupancy, moves, days, reviews, data quality and signing of a breakdown."""

from dataclasses import replace

import pytest

from allocator.explain.breakdown import Breakdown, break_down
from allocator.explain.occupancy import OccupancyBand, occupancy
from allocator.explain.readers import RECORDED, Reader
from allocator.explain.reasons import MoveReason
from allocator.explain.space_days import SpaceLine
from allocator.jobs.order import order_placement
from allocator.model.catalogue import RuleId
from allocator.model.estate import TransferPair, VirtualPlace
from allocator.model.plan import Breach, Derogation, ShortfallCause, Verdict
from allocator.model.relations import NonAssociation, ProtectionNeed
from allocator.model.vocabulary import (
    AuthorityKind,
    LegalCategory,
    NetworkRole,
    Restriction,
    SecurityCategory,
    Status,
    UsedFor,
    VirtualPlaceKind,
)
from tests.builders import (
    OFF,
    authority,
    cell,
    days_ago,
    facility,
    landing,
    make_scenario,
    person,
    role,
    wing,
)
from tests.report.sample import make_plan, sample_plan, sample_scenario


@pytest.mark.parametrize(
    ("taken", "places", "percent", "band"),
    [
        (89, 100, 89, OccupancyBand.UNDER_90),
        (9, 10, 90, OccupancyBand.UP_TO_100),
        (7, 7, 100, OccupancyBand.UP_TO_100),
        (201, 200, 100, OccupancyBand.UP_TO_110),
        (11, 10, 110, OccupancyBand.UP_TO_110),
        (73, 50, 146, OccupancyBand.OVER_110),
        (0, 0, None, OccupancyBand.NO_PLACES),
        (2, 0, None, OccupancyBand.OVER_110),
    ],
)
def test_bands(taken: int, places: int, percent: int | None, band: OccupancyBand) -> None:
    found = occupancy(taken, taken, places)
    assert (found.percent, found.band) == (percent, band)


def test_places_per_unit_leave_out_buffers_and_cells_out_of_use() -> None:
    scenario = make_scenario(
        cells=[
            cell("c1", 3, cna=2, max_capacity=5),
            cell("c2", 7, status=Status.INACTIVE),
            cell("c3", 1, buffer=True),
            cell("d1", 2, parent="M"),
        ],
        people=[
            person("p1", current_place="c1"),
            person("p2", current_place="d1", places_needed=2),
        ],
        units=[wing("V"), landing("M", "V")],
    )
    found = {u.unit_id: u for u in break_down(scenario, make_plan(scenario, {"p1": "d1"})).units}
    assert list(found) == ["F", "V", "M", "W", "L"]
    w, v = found["W"], found["V"]
    assert (w.cna, w.effective, w.max_capacity) == (3, 3, 6)
    assert (w.buffer_places, w.cells_out_of_use) == (1, 1)
    assert (w.before.held, w.after.held) == (1, 0)
    assert (v.after.held, v.after.taken, v.after.percent) == (2, 3, 150)


def test_categories_count_designated_places_and_the_plan_says_what_is_missing() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 2), cell("r1", 3, parent="R"), cell("u1", 1, used_for={UsedFor.REMAND})],
        people=[
            person("p1", current_place="c1"),
            *(
                person(p, current_place=c, legal_category=LegalCategory.REMAND)
                for p, c in (("p2", "r1"), ("p3", "r1"), ("p4", "c1"), ("p5", None))
            ),
        ],
        units=[landing("R", legal_category=LegalCategory.REMAND)],
        settings={RuleId.REMAND_SENTENCED: OFF},
    )
    plan = make_plan(scenario, {"p4": "u1"}, shortfall_causes=(missing("remand", 1),))
    remand, sentenced, open_to_all = break_down(scenario, plan, Reader.SECURITY).categories
    assert (remand.places, remand.held_before, remand.held_after) == (4, 3, 3)
    assert (remand.in_designated, remand.occupancy.percent, remand.missing) == (3, 100, 1)
    assert (remand.people, sentenced.people, open_to_all.people) == (4, 1, None)
    assert (sentenced.places, sentenced.held_after, sentenced.missing) == (0, 1, 0)
    assert (open_to_all.places, open_to_all.held_before, open_to_all.held_after) == (2, 2, 1)


def test_reasons_say_what_the_move_settles() -> None:
    scenario = sample_scenario()
    found = break_down(scenario, sample_plan(scenario), Reader.SECURITY)
    reasons = {move.person_id: move.reason for move in found.moves}
    assert reasons == {
        "P070": MoveReason.ADMINISTRATIVE,
        "P003": MoveReason.EXPOSURE_REDUCTION,
        "P005": MoveReason.EXPOSURE_REDUCTION,
        "P009": MoveReason.EXPOSURE_REDUCTION,
        "P013": MoveReason.CONFLICT,
        "P020": MoveReason.LEGAL_CATEGORY,
        "P061": MoveReason.CLASSIFICATION,
    }
    conflict = next(move for move in found.moves if move.person_id == "P013")
    assert conflict.rules_settled == (RuleId.NON_ASSOCIATION,)
    by_finding = next(move for move in found.moves if move.person_id == "P009")
    assert by_finding.rules_settled == ()


def test_moves_tell_transfers_and_first_placements_apart() -> None:
    scenario = make_scenario(
        cells=["c1", "c2", cell("d1", parent="V"), cell("g1", parent="G"), cell("g2", parent="G")],
        people=[
            person("p1", current_place="c1"),
            person("p2", current_place="c2"),
            person("p3", current_place="reception"),
            person("p4"),
        ],
        units=[wing("V"), facility("G")],
        thresholds={"officers_per_move": 3, "minutes_per_move": 7},
        estate={
            "virtual_places": (VirtualPlace("reception", "F", VirtualPlaceKind.RECEPTION),),
            "transfer_pairs": (TransferPair("F", "G", is_open=True),),
        },
    )
    plan = make_plan(scenario, {"p1": "d1", "p2": "g1", "p3": "g2", "p4": "c1"})
    found = break_down(scenario, plan, Reader.SECURITY)
    kinds = {move.person_id: (move.kind, move.is_transfer, move.officers) for move in found.moves}
    assert kinds == {
        "p1": ("between wings", False, 3),
        "p2": ("between facilities", True, 3),
        "p3": ("first placement", True, None),
        "p4": ("first placement", False, None),
    }
    totals = found.move_totals
    assert (totals.moves, totals.transfers, totals.first_placements) == (2, 1, 2)
    assert totals.officer_minutes == 2 * 3 * 7
    assert found.moves[-1].reason is MoveReason.ADMINISTRATIVE


def test_the_move_list_has_the_officers_that_the_order_of_moves_takes() -> None:
    """It counted `officers_per_move` for everybody, where the order took more for some."""
    scenario = make_scenario(
        cells=[*(f"c{n}" for n in range(1, 5)), cell("d1", parent="V"), cell("d2", parent="L")],
        people=[
            person("p1", current_place="c1", security_category=SecurityCategory.A),
            person("p2", current_place="c2"),
            person("p3", current_place="c3", security_category=SecurityCategory.A),
        ],
        units=[wing("V", sealed=True)],
        thresholds={"officers_per_move": 3, "officers_high_risk": 5, "officers_sealed_unit": 7},
    )
    plan = make_plan(scenario, {"p1": "c4", "p2": "d2", "p3": "d1"})
    found = break_down(scenario, plan, Reader.SECURITY)
    officers = {move.person_id: move.officers for move in found.moves}
    assert officers == {"p1": 5, "p2": 3, "p3": 7}
    sequence = order_placement(scenario, {p.person_id: p.cell_id for p in plan.placements})
    assert {step.person_id: step.officers for step in sequence.steps} == officers
    minutes = scenario.profile.thresholds.minutes_per_move
    assert found.move_totals.officer_minutes == (5 + 3 + 7) * minutes


def test_days_below_the_floors_now_and_after_one_more_day() -> None:
    scenario = make_scenario(
        cells=[
            cell("c1", 2, area_m2=5.0), cell("c2", 2, area_m2=7.0),
            "c3", cell("c4", 1, area_m2=4.0),
        ],
        people=[
            person("p1", current_place="c1", days_below_hard_floor=26, days_below_warning_floor=40),
            person("p2", current_place="c1"),
            person("p3", current_place="c2", days_below_hard_floor=5, days_below_warning_floor=11),
            person("p4", current_place="c2"),
            person("p5", current_place="c3"),
            person("p6", current_place="c4"),
        ],
        settings={RuleId.SPACE_FLOOR: OFF},
    )  # fmt: skip
    found = break_down(scenario, make_plan(scenario, {}), Reader.SECURITY)
    assert found.space == (
        SpaceLine("p1", "c1", 2.5, True, 26, 27, 40, 41, True),
        SpaceLine("p2", "c1", 2.5, True, 0, 1, 0, 1, False),
        SpaceLine("p3", "c2", 3.5, False, 5, 0, 11, 12, False),
        SpaceLine("p4", "c2", 3.5, False, 0, 0, 0, 1, False),
    )
    totals = found.space_totals
    assert (totals.below_hard, totals.below_warning, totals.limit_reached) == (2, 4, 1)
    assert totals.in_unknown_area == 1


def test_reviews_due_in_thirty_days_overdue_first() -> None:
    late = replace(role("p3", NetworkRole.NONE), valid_until=days_ago(2))
    scenario = make_scenario(
        people=["p1", "p2", "p3"],
        authorities=[authority("p1", AuthorityKind.SEPARATION, 3, expires_at=days_ago(-31))],
        findings=[role("p2", NetworkRole.NONE), late],
        protection_needs=[
            ProtectionNeed("p2", Restriction.WING, "threat", "governor", days_ago(-7), "p3")
        ],
    )
    found = break_down(scenario, make_plan(scenario, {}), Reader.SECURITY).reviews
    assert [(line.days, line.subject, line.what) for line in found] == [
        (-2, "p3", "Placement finding (network role)"),
        (7, "p2", "Protection need"),
        (20, "p1", "Review of separation authority"),
    ]
    assert [line.is_overdue for line in found] == [True, False, False]


def test_data_quality_counts() -> None:
    scenario = sample_scenario()
    lines = {line.words: line for line in break_down(scenario, sample_plan(scenario)).quality}
    roles = lines["People whose role is unknown"]
    assert (roles.count, roles.of, roles.percent) == (66, 72, 91)
    assert lines["People without a cell sharing risk assessment"].count == 1
    assert lines["Pairs of people linked by one source only"].count == 2
    assert lines["Cells in use whose floor area is not recorded"].count == 1


def test_unlawful_holds_name_the_expiry_and_whether_the_plan_ends_them() -> None:
    scenario = sample_scenario()
    (hold,) = break_down(scenario, sample_plan(scenario), Reader.SECURITY).unlawful_holds
    assert (hold.person_id, hold.place_now, hold.place_planned) == ("P061", "S1-02", "B2-99")
    assert (hold.expired_at, hold.leaves) == (days_ago(6), True)
    (stays,) = break_down(scenario, make_plan(scenario, {}), Reader.SECURITY).unlawful_holds
    assert not stays.leaves


def with_derogation(rule: RuleId, reader: Reader = Reader.OFFICER) -> Breakdown:
    scenario = make_scenario(cells=["c1"], people=["p1", "p2", "p3"])
    breach = Breach(rule, ("p1", "p2"), "c1", 3, "the leader p1 meets p2")
    plan = make_plan(scenario, {}, derogations=(Derogation(breach, 7, "governor"),))
    return break_down(scenario, plan, reader)


def test_derogations_go_person_by_person_with_the_signing_role() -> None:
    found = with_derogation(RuleId.CAPACITY)
    assert [(d.number, d.person_id, d.points, d.signed_by) for d in found.derogations] == [
        (1, "p1", 21, "governor"),
        (1, "p2", 21, "governor"),
    ]
    assert (found.headline.derogations, found.headline.derogation_points) == (1, 21)
    assert found.reviews[-1].days == 7


@pytest.mark.parametrize("rule", [RuleId.LEADERS, RuleId.SOURCE_RECEPTIVE_CELL, RuleId.FIRST_TIME])
def test_derogations_tell_nothing_of_findings_on_a_person(rule: RuleId) -> None:
    (line,) = with_derogation(rule).derogations
    assert (line.rule, line.person_id, line.detail) == (RECORDED, "", "")
    assert (line.place, line.points, line.signed_by) == ("c1", 21, "governor")
    told = with_derogation(rule, Reader.SECURITY).derogations
    assert [(d.rule, d.person_id) for d in told] == [(rule, "p1"), (rule, "p2")]
    assert "leader" in told[0].detail


def missing(category: str, places: int) -> ShortfallCause:
    return ShortfallCause(category, (RuleId.CAPACITY,), places)


def test_shortfall_in_words_says_missing_only_where_there_is_no_room() -> None:
    scenario = make_scenario()
    apart, single = RuleId.NON_ASSOCIATION, RuleId.SINGLE_CELL
    closed = "close it to the people concerned"
    causes = (
        ShortfallCause("remand", (single, apart), 2000),
        missing("sentenced", 1),
        ShortfallCause("remand", (apart,), 3),
        ShortfallCause("remand", (), 1),
        missing("remand", 23),
    )
    plan = make_plan(scenario, {}, shortfall_causes=causes)
    assert [line.words for line in break_down(scenario, plan, Reader.SECURITY).shortfall] == [
        "23 remand places are missing.",
        "1 sentenced place is missing.",
        f"2,000 remand places more: room is left, but {single} and {apart} together {closed}.",
        f"3 remand places more: room is left, but {apart} closes it to the people concerned.",
        "1 remand place more: room is left, but the search did not use it.",
    ]
    assert plan.places_missing == {"remand": 23, "sentenced": 1}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_words_and_none_claims_an_effect(verdict: Verdict) -> None:
    scenario = make_scenario()
    head = break_down(
        scenario, make_plan(scenario, {"p1": "c1"}, verdict=verdict), Reader.SECURITY
    ).headline
    assert head.title
    assert "best" not in head.words
    if verdict is Verdict.OUT_OF_TIME:
        assert "not a statement that" in head.words


def test_non_association_that_stays_broken_is_no_reason() -> None:
    scenario = make_scenario(
        cells=["c1", "c2", "c3"],
        people=[person("p1", current_place="c1"), person("p2", current_place="c2")],
        non_associations=[NonAssociation("p1", "p2", Restriction.LANDING)],
    )
    (move,) = break_down(scenario, make_plan(scenario, {"p1": "c3"}), Reader.SECURITY).moves
    assert (move.reason, move.rules_settled) == (MoveReason.ADMINISTRATIVE, ())
