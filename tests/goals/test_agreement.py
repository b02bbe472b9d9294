"""Shapes and judge agree on every tier of random tiny scenarios, rules switched off.

The judge reads the scenario in plain Python and shares no code with influence, goals and contact.
"""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.estate import Cell, ContactEntry, SharedSetting, Unit
from allocator.model.person import Person, PlacementFinding
from allocator.model.policy import ContactWeights
from allocator.model.relations import InfluenceEdge, StablePair
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    ContactSetting,
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    Grade,
    NetworkRole,
    SharedSettingKind,
    SourceGrade,
    UnitType,
    UsedFor,
)
from allocator.prepare.instance import prepare_instance
from allocator.verify import verify
from tests.builders import OFF, authority, days_ago, make_scenario, receptivity, role
from tests.builders import cell as make_cell
from tests.builders import person as make_person
from tests.shape_oracle import tier_values

PEOPLE = ("p1", "p2", "p3", "p4", "p5")
CELLS = ("c1", "c2", "c3", "c4", "c5")
TREE = {"F": None, "F2": None, "W": "F", "W2": "F", "W3": "F2", "L": "W", "L2": "W", "L3": "W3"}
TYPES = {"F": UnitType.FACILITY, "W": UnitType.WING, "L": UnitType.LANDING}
MOST = 9
AREAS = ("north", "south")

ages = st.integers(-2, 400).map(days_ago)
maybe = st.booleans()


def optional(values: Any) -> st.SearchStrategy[Any]:
    return st.none() | (
        values if isinstance(values, st.SearchStrategy) else st.sampled_from(values)
    )


def some(values: Any) -> st.SearchStrategy[Any]:
    return st.frozensets(st.sampled_from(values), max_size=2)


@st.composite
def units(draw: st.DrawFn) -> tuple[Unit, ...]:
    return tuple(
        Unit(
            name,
            TYPES[name[0]],
            parent,
            sealed=draw(st.integers(0, 4)) == 0,
            exercise_group=draw(optional("gh")),
            home_area=draw(optional(AREAS)),
            programmes=draw(some(AREAS)),
            used_for=draw(some(list(UsedFor))),
        )
        for name, parent in TREE.items()
    )


@st.composite
def cell(draw: st.DrawFn, name: str) -> Cell:
    return make_cell(
        name,
        draw(st.integers(3, MOST)),
        draw(st.sampled_from(["L", "L2", "L3", "W", "W2"])),
        cna=draw(st.integers(1, 3)),
        working_capacity=draw(st.integers(0, 3)),
        area_m2=draw(optional(st.floats(2, 20))),
    )


@st.composite
def person(draw: st.DrawFn, name: str) -> Person:
    return make_person(
        name,
        current_place=draw(optional(CELLS)),
        placed_since=draw(optional(ages)),
        arrived_at=draw(optional(st.integers(-1, 80).map(days_ago))),
        first_time=draw(maybe),
        prefers_single=draw(maybe),
        programme=draw(optional(AREAS)),
        home_area=draw(optional(AREAS)),
        moves_last_90_days=draw(st.integers(0, 7)),
        days_below_warning_floor=draw(st.sampled_from([0, 1, 30, 31, 500])),
        places_needed=draw(st.sampled_from([1, 1, 2])),
        planned_place=draw(optional([*CELLS, "gone"])),
    )


@st.composite
def finding(draw: st.DrawFn) -> PlacementFinding:
    name = draw(st.sampled_from(PEOPLE))
    network = draw(st.sampled_from([None, "N", "M"]))
    made = draw(
        st.builds(role, st.just(name), st.sampled_from(NetworkRole), st.just(network))
        | st.builds(receptivity, st.just(name), st.sampled_from(Grade))
    )
    return replace(made, assessed_at=draw(ages), valid_until=days_ago(draw(st.integers(-9, 1))))


@st.composite
def edge(draw: st.DrawFn) -> InfluenceEdge:
    source, target = draw(st.permutations(PEOPLE))[:2]
    given_points = draw(optional(st.integers(-9, 9)))
    return InfluenceEdge(
        source,
        target,
        draw(st.sampled_from(EdgeKind)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from(SourceGrade)),
        EvidenceBasis.FACT,
        draw(ages),
        days_ago(draw(st.integers(-9, 1))),
        points=given_points,
        points_kind=None if given_points is None else draw(st.sampled_from(ExposureKind)),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    places = st.sampled_from([*CELLS, *TREE])
    shared = [
        SharedSetting(
            f"s{k}", draw(st.sampled_from(SharedSettingKind)), draw(some([*CELLS, *TREE]))
        )
        for k in range(draw(st.integers(0, 2)))
    ]
    contacts = st.builds(ContactEntry, places, places, st.integers(1, 40))
    pairs = st.permutations(PEOPLE).map(lambda order: StablePair(*order[:2]))
    acts = st.builds(
        authority,
        st.sampled_from(PEOPLE),
        st.sampled_from(AuthorityKind),
        st.just(3),
        expires_at=st.sampled_from([days_ago(1), days_ago(0)]),
        medical_considered=st.sampled_from([True, True, False]),
    )
    scenario = make_scenario(
        [draw(cell(name)) for name in CELLS],
        [draw(person(name)) for name in PEOPLE],
        units=draw(units()),
        estate={
            "settings": tuple(shared),
            "contacts": tuple(draw(st.lists(contacts, max_size=3))),
        },
        settings=dict.fromkeys(RuleId, OFF),
        policy={
            "weights": draw(st.fixed_dictionaries(dict.fromkeys(GoalId, st.integers(0, 9)))),
            "authorities_used": draw(st.just(frozenset(AuthorityKind)) | some(list(AuthorityKind))),
        },
        findings=draw(st.lists(finding(), min_size=4, max_size=12)),
        influence_edges=draw(st.lists(edge(), min_size=1, max_size=8)),
        stable_pairs=draw(st.lists(pairs, max_size=2)),
        authorities=draw(st.lists(acts, max_size=5)),
    )
    numbers = draw(st.lists(st.integers(0, 120), min_size=7, max_size=7))
    weights = ContactWeights("random", dict(zip(ContactSetting, numbers, strict=True)))
    return replace(scenario, contact_weights=weights)


@settings(max_examples=35, deadline=None)
@given(
    scenarios(),
    st.lists(st.sampled_from((*CELLS, *CELLS, None)), min_size=len(PEOPLE), max_size=len(PEOPLE)),
)
def test_shapes_and_judge_agree(scenario: Scenario, cells: list[str | None]) -> None:
    instance = prepare_instance(scenario)
    at = {name: c for c, name in enumerate(instance.cell_ids)}
    loads = [
        sum(scenario.people[i].places_needed for i, n in enumerate(cells) if n == c) for c in at
    ]
    if any(load > scenario.estate.cells[k].max_capacity for k, load in enumerate(loads)):
        cells = [None] * len(PEOPLE)

    judged = verify(scenario, dict(zip(PEOPLE, cells, strict=True)))
    values = tier_values(instance, [-1 if name is None else at[name] for name in cells])

    assert values == judged.tiers
