"""R31 to R39 and R71's preference: values by hand, and what each adds to its tier."""

from typing import Any

import pytest

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.person import Person
from allocator.model.relations import InfluenceEdge, StablePair
from allocator.model.vocabulary import (
    AuthorityKind,
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    Grade,
    NetworkRole,
    SourceGrade,
    Status,
    Tier,
    UsedFor,
)
from allocator.verify import verify
from allocator.verify.discover import goal_values
from allocator.verify.view import View
from tests.builders import (
    DAY,
    OFF,
    authority,
    cell,
    days_ago,
    derogable,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    soft,
    wing,
)
from tests.verify.helpers import put


def values(
    goal: GoalId,
    placement: dict[str, str | None],
    *people: Person,
    weight: int = 7,
    settings: Any = None,
    **fields: Any,
) -> dict[Tier, int]:
    """Value of one goal by tier, every rule off and every other weight 0."""
    policy = {"weights": {goal: weight}} | fields.pop("policy", {})
    settings = dict.fromkeys(RuleId, OFF) | (settings or {})
    described = {p.person_id: p for p in people}
    everyone = {name: person(name) for name in placement} | described
    scenario = make_scenario(people=everyone.values(), policy=policy, settings=settings, **fields)
    tiers = verify(scenario, dict.fromkeys(described) | placement).tiers
    return {tier: value for tier, value in tiers.items() if value and tier is not Tier.UNPLACED}


SEPARATION, SEGREGATION = AuthorityKind.SEPARATION, AuthorityKind.SEGREGATION
NO_MEDICAL = {"medical_considered": False}
SEPARATION_UNIT = landing("L", used_for=frozenset({UsedFor.SEPARATION}))


@pytest.mark.parametrize(
    ("held", "place", "elsewhere"),
    [
        ([(SEPARATION, {})], "c2", 1),
        ([(SEPARATION, {})], "c1", 0),
        ([(SEPARATION, {})], None, 0),
        ([(SEPARATION, NO_MEDICAL)], "c2", 0),
        ([(SEPARATION, {"expires_at": DAY})], "c2", 1),
        ([(SEPARATION, {"expires_at": days_ago(1)})], "c2", 0),
        ([(SEGREGATION, {})], "c2", 0),
        ([(SEGREGATION, {})], "c1", 0),
        ([(SEPARATION, {}), (AuthorityKind.INTERVENTION, {})], "c1", 0),
        ([(SEPARATION, {}), (AuthorityKind.INTERVENTION, {})], "c2", 1),
    ],
)
def test_authorities_that_the_policy_uses(held: Any, place: str | None, elsewhere: int) -> None:
    authorities = [authority("p1", kind, 3, **fields) for kind, fields in held]
    used = frozenset({SEPARATION, AuthorityKind.INTERVENTION})
    found = values(
        GoalId.TIERS,
        {"p1": place, "p2": "c2"},
        cells=["c1", cell("c2", 2, "W")],
        units=[SEPARATION_UNIT],
        authorities=authorities,
        policy={"authorities_used": used},
    )
    assert found == ({Tier.PROTECTION: 7} if elsewhere else {})


def test_exposure_goals_weigh_each_kind() -> None:
    findings = [
        role("s", NetworkRole.LEADER, "n"),
        role("k", NetworkRole.ENFORCER, "n"),
        receptivity("t", Grade.LOW),
    ]
    edge = InfluenceEdge(
        "t", "s", EdgeKind.SUPPORTS, 1, SourceGrade.A, EvidenceBasis.FACT, DAY, DAY
    )
    fields: dict[str, Any] = {
        "cells": [cell("c1", 2), cell("c2", 2), cell("c3", 2, "W")],
        "findings": findings,
        "influence_edges": [edge],
    }
    placement = put(c1="s t", c2="k")
    spillover = (80 + 0) * 100 + 40 * 15
    coercion = 40 * 15
    assert values(GoalId.SPILLOVER, placement, weight=2, **fields) == {
        Tier.EXPOSURE: 2 * (spillover + coercion)
    }
    assert values(GoalId.COLLUSION, placement, weight=3, **fields) == {Tier.EXPOSURE: 3 * 160 * 15}
    assert values(GoalId.SUPPORT, placement, weight=5, **fields) == {Tier.EXPOSURE: -5 * 20 * 100}


PAIR = [StablePair("a", "b")]


@pytest.mark.parametrize(("second", "value"), [("c1", -35), ("c2", 0), (None, 0)])
def test_stable_pairs_in_one_cell(second: str | None, value: int) -> None:
    cells = [cell("c1", 2), cell("c2", 2)]
    found = values(GoalId.SUPPORT, {"a": "c1", "b": second}, cells=cells, stable_pairs=[*PAIR])
    assert found == ({Tier.PREFERENCES: value} if value else {})
    nobody = values(GoalId.SUPPORT, {"a": None, "b": None}, stable_pairs=[*PAIR])
    assert nobody == {}


MOVE_UNITS = [wing("W", programmes=frozenset({"weld"}))]
MOVE_CELLS = [cell("c1", 5), cell("c2", 5), cell("c3", 5, status=Status.INACTIVE)]


@pytest.mark.parametrize(
    ("fields", "finding", "pairs", "points"),
    [
        ({}, None, [], 2),
        ({"placed_since": days_ago(365)}, None, [], 3),
        ({"placed_since": days_ago(364)}, None, [], 2),
        ({}, NetworkRole.MENTOR, [], 3),
        ({}, NetworkRole.LEADER, [], 2),
        ({"programme": "weld"}, None, [], 3),
        ({"programme": "read"}, None, [], 2),
        ({}, None, [StablePair("b", "a")], 3),
        ({}, None, [StablePair("b", "a"), StablePair("a", "d")], 3),
        ({}, None, [StablePair("a", "e")], 2),
        ({"placed_since": days_ago(999), "programme": "weld"}, NetworkRole.MENTOR, PAIR, 6),
        ({"current_place": "c3"}, None, [], 2),
        ({"current_place": "elsewhere"}, None, PAIR, 0),
        ({"current_place": None}, None, PAIR, 0),
        ({"current_place": "c2"}, None, PAIR, 0),
    ],
)
def test_moves(fields: dict[str, Any], finding: Any, pairs: Any, points: int) -> None:
    people = [
        person("a", **({"current_place": "c1"} | fields)),
        *(person(name, current_place="c1") for name in "bd"),
        person("e", current_place="c2"),
    ]
    found = values(
        GoalId.MOVES,
        put(c2="a e", c1="b d"),
        *people,
        cells=MOVE_CELLS,
        units=MOVE_UNITS,
        stable_pairs=pairs,
        findings=[role("a", finding)] if finding else [],
    )
    assert found == ({Tier.MOVES: 7 * points} if points else {})


def test_the_unplaced_are_not_moved() -> None:
    people = [person("a", current_place="c1", moves_last_90_days=3)]
    for goal in (GoalId.MOVES, GoalId.BURDEN):
        assert values(goal, {"a": None}, *people, stable_pairs=[StablePair("a", "a")]) == {}


@pytest.mark.parametrize(("moves", "points"), [(0, 0), (1, 1), (3, 9), (5, 25), (8, 25)])
def test_repeated_moves(moves: int, points: int) -> None:
    cells = ["c1", "c2"]
    people = [person("a", current_place="c1", moves_last_90_days=moves)]
    found = values(GoalId.BURDEN, put(c2="a"), *people, cells=cells)
    assert found == ({Tier.MOVES: 7 * points} if points else {})
    assert values(GoalId.BURDEN, put(c1="a"), *people, cells=cells) == {}


@pytest.mark.parametrize(
    ("cna", "area_m2", "points"),
    [(5, None, 0), (5, 20.0, 0), (3, None, 3), (2, 20.0, 6), (5, 11.9, 3), (3, 11.9, 6)],
)
def test_space(cna: int, area_m2: float | None, points: int) -> None:
    cells = [cell("c1", 5, cna=cna, area_m2=area_m2), cell("c2", 1, area_m2=1.0)]
    found = values(GoalId.SPACE, put(c1="a b c d e"), cells=cells)
    assert found == ({Tier.PREFERENCES: 7 * points} if points else {})


def test_wishes_for_a_single_cell() -> None:
    people = [person(name, prefers_single=True) for name in "abc"]
    cells = [cell("c1", 2), cell("c2", 1), cell("c3", 2, status=Status.INACTIVE)]
    placement = put(c1="a d", c2="b", c3="c")
    assert values(GoalId.SPACE, placement, *people, cells=cells) == {Tier.PREFERENCES: 7}


def test_near_home_is_only_ever_a_gain() -> None:
    people = [person(name, home_area=area) for name, area in zip("abc", "nns", strict=True)]
    units = [wing("W", home_area="n"), wing("W2")]
    cells = [cell("c1", 5), cell("c2", 5, "W2")]
    found = values(GoalId.NEAR_HOME, put(c1="a b c d", c2="e"), *people, cells=cells, units=units)
    assert found == {Tier.PREFERENCES: -14}


def test_programmes_of_any_unit_above() -> None:
    people = [person(n, programme=p) for n, p in zip("abc", ("weld", "read", "cook"), strict=True)]
    units = [
        wing("W", programmes=frozenset({"weld"})),
        landing("L", programmes=frozenset({"read"})),
    ]
    cells = [cell("c1", 5)]
    found = values(GoalId.PROGRAMME, put(c1="a b c d"), *people, cells=cells, units=units)
    assert found == {Tier.PREFERENCES: -14}


@pytest.mark.parametrize(
    ("setting", "fields", "value"),
    [
        (soft(1), {"first_time": True, "arrived_at": days_ago(60)}, -7),
        (soft(1), {"first_time": True, "arrived_at": days_ago(61)}, 0),
        (soft(1), {"first_time": False, "arrived_at": DAY}, 0),
        (OFF, {"first_time": True, "arrived_at": DAY}, 0),
    ],
)
def test_first_night(setting: Any, fields: dict[str, Any], value: int) -> None:
    found = values(
        GoalId.PROGRAMME,
        put(c1="a"),
        person("a", **fields),
        units=[landing("L", used_for=frozenset({UsedFor.FIRST_NIGHT}))],
        settings={RuleId.FIRST_TIME: setting},
    )
    assert found == ({Tier.PREFERENCES: value} if value else {})


@pytest.mark.parametrize(
    ("days", "area_m2", "points"),
    [
        (0, 7.9, 0),
        (1, 7.9, 1),
        (30, 7.9, 1),
        (31, 7.9, 2),
        (360, 7.9, 12),
        (999, 7.9, 12),
        (31, 8.0, 0),
        (31, None, 0),
    ],
)
def test_repeated_crowding(days: int, area_m2: float | None, points: int) -> None:
    cells = [cell("c1", 2, area_m2=area_m2)]
    people = [person("a", days_below_warning_floor=days)]
    found = values(GoalId.BURDEN, put(c1="a"), *people, cells=cells)
    assert found == ({Tier.PREFERENCES: 7 * points} if points else {})


def test_tiers_add_their_goals_to_the_prices_of_breaches() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 2, max_capacity=5), cell("c2", 5, cna=1, area_m2=12.0)],
        people=[
            person("a", current_place="c2", moves_last_90_days=2, home_area="n"),
            person("b", sharing_assessed_at=None, days_below_warning_floor=61),
            *"cdefg",
        ],
        units=[wing("W", home_area="n")],
        settings=dict.fromkeys(RuleId, OFF)
        | {RuleId.CAPACITY: derogable(11), RuleId.SINGLE_CELL: soft(13)},
        authorities=[authority("a", SEPARATION, 3)],
        policy={
            "authorities_used": frozenset({SEPARATION}),
            "weights": {goal: 2 + i for i, goal in enumerate(GoalId)},
        },
    )
    placement = put(c1="a c d e", c2="b f") | {"g": None}
    tiers = verify(scenario, placement).tiers
    assert dict(tiers) == {
        Tier.UNPLACED: 1,
        Tier.DEROGATIONS: 11 * 3,
        Tier.PROTECTION: 13 + 2,
        Tier.EXPOSURE: 0,
        Tier.MOVES: 5 * 2 + 10 * 4,
        Tier.PREFERENCES: 6 * (3 + 1) - 7 + 10 * 3,
    }
    view = View(scenario, placement)
    for tier in (Tier.EXPOSURE, Tier.MOVES, Tier.PREFERENCES):
        assert sum(g.value(view) for g in goal_values() if g.tier is tier) == tiers[tier]
    assert view.exposure == dict.fromkeys(ExposureKind, 0)
