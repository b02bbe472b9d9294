"""Why one person is where a plan puts them: numbers, other cells, what would have to change."""

from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from allocator.errors import ConfigError, InternalError
from allocator.explain.person import Explanation
from allocator.explain.records import Record, RecordKind
from allocator.explain.smallest_change import Outcome
from allocator.jobs.explain import Explainer
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.policy import TierSetting
from allocator.model.relations import (
    GroupRivalry,
    InfluenceEdge,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
    StablePair,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    EdgeKind,
    EvidenceBasis,
    Grade,
    NetworkRole,
    Restriction,
    SecurityCategory,
    SharingRisk,
    SourceGrade,
    SpecialistCellType,
    Tier,
)
from tests.builders import (
    DAY,
    cell,
    complaint,
    days_ago,
    freeze,
    landing,
    lock,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)
from tests.jobs.plans import plan_of

TWO_WINGS = [wing("W2"), landing("L2", "W2")]
CELLS = [cell("a1", 2), cell("a2", 2), cell("b1", 2, "L2"), cell("b2", 2, "L2")]


def explained(
    scenario: Scenario, places: dict[str, str | None], cell_id: str | None = None
) -> Explanation:
    """What is said of person p, checked by the judge."""
    explainer = Explainer(scenario, plan_of(scenario, places))
    return explainer.check(explainer.explain("p", cell_id))


def edge(source: str, target: str, kind: EdgeKind) -> InfluenceEdge:
    days = (days_ago(30), days_ago(-60))
    return InfluenceEdge(source, target, kind, 2, SourceGrade.B, EvidenceBasis.FACT, *days)


def near_a_leader(**fields: Any) -> Scenario:
    """A receptive p, now in a2 of the leader's wing; q, r and s are elsewhere."""
    people = [person("lead"), person("p", current_place="a2"), *"qrs"]
    known: dict[str, Any] = {
        "findings": [role("lead", NetworkRole.LEADER), receptivity("p", Grade.HIGH)]
    }
    return make_scenario(CELLS, people, units=TWO_WINGS, **(known | fields))


PLACES: dict[str, str | None] = {"lead": "a1", "p": "b1", "q": "b1", "r": None, "s": None}


def test_placement_alternatives_and_closed_cells() -> None:
    found = explained(near_a_leader(), PLACES)
    points = 10 * 8 * 3
    assert (found.is_move, found.cells, found.lawful) == (True, 4, 3)
    assert (found.better, found.equals) == (0, 1)
    assert found.adds[Tier.EXPOSURE] == points
    assert found.adds[Tier.MOVES] == 2
    assert sum(s.points for s in found.shares if s.tier is Tier.EXPOSURE) == points
    present, equal = found.alternatives
    assert (present.cell_id, present.is_present, present.rank) == ("a2", True, 3)
    assert present.tiers[Tier.EXPOSURE] == 14 * points
    assert present.tiers[Tier.MOVES] == -2
    assert {(s.source, s.points) for s in present.shares} == {
        (GoalId.SPILLOVER, 14 * points),
        (GoalId.MOVES, -2),
    }
    assert (equal.cell_id, equal.rank, set(equal.tiers.values())) == ("b2", 1, {0})
    assert [(g.rules, g.cells) for g in found.closed] == [((RuleId.SOURCE_RECEPTIVE_CELL,), 1)]


def test_cells_alike_are_one_line_and_wings_come_first() -> None:
    cells = [*CELLS, cell("a3", 2), cell("a4", 2), cell("c1", 2, "L3")]
    units = [*TWO_WINGS, wing("W3"), landing("L3", "W3", exercise_group="far")]
    scenario = make_scenario(
        cells, ["p", "q"], units=units, influence_edges=[edge("q", "p", EdgeKind.COERCES)]
    )
    found = explained(scenario, {"p": "c1", "q": "b1"})
    lines = [(other.cell_id, other.wing_id, other.alike) for other in found.alternatives]
    assert lines == [("a1", "W", 4), ("b2", "W2", 1), ("b1", "W2", 1)]


def test_a_closed_cell_is_explained_by_the_judges_words() -> None:
    found = explained(near_a_leader(), PLACES, "a1")
    assert found.asked is not None
    assert found.asked.closed_by == (RuleId.SOURCE_RECEPTIVE_CELL,)
    assert [b.person_ids for b in found.asked.breaches] == [("lead", "p")]


def test_unplaced_and_arriving_people_are_explained() -> None:
    scenario = make_scenario([cell("c1", 1)], ["p", "q"])
    found = explained(scenario, {"p": None, "q": "c1"})
    assert (found.planned_cell, found.lawful, found.adds) == (None, 0, {})
    assert found.change is not None
    assert found.change.records == (Record(RecordKind.PLACE, ("q",)),)
    assert found.change.outcome is Outcome.OTHERS_MOVE
    arrival = explained(scenario, {"p": "c1", "q": None})
    assert (arrival.planned_cell, arrival.is_move) == ("c1", False)


def test_a_better_cell_that_the_plan_leaves_unused_is_told() -> None:
    found = explained(near_a_leader(), {**PLACES, "p": "a2"})
    assert (found.better, found.equals) == (2, 0)
    assert found.change is not None
    assert found.change.outcome is Outcome.NONE_NEEDED
    assert found.change.cell_id == "b1"


def pair(other: str, kind: RecordKind) -> tuple[Record, ...]:
    return (Record(kind, (other,)),)


def alone(kind: RecordKind) -> tuple[Record, ...]:
    return (Record(kind),)


NEED = ProtectionNeed("q", Restriction.WING, "threat", "governor", DAY, "p")
APART = NonAssociation("p", "q", Restriction.WING)
LEADER = role("q", NetworkRole.LEADER)
GROUPS = {
    "keep_apart_memberships": [KeepApartMembership("g", "p"), KeepApartMembership("h", "q")],
    "group_rivalries": [GroupRivalry("g", "h", Restriction.WING)],
}
Fields: TypeAlias = dict[str, Any]
CHANGES: list[tuple[Fields, Fields, str, tuple[Record, ...]]] = [
    ({}, {"non_associations": [APART]}, "b2", pair("q", RecordKind.NON_ASSOCIATION)),
    ({}, {"protection_needs": [NEED]}, "b2", pair("q", RecordKind.PROTECTION_NEED)),
    ({}, GROUPS, "b2", alone(RecordKind.KEEP_APART_GROUP)),
    (
        {},
        {"influence_edges": [edge("q", "p", EdgeKind.COERCES)]},
        "b1",
        pair("q", RecordKind.EVIDENCE),
    ),
    (
        {},
        {"influence_edges": [edge("p", "r", EdgeKind.MENTORS)]},
        "b2",
        pair("r", RecordKind.EVIDENCE),
    ),
    ({}, {"stable_pairs": [StablePair("p", "r")]}, "b1", pair("r", RecordKind.STABLE_PAIR)),
    ({}, {"locks": [lock("p", "a1")]}, "b2", alone(RecordKind.LOCK)),
    ({"sharing_risk": SharingRisk.HIGH}, {}, "b1", alone(RecordKind.SHARING_RISK)),
    ({"sharing_assessed_at": None}, {}, "b1", alone(RecordKind.SHARING_RISK)),
    ({"needs": frozenset({SpecialistCellType.MEDICAL})}, {}, "b2", alone(RecordKind.NEEDS)),
    ({"security_category": SecurityCategory.A}, {}, "b2", alone(RecordKind.SECURITY_CATEGORY)),
    ({"home_area": "north"}, {}, "b2", alone(RecordKind.HOME_AREA)),
    ({"programme": "bakery"}, {}, "b2", alone(RecordKind.PROGRAMME)),
    ({"planned_place": "a1"}, {}, "b2", alone(RecordKind.LAST_PLAN)),
    ({"communications_order_until": DAY}, {}, "b2", alone(RecordKind.COMMUNICATIONS_ORDER)),
    ({"first_time": True}, {"findings": [LEADER]}, "b1", alone(RecordKind.FIRST_TIME)),
    (
        {},
        {"findings": [LEADER, receptivity("p", Grade.LOW)]},
        "b1",
        alone(RecordKind.RECEPTIVITY),
    ),
    (
        {},
        {"findings": [role("p", NetworkRole.ENFORCER), receptivity("q", Grade.LOW)]},
        "b1",
        alone(RecordKind.NETWORK_ROLE),
    ),
]


@pytest.mark.parametrize(("mine", "known", "target", "expected"), CHANGES)
def test_the_smallest_change(
    mine: dict[str, Any], known: dict[str, Any], target: str, expected: tuple[Record, ...]
) -> None:
    """P arrives in a1, at times with r; q is in b1 of the other wing; one record matters."""
    bakery = frozenset({"bakery"})
    units = [
        wing("W", home_area="north", programmes=bakery, communications_monitoring=True),
        *[replace(u, security_category=SecurityCategory.B) for u in TWO_WINGS],
    ]
    cells = [
        cell("a1", 2, specialist_cell_types=frozenset({SpecialistCellType.MEDICAL})),
        *CELLS[2:],
    ]
    p = person("p", **mine)
    others = {"q": "b1", "r": None if mine else "a1"}
    scenario = make_scenario(cells, [p, "q", "r"], units=units, **known)
    found = explained(scenario, {"p": "a1", **others}, target)
    assert found.change is not None
    assert found.change.outcome is Outcome.RECORDS
    assert found.change.records == expected


@pytest.mark.parametrize(
    ("known", "mine", "kind"),
    [
        ({"freezes": [freeze("p")]}, {}, RecordKind.FREEZE),
        ({"complaints": [complaint("p", "a1")]}, {}, RecordKind.COMPLAINT),
        ({}, {"last_moved_at": days_ago(3)}, RecordKind.LAST_MOVE),
        ({"max_moves": 0}, {}, RecordKind.MOVE_LIMIT),
    ],
)
def test_what_keeps_a_person_in_the_present_cell(
    known: dict[str, Any], mine: dict[str, Any], kind: RecordKind
) -> None:
    """The other wing is nearer to home, which here counts more than a move."""
    tiers = (Tier.PREFERENCES, *(tier for tier in Tier if tier is not Tier.PREFERENCES))
    scenario = make_scenario(
        CELLS,
        [person("p", current_place="a1", home_area="north", **mine)],
        units=[wing("W2", home_area="north"), landing("L2", "W2")],
        policy={"tiers": tuple(TierSetting(tier) for tier in tiers)},
        **known,
    )
    change = explained(scenario, {"p": "a1"}, "b1").change
    assert change is not None
    assert (change.outcome, change.records, change.tied) == (Outcome.RECORDS, alone(kind), 1)


def test_an_authority_is_never_what_would_have_to_change() -> None:
    units = [wing("W2", regime_level=4), landing("L2", "W2")]
    scenario = make_scenario(CELLS, ["p"], units=units)
    change = explained(scenario, {"p": "a1"}, "b1").change
    assert change is not None
    assert change.outcome is Outcome.NOT_POSSIBLE
    assert change.closed_by == (RuleId.AUTHORITY,)
    assert explained(scenario, {"p": "a1"}, "a2").change is not None


def test_plans_that_cannot_be_explained_are_refused() -> None:
    scenario = near_a_leader()
    plan = plan_of(scenario, PLACES)
    with pytest.raises(ConfigError, match="nearest id is 'lead'"):
        Explainer(scenario, plan).explain("leader")
    with pytest.raises(ConfigError, match="no cell 'a9'"):
        Explainer(scenario, plan).explain("p", "a9")
    with pytest.raises(ConfigError, match="other data"):
        Explainer(replace(scenario, content_hash="new"), plan)
    with pytest.raises(ConfigError, match="not what it says"):
        Explainer(scenario, plan_of(scenario, {**PLACES, "p": "a1"}))
    with pytest.raises(ConfigError, match="not what it says"):
        Explainer(scenario, replace(plan, tiers=plan.tiers[1:]))


def test_a_number_that_the_judge_does_not_find_is_never_shown() -> None:
    explainer = Explainer(near_a_leader(), plan_of(near_a_leader(), PLACES))
    found = explainer.explain("p", "a1")
    present, equal = found.alternatives
    moved = replace(present, tiers={**present.tiers, Tier.EXPOSURE: 1})
    parts = replace(present, shares=present.shares[1:])
    lawful = replace(present, rank=None, closed_by=(RuleId.FROZEN,))
    for wrong in (moved, parts, lawful):
        with pytest.raises(InternalError):
            explainer.check(replace(found, alternatives=(wrong, equal)))
    with pytest.raises(InternalError):
        explainer.check(replace(found, adds={**found.adds, Tier.MOVES: 7}))
