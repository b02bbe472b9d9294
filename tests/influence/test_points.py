"""Points by hand: asymmetric numbers, dates at their edges, unknown never low nor high."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from allocator.errors import ConfigError
from allocator.influence import influence_points, to_points
from allocator.model.person import PlacementFinding
from allocator.model.policy import InfluenceParameters
from allocator.model.relations import InfluenceEdge
from allocator.model.vocabulary import (
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    Grade,
    NetworkRole,
    SourceGrade,
)
from tests.builders import days_ago, make_influence, make_scenario, person, receptivity, role

LEADER, RECRUITER = NetworkRole.LEADER, NetworkRole.RECRUITER
ENFORCER, FOLLOWER = NetworkRole.ENFORCER, NetworkRole.FOLLOWER


def edge(
    source: str, target: str, kind: EdgeKind = EdgeKind.DIRECTS, **fields: Any
) -> InfluenceEdge:
    """Evidence of full strength and grade from today, whose freshness is 1."""
    known: dict[str, Any] = {
        "strength": 3,
        "source_grade": SourceGrade.A,
        "basis": EvidenceBasis.FACT,
        "observed_at": days_ago(0),
        "expires_at": days_ago(-30),
    }
    return InfluenceEdge(source, target, kind, **(known | fields))


def expired(finding: PlacementFinding) -> PlacementFinding:
    return replace(finding, valid_until=days_ago(1))


def parameters(**fields: Any) -> InfluenceParameters:
    """Strengths 8, 6, 4, 2; multipliers low 2, moderate 3, high 5, unknown 7."""
    multiplier = {Grade.LOW: 2, Grade.MODERATE: 3, Grade.HIGH: 5, Grade.UNKNOWN: 7}
    return replace(make_influence(), **({"receptivity": multiplier} | fields))


def points(
    kind: ExposureKind,
    findings: Iterable[PlacementFinding] = (),
    edges: Iterable[InfluenceEdge] = (),
    *,
    people: Iterable[Any] = ("p1", "p2", "p3"),
    influence: InfluenceParameters | None = None,
) -> dict[str, int]:
    """Points of a kind, keyed "source target"."""
    scenario = make_scenario(
        people=people,
        findings=tuple(findings),
        influence_edges=tuple(edges),
        policy={"influence": influence or parameters()},
    )
    table = influence_points(scenario).of(kind)
    ids = [p.person_id for p in scenario.people]
    rows = zip(table.source.tolist(), table.target.tolist(), table.points.tolist(), strict=True)
    found = {f"{ids[s]} {ids[t]}": value for s, t, value in rows}
    assert len(found) == len(table)
    assert 0 not in found.values()
    return found


SPILLOVER, COLLUSION = ExposureKind.SPILLOVER, ExposureKind.COLLUSION
COERCION, SUPPORT = ExposureKind.COERCION, ExposureKind.SUPPORT


@pytest.mark.parametrize(
    ("grade", "expected"), [(Grade.LOW, 160), (Grade.MODERATE, 240), (Grade.HIGH, 400)]
)
def test_a_leader_weighs_on_people_by_their_receptivity(grade: Grade, expected: int) -> None:
    found = points(SPILLOVER, [role("p1", LEADER), receptivity("p2", grade)])

    assert found == {"p1 p2": expected}


def test_every_role_weighs_by_its_own_strength() -> None:
    sources = [role("p1", RECRUITER), role("p2", FOLLOWER), receptivity("p3", Grade.LOW)]

    assert points(SPILLOVER, sources) == {"p1 p3": 120, "p2 p3": 40}


def test_a_role_without_a_strength_weighs_nothing() -> None:
    assert points(SPILLOVER, [role("p1", NetworkRole.MENTOR), receptivity("p2", Grade.HIGH)]) == {}


def test_an_expired_role_weighs_nothing() -> None:
    assert points(SPILLOVER, [expired(role("p1", LEADER)), receptivity("p2", Grade.HIGH)]) == {}


@pytest.mark.parametrize("grade", [Grade.LOW, Grade.HIGH])
def test_an_expired_receptivity_is_unknown_and_neither_low_nor_high(grade: Grade) -> None:
    found = points(SPILLOVER, [role("p1", LEADER), expired(receptivity("p2", grade))])

    assert found == {"p1 p2": 8 * 7 * 10}


def test_people_never_assessed_are_in_the_pool_as_newcomers_only() -> None:
    people = [
        "p1",
        person("p2", arrived_at=days_ago(60)),
        person("p3", arrived_at=days_ago(61)),
        person("p4", arrived_at=days_ago(-1)),
        person("p5", first_time=True),
    ]

    assert points(SPILLOVER, [role("p1", LEADER)], people=people) == {"p1 p2": 840}


def test_first_time_prisoners_count_as_new_once_they_are_in_the_pool() -> None:
    people = ["p1", person("p2", first_time=True, arrived_at=days_ago(3))]

    found = points(SPILLOVER, [role("p1", LEADER), receptivity("p2", Grade.LOW)], people=people)

    assert found == {"p1 p2": 240}


@pytest.mark.parametrize(("source", "target"), [("p1", "p2"), ("p2", "p1")])
def test_evidence_brings_a_person_into_the_pool_of_that_source_alone(
    source: str, target: str
) -> None:
    roles = [role("p1", LEADER), role("p3", RECRUITER)]

    found = points(SPILLOVER, roles, [edge(source, target, EdgeKind.SUPPORTS)])

    assert found == {"p1 p2": 560}


def test_explicit_evidence_brings_into_the_pool_but_makes_no_tie() -> None:
    given = edge("p2", "p1", points=11, points_kind=SUPPORT)

    assert points(SPILLOVER, [role("p1", LEADER)], [given]) == {"p1 p2": 560}


def test_evidence_outside_its_dates_does_nothing() -> None:
    old = edge("p1", "p2", observed_at=days_ago(9), expires_at=days_ago(1))
    future = edge("p1", "p2", observed_at=days_ago(-1))

    assert points(SPILLOVER, [role("p1", LEADER)], [old, future]) == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 320),
        ({"observed_at": days_ago(180)}, 240),
        ({"observed_at": days_ago(360)}, 200),
        ({"strength": 1, "source_grade": SourceGrade.C}, 192),
        ({"kind": EdgeKind.COERCES}, 160),
    ],
)
def test_a_tie_doubles_when_fresh_and_fades_with_its_half_life(
    fields: dict[str, Any], expected: int
) -> None:
    facts = [role("p1", LEADER), receptivity("p2", Grade.LOW)]

    assert points(SPILLOVER, facts, [edge("p1", "p2", **fields)]) == {"p1 p2": expected}
    assert points(SPILLOVER, facts, [edge("p2", "p1", **fields)]) == {"p1 p2": expected}


def test_the_freshest_of_several_ties_counts_alone() -> None:
    facts = [role("p1", LEADER), receptivity("p2", Grade.LOW)]
    ties = [edge("p1", "p2", observed_at=days_ago(d)) for d in (180, 0, 360)]

    assert points(SPILLOVER, facts, ties) == {"p1 p2": 320}


def test_people_of_one_network_collude_and_do_not_spill_over() -> None:
    facts = [role("p2", LEADER, "N"), role("p1", RECRUITER, "N"), receptivity("p1", Grade.HIGH)]

    assert points(SPILLOVER, facts) == {}
    assert points(COLLUSION, facts) == {"p1 p2": 240}


def test_collusion_needs_somebody_who_leads_and_one_network() -> None:
    facts = [
        role("p1", FOLLOWER, "N"),
        role("p2", ENFORCER, "N"),
        role("p3", RECRUITER, "M"),
        role("p4", FOLLOWER, "M"),
        role("p5", LEADER),
        role("p6", LEADER),
    ]

    assert points(COLLUSION, facts, people=[f"p{i}" for i in range(1, 7)]) == {"p3 p4": 60}


def test_collusion_grows_with_a_tie() -> None:
    facts = [role("p1", LEADER, "N"), role("p2", FOLLOWER, "N")]
    tie = edge("p2", "p1", EdgeKind.CO_DEFENDANT, observed_at=days_ago(180))

    assert points(COLLUSION, facts, [tie]) == {"p1 p2": 120}


def test_an_enforcer_weighs_on_everyone_outside_the_network() -> None:
    facts = [role("p2", ENFORCER, "N"), role("p3", FOLLOWER, "N")]
    people = [person("p1", first_time=True), "p2", "p3", "p4"]

    assert points(COERCION, facts, people=people) == {"p2 p1": 60, "p2 p4": 40}


def test_recorded_coercion_counts_whatever_the_role_and_the_larger_stands() -> None:
    facts = [role("p1", ENFORCER), role("p3", ENFORCER, "N"), role("p2", FOLLOWER, "N")]
    edges = [
        edge("p1", "p2", EdgeKind.COERCES, observed_at=days_ago(180)),
        edge("p1", "p3", EdgeKind.COERCES, observed_at=days_ago(720)),
        edge("p3", "p2", EdgeKind.COERCES, strength=2),
        edge("p2", "p1", EdgeKind.COERCES, strength=1),
        edge("p2", "p1", EdgeKind.COERCES, strength=1, observed_at=days_ago(180)),
    ]

    found = points(COERCION, facts, edges)

    assert found == {"p1 p2": 60, "p1 p3": 40, "p3 p1": 40, "p3 p2": 80, "p2 p1": 40}


def test_support_is_the_largest_evidence_from_one_to_the_other() -> None:
    edges = [
        edge("p1", "p2", EdgeKind.MENTORS),
        edge("p1", "p2", EdgeKind.SUPPORTS, strength=1),
        edge("p2", "p1", EdgeKind.SUPPORTS, source_grade=SourceGrade.D, observed_at=days_ago(180)),
    ]

    assert points(SUPPORT, (), edges) == {"p1 p2": 60, "p2 p1": 12}


def test_explicit_points_are_added_as_they_are_and_may_cancel() -> None:
    facts = [role("p1", LEADER), receptivity("p2", Grade.LOW), receptivity("p3", Grade.LOW)]
    edges = [
        edge("p1", "p2", points=7, points_kind=SPILLOVER),
        edge("p1", "p2", points=5, points_kind=SPILLOVER),
        edge("p1", "p3", points=-160, points_kind=SPILLOVER),
        edge("p3", "p2", points=-3, points_kind=COLLUSION),
    ]

    assert points(SPILLOVER, facts, edges) == {"p1 p2": 172}
    assert points(COLLUSION, facts, edges) == {"p3 p2": -3}


def test_tables_are_sorted_by_source_and_target() -> None:
    facts = [role("p3", LEADER), role("p1", LEADER), receptivity("p2", Grade.LOW)]
    edges = [edge("p3", "p1"), edge("p1", "p3")]

    assert list(points(SPILLOVER, facts, edges)) == ["p1 p2", "p1 p3", "p3 p1", "p3 p2"]


def test_nobody_recorded_means_no_points() -> None:
    assert points(SPILLOVER) == points(COLLUSION) == points(COERCION) == points(SUPPORT) == {}


@pytest.mark.parametrize(
    ("value", "expected"), [(2.5, 3), (2.4999, 2), (2.4999999999, 3), (-2.5, -2), (0.0, 0)]
)
def test_points_are_rounded_half_up(value: float, expected: int) -> None:
    assert to_points(value) == expected


@pytest.mark.parametrize("value", [1.1e9, -1.1e9, float("nan"), float("inf")])
def test_points_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(ConfigError, match="influence parameters"):
        to_points(value)
