"""Rooms, wings and policies: space, sealed and understaffed units, monitoring, replay."""

from dataclasses import replace

from allocator.model.catalogue import RuleId
from allocator.model.estate import SharedSetting
from allocator.model.profile import RuleSetting
from allocator.model.vocabulary import Enforcement, NetworkRole, SharedSettingKind, VeoStatus
from allocator.report.page import render_page
from tests.acceptance.planned import places, planned, told, why_unplaced
from tests.builders import (
    DAY,
    cell,
    days_ago,
    landing,
    make_scenario,
    person,
    role,
    soft,
    wing,
)


def test_a_sealed_unit_that_shares_a_workshop_holds_nobody() -> None:
    shop = SharedSetting("shop", SharedSettingKind.ACTIVITY, frozenset({"WX", "W"}))
    units = [wing("WX", sealed=True), landing("LX", "WX")]
    scenario = make_scenario(
        [cell("c1", parent="LX")], ["p"], units=units, estate={"settings": (shop,)}
    )
    assert places(replace(scenario, estate=replace(scenario.estate, settings=()))) == {"p": "c1"}
    both = make_scenario(
        [cell("c1", parent="LX"), "c2"], ["p", "q"], units=units, estate={"settings": (shop,)}
    )
    assert set(places(both).values()) == {"c2", None}
    assert {r for rules in why_unplaced(both).values() for r in rules} == {
        RuleId.CAPACITY,
        RuleId.SEALED_UNITS,
    }


def test_caps_fall_with_the_trained_staff() -> None:
    cells = [cell("c1", parent="LX"), cell("c2", parent="LX")]
    units = [wing("WX", trained_staff_per_shift=1), landing("LX", "WX")]
    people = [person(key, veo_status=VeoStatus.CHARGED) for key in "ab"]
    caps = {"max_veo_per_wing": 2, "max_leaders_per_unit": 1}
    (derogation,) = planned(make_scenario(cells, people, units=units, policy=caps)).plan.derogations
    assert derogation.breach.rule is RuleId.STAFFING
    assert derogation.breach.detail == "WX holds 2 people with VEO status; 1 allowed"
    leader = [role("a", NetworkRole.LEADER)]
    scenario = make_scenario(cells, ["a"], units=units, policy=caps, findings=leader)
    (derogation,) = planned(scenario).plan.derogations
    assert derogation.breach.detail == "WX holds 1 leaders; 0 allowed"


def test_a_monitoring_order_lasts_to_its_last_day() -> None:
    units = [wing("WX", communications_monitoring=True), landing("LX", "WX")]
    cells = [cell("c1", parent="LX"), cell("c2")]
    for until, where in ((DAY, "c1"), (days_ago(1), "c2")):
        people = [person("p", communications_order_until=until, current_place="c2")]
        assert places(make_scenario(cells, people, units=units)) == {"p": where}


def test_an_empty_prison_has_an_empty_plan() -> None:
    assert places(make_scenario(["c1"], [])) == {}


def test_a_rule_that_is_only_weighed_or_reported_is_shown_all_the_same() -> None:
    people = [person("young", age_years=19), person("old", age_years=50)]
    for setting, points in ((soft(3), 3), (RuleSetting(Enforcement.REPORT), 0)):
        scenario = make_scenario([cell("c1", 2)], people, settings={RuleId.YOUNG_ADULTS: setting})
        report = told(scenario)
        assert [(line.person_id, line.points) for line in report.unmet] == [
            ("old", points),
            ("young", points),
        ]
        assert "Rules not kept that nobody signs for" in render_page(report)


def test_small_cells_for_one_are_counted() -> None:
    cells = [cell("c1", area_m2=5.5), cell("c2", area_m2=6.0), cell("c3", 2, area_m2=5.9)]
    assert told(make_scenario(cells, ["p", "q", "r"])).space_totals.below_single == 1
