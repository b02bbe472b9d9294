"""Exposure points and contact weights, computed by hand from the default parameters."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from allocator.model.estate import ContactEntry, SharedSetting
from allocator.model.person import Person
from allocator.model.policy import ContactWeights
from allocator.model.relations import InfluenceEdge
from allocator.model.vocabulary import (
    ContactSetting,
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    Grade,
    NetworkRole,
    SharedSettingKind,
    SourceGrade,
)
from allocator.verify import verify
from allocator.verify.contact import Contact
from allocator.verify.exposure import points_by_kind
from allocator.verify.people import Records
from allocator.verify.points import Points
from allocator.verify.sites import build_sites
from tests.builders import (
    DAY,
    cell,
    days_ago,
    facility,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)
from tests.verify.helpers import put

SPILLOVER, COLLUSION, COERCION, SUPPORT = ExposureKind


def edge(
    source: str, target: str, kind: EdgeKind, strength: int = 3, **fields: Any
) -> InfluenceEdge:
    """Current evidence of grade A, seen today unless `age` says otherwise."""
    observed, grade = days_ago(fields.pop("age", 0)), fields.pop("grade", SourceGrade.A)
    expires = fields.pop("expires", days_ago(-30))
    basis = EvidenceBasis.FACT
    return InfluenceEdge(source, target, kind, strength, grade, basis, observed, expires, **fields)


def points(kind: ExposureKind, *people: Person | str, **fields: Any) -> dict[str, int]:
    """Points of one kind by "source target", explicit points added."""
    scenario = make_scenario(people=people, **fields)
    table = Points(scenario, Records(scenario))
    names = [p.person_id for p in scenario.people]
    total: Counter[str] = Counter()
    for pair, value in points_by_kind(table, names)[kind]:
        total[" ".join(pair)] += value
    return dict(total)


LEADER = role("s", NetworkRole.LEADER)
HIGH = receptivity("t", Grade.HIGH)
OLD_UNKNOWN = replace(receptivity("t", Grade.HIGH), valid_until=days_ago(1))


@pytest.mark.parametrize(
    ("findings", "fields", "edges", "expected"),
    [
        ([LEADER, HIGH], {}, [], 240),
        ([LEADER, receptivity("t", Grade.LOW)], {}, [], 80),
        ([LEADER, receptivity("t", Grade.MODERATE)], {"first_time": True}, [], 240),
        ([LEADER, HIGH], {"arrived_at": days_ago(60)}, [], 360),
        ([LEADER, HIGH], {"arrived_at": days_ago(61)}, [], 240),
        ([LEADER], {}, [], 0),
        ([LEADER], {"first_time": True}, [], 0),
        ([LEADER], {"arrived_at": DAY}, [], 240),
        ([LEADER, OLD_UNKNOWN], {}, [], 160),
        ([LEADER], {}, [edge("t", "s", EdgeKind.SUPPORTS)], 160),
        ([LEADER], {}, [edge("t", "s", EdgeKind.SUPPORTS, expires=days_ago(1))], 0),
        ([LEADER], {}, [edge("s", "t", EdgeKind.DIRECTS, expires=DAY)], 320),
        ([LEADER, HIGH], {}, [edge("t", "s", EdgeKind.CO_DEFENDANT, age=180)], 360),
        ([LEADER, HIGH], {}, [edge("s", "t", EdgeKind.DIRECTS, 1)], 320),
        (
            [LEADER, HIGH],
            {},
            [
                edge("s", "t", EdgeKind.RECRUITS, 2, grade=SourceGrade.B, age=360),
                edge("s", "t", EdgeKind.DIRECTS, 1, grade=SourceGrade.E, age=90),
            ],
            272,
        ),
        ([LEADER, HIGH], {}, [edge("s", "t", EdgeKind.DIRECTS, age=-1)], 240),
        ([role("s", NetworkRole.FOLLOWER), HIGH], {}, [], 60),
        ([role("s", NetworkRole.MENTOR), HIGH], {}, [], 0),
        ([role("s", NetworkRole.LEADER, "n"), role("t", NetworkRole.NONE, "n"), HIGH], {}, [], 0),
        ([role("s", NetworkRole.LEADER, "n"), role("t", NetworkRole.NONE, "m"), HIGH], {}, [], 240),
    ],
)
def test_spillover(findings: Any, fields: Any, edges: Any, expected: int) -> None:
    people = ("s", person("t", **fields))
    found = points(SPILLOVER, *people, findings=findings, influence_edges=edges)
    assert found == ({"s t": expected} if expected else {})


def test_collusion_counts_a_pair_of_one_network_once() -> None:
    findings = [
        role("a", NetworkRole.FOLLOWER, "n"),
        role("b", NetworkRole.LEADER, "n"),
        role("c", NetworkRole.ENFORCER, "n"),
        role("d", NetworkRole.NONE, "n"),
        role("e", NetworkRole.RECRUITER, "m"),
        role("f", NetworkRole.RECRUITER),
    ]
    edges = [edge("c", "b", EdgeKind.DIRECTS, age=180), edge("d", "b", EdgeKind.DIRECTS)]
    found = points(COLLUSION, *"abcdef", findings=findings, influence_edges=edges)
    assert found == {"a b": 80, "b c": 240}


def test_coercion_of_an_enforcer_and_of_recorded_evidence() -> None:
    findings = [
        role("s", NetworkRole.ENFORCER, "n"),
        role("t", NetworkRole.FOLLOWER, "n"),
        role("v", NetworkRole.NONE),
    ]
    edges = [
        edge("s", "u", EdgeKind.COERCES, 2, grade=SourceGrade.B),
        edge("s", "v", EdgeKind.COERCES, 1, age=180),
        edge("s", "t", EdgeKind.COERCES, 1),
        edge("u", "v", EdgeKind.COERCES, 3, age=360),
        edge("u", "v", EdgeKind.COERCES, 1, age=360),
        edge("v", "u", EdgeKind.COERCES, 3, expires=days_ago(1)),
    ]
    people = ("s", "t", "u", "v", person("w", first_time=True))
    found = points(COERCION, *people, findings=findings, influence_edges=edges)
    assert found == {"s t": 40, "s u": 64, "s v": 40, "s w": 60, "u v": 30}


def test_support_is_the_largest_of_the_evidence_and_has_a_direction() -> None:
    edges = [
        edge("s", "t", EdgeKind.MENTORS, 3, age=180),
        edge("s", "t", EdgeKind.SUPPORTS, 1, grade=SourceGrade.C),
        edge("t", "s", EdgeKind.SUPPORTS, 1, grade=SourceGrade.D, age=360),
    ]
    assert points(SUPPORT, "s", "t", influence_edges=edges) == {"s t": 30, "t s": 2}


def test_explicit_points_are_added_as_they_are_and_make_no_tie() -> None:
    edges = [
        edge("s", "t", EdgeKind.DIRECTS, points=7, points_kind=SPILLOVER),
        edge("t", "s", EdgeKind.DIRECTS, points=5, points_kind=SPILLOVER),
        edge("t", "s", EdgeKind.MENTORS, points=3, points_kind=COLLUSION),
        edge("s", "t", EdgeKind.COERCES, points=2, points_kind=COERCION),
        edge("s", "t", EdgeKind.COERCES, points=9, points_kind=COERCION, expires=days_ago(1)),
        edge("s", "t", EdgeKind.SUPPORTS, points=11, points_kind=SUPPORT),
    ]
    fields: dict[str, Any] = {"findings": [LEADER], "influence_edges": edges}
    assert points(SPILLOVER, "s", "t", **fields) == {"s t": 167, "t s": 5}
    assert points(COLLUSION, "s", "t", **fields) == {"t s": 3}
    assert points(COERCION, "s", "t", **fields) == {"s t": 2}
    assert points(SUPPORT, "s", "t", **fields) == {"s t": 11}


def contact(first: str, second: str, **fields: Any) -> int:
    scenario = make_scenario(people=(), **fields)
    sites = build_sites(scenario)
    return Contact(scenario).between(sites[first], sites[second])


UNITS = [
    landing("L2"),
    wing("W2", exercise_group="yard"),
    wing("W3", exercise_group="yard"),
    wing("W4"),
    facility("G"),
    wing("WG", "G", exercise_group="yard"),
]
PARENTS = {
    "c1": "L",
    "c2": "L",
    "c3": "L2",
    "c4": "W2",
    "c5": "W3",
    "c6": "W4",
    "c7": "WG",
}
CELLS = [cell(name, 2, parent) for name, parent in PARENTS.items()]
WORKSHOP = SharedSetting("s1", SharedSettingKind.ACTIVITY, frozenset({"L2", "W4"}))
CHAPEL = SharedSetting("s2", SharedSettingKind.WORSHIP, frozenset({"c1", "W2", "WG"}))


@pytest.mark.parametrize(
    ("first", "second", "weight"),
    [
        ("c1", "c1", 100),
        ("c1", "c2", 15),
        ("c1", "c3", 5),
        ("c4", "c5", 3),
        ("c1", "c5", 1),
        ("c3", "c6", 12),
        ("c1", "c6", 1),
        ("c1", "c4", 2),
        ("c2", "c4", 1),
        ("c1", "c7", 2),
        ("c2", "c7", 0),
        ("c5", "c7", 0),
    ],
)
def test_contact_is_the_closest_shared_setting(first: str, second: str, weight: int) -> None:
    fields: dict[str, Any] = {
        "cells": CELLS,
        "units": UNITS,
        "estate": {"settings": (WORKSHOP, CHAPEL)},
    }
    assert contact(first, second, **fields) == weight
    assert contact(second, first, **fields) == weight


@pytest.mark.parametrize(("places", "weight"), [(1, 100), (5, 100), (8, 57), (20, 21), (41, 15)])
def test_a_dormitory_dilutes_the_cell_but_not_below_the_landing(places: int, weight: int) -> None:
    cells = [cell("c1", 2, max_capacity=places)]
    assert contact("c1", "c1", cells=cells) == weight


def test_half_a_point_of_contact_is_rounded_up() -> None:
    scenario = make_scenario(cells=[cell("c1", 9)], people=())
    scenario = replace(scenario, contact_weights=ContactWeights("x", {ContactSetting.CELL: 7}))
    site = build_sites(scenario)["c1"]
    assert Contact(scenario).between(site, site) == 4


def test_explicit_contacts_between_cells_and_units() -> None:
    entries = (
        ContactEntry("c1", "G", 40),
        ContactEntry("W4", "W2", 30),
        ContactEntry("c4", "c6", 20),
        ContactEntry("L", "c2", 2),
        ContactEntry("L2", "W", 70),
    )
    fields: dict[str, Any] = {"cells": CELLS, "units": UNITS, "estate": {"contacts": entries}}
    assert contact("c7", "c1", **fields) == 40
    assert contact("c7", "c2", **fields) == 0
    assert contact("c4", "c6", **fields) == 30
    assert contact("c1", "c2", **fields) == 15
    assert contact("c1", "c3", **fields) == 70
    assert contact("c3", "c3", **fields) == 100


def test_behind_a_seal_only_the_facility_and_explicit_contacts_count() -> None:
    units = [*UNITS, landing("L", sealed=True), wing("W2", exercise_group="yard", sealed=True)]
    entries = (ContactEntry("c2", "c4", 9),)
    estate = {"settings": (CHAPEL,), "contacts": entries}
    fields: dict[str, Any] = {"cells": CELLS, "units": units, "estate": estate}
    assert contact("c1", "c2", **fields) == 15
    assert contact("c1", "c3", **fields) == 1
    assert contact("c4", "c5", **fields) == 1
    assert contact("c1", "c4", **fields) == 1
    assert contact("c2", "c4", **fields) == 9
    assert contact("c1", "c7", **fields) == 0


def test_nested_seals_divide_even_within_the_outer_one() -> None:
    units = [wing("W", sealed=True), landing("L", sealed=True), landing("L2")]
    cells = [cell("c1"), cell("c2", 1, "L2"), cell("c3", 1, "L2")]
    assert contact("c1", "c2", cells=cells, units=units) == 1
    assert contact("c2", "c3", cells=cells, units=units) == 15


def test_exposure_is_points_times_contact_over_people_with_a_cell() -> None:
    findings = [
        role("s", NetworkRole.LEADER, "n"),
        role("k", NetworkRole.FOLLOWER, "n"),
        role("e", NetworkRole.ENFORCER),
        receptivity("t", Grade.LOW),
        receptivity("u", Grade.HIGH),
        receptivity("x", Grade.HIGH),
    ]
    edges = [edge("u", "t", EdgeKind.SUPPORTS, 2)]
    scenario = make_scenario(
        cells=CELLS,
        units=UNITS,
        people=list("sketux"),
        findings=findings,
        influence_edges=edges,
    )
    placement = put(c1="s t", c2="u", c3="k", c6="e") | {"x": None}
    exposure = verify(scenario, placement).exposure
    assert exposure == {
        SPILLOVER: (80 * 100 + 240 * 15) + (20 * 5 + 60 * 5) + (40 + 120),
        COLLUSION: 80 * 5,
        COERCION: 40 * 4,
        SUPPORT: 40 * 15,
    }


def test_facilities_joined_by_a_setting_are_summed_together() -> None:
    scenario = make_scenario(
        cells=CELLS,
        units=UNITS,
        people=["s", "t"],
        findings=[LEADER, HIGH],
        estate={"settings": (CHAPEL,)},
    )
    assert verify(scenario, put(c1="s", c7="t")).exposure[SPILLOVER] == 480
    assert verify(scenario, put(c2="s", c7="t")).exposure[SPILLOVER] == 0
