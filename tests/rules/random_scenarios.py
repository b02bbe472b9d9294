"""Tiny random scenarios in which every rule has something to say.

Strategies are made once: making those of 22 cells, people and units took longer than drawing.
"""

from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from allocator.model.estate import Cell, SharedSetting, TransferPair, Unit, VirtualPlace
from allocator.model.locks import LockKind
from allocator.model.person import Person
from allocator.model.relations import (
    GroupRivalry,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AccommodationType,
    AuthorityKind,
    Grade,
    LegalCategory,
    Level,
    NetworkRole,
    Restriction,
    SecurityCategory,
    SharedSettingKind,
    SharingRisk,
    SpecialistCellType,
    Status,
    UnitType,
    UsedFor,
    VeoStatus,
    VirtualPlaceKind,
)
from allocator.model.vocabulary import Sex as LegalSex
from tests import builders
from tests.builders import (
    DAY,
    authority,
    complaint,
    days_ago,
    freeze,
    lock,
    make_scenario,
    receptivity,
    role,
)

T = TypeVar("T")
PEOPLE = ("p1", "p2", "p3", "p4", "p5", "p6")
CELLS = ("c1", "c2", "c3", "c4", "c5", "c6")
FACILITIES = ("F", "G")
PARENTS = {"W": "F", "W2": "F", "W3": "G", "S": "W", "L": "W", "L2": "S", "L3": "W2", "L4": "W3"}
TYPES = {
    "F": UnitType.FACILITY, "G": UnitType.FACILITY, "W": UnitType.WING,
    "S": UnitType.SPUR, "L": UnitType.LANDING,
}  # fmt: skip
NEEDS = (SpecialistCellType.MOTHER_AND_BABY, SpecialistCellType.ACCESSIBLE_CELL)
AWAY = "v1"

near_days = st.integers(-2, 3).map(days_ago)
levels = st.sampled_from(Level)
caps = st.none() | st.integers(0, 2)


def rarely(value: T, default: T) -> st.SearchStrategy[T]:
    """The value one time in five."""
    return st.sampled_from([value, default, default, default, default])


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


def some(values: Any, most: int = 2) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values), max_size=most)


@cache
def unit(name: str, parent: str | None) -> st.SearchStrategy[Unit]:
    return st.builds(
        Unit,
        st.just(name),
        st.just(TYPES[name[0]]),
        st.just(parent),
        used_for=st.just(frozenset()) | some(list(UsedFor)),
        accommodation_type=maybe(st.sampled_from(AccommodationType)),
        security_category=maybe(st.sampled_from(SecurityCategory)),
        legal_category=rarely(LegalCategory.REMAND, None),
        regime_level=maybe(st.integers(0, 5)),
        unlock_hours=maybe(st.sampled_from([1.0, 2.0])),
        meaningful_contact_hours=maybe(st.sampled_from([1.0, 2.0])),
        exercise_group=maybe(st.sampled_from("gh")),
        sealed=rarely(value=True, default=False),
        trained_staff_per_shift=maybe(st.integers(0, 3)),
        communications_monitoring=maybe(st.booleans()),
        status=rarely(Status.INACTIVE, Status.ACTIVE),
    )


@cache
def cell(name: str) -> st.SearchStrategy[Cell]:
    return st.builds(
        builders.cell,
        st.just(name),
        st.integers(1, 4),
        st.sampled_from(["L", "L2", "L3", "L4", "W", "S", "G"]),
        working_capacity=st.integers(0, 4),
        area_m2=maybe(st.sampled_from([2.5, 6.0, 9.0])),
        specialist_cell_types=some(NEEDS),
        used_for=st.just(frozenset()) | some(list(UsedFor), 1),
        security_category=maybe(st.sampled_from(SecurityCategory)),
        buffer=rarely(value=True, default=False),
        certified=rarely(value=False, default=True),
    )


@cache
def person(name: str) -> st.SearchStrategy[Person]:
    return st.builds(
        builders.person,
        st.just(name),
        sex=st.sampled_from(LegalSex),
        age_years=st.sampled_from([17, 18, 20, 21, 40]),
        legal_category=st.sampled_from(LegalCategory),
        security_category=st.sampled_from(SecurityCategory),
        veo_status=st.sampled_from(VeoStatus),
        sharing_risk=st.sampled_from(SharingRisk),
        sharing_assessed_at=maybe(near_days),
        needs=some(NEEDS, 1),
        healthcare_need=st.booleans(),
        vulnerable=st.booleans(),
        first_time=st.booleans(),
        arrived_at=maybe(st.integers(-1, 70).map(days_ago)),
        current_place=maybe(st.sampled_from([*CELLS, *CELLS, AWAY])),
        last_moved_at=maybe(st.integers(-1, 30).map(days_ago)),
        out=rarely(value=True, default=False),
        places_needed=rarely(2, 1),
        days_below_hard_floor=st.sampled_from([0, 26, 27]),
        days_in_solitary=st.sampled_from([0, 14, 15]),
        solitary_contraindicated=rarely(value=True, default=False),
        communications_order_until=maybe(near_days),
        transfer_notice_at=maybe(near_days),
    )


names = st.sampled_from(PEOPLE)
groups = st.sampled_from(["a", "b", "c"])
restrictions = st.sampled_from(Restriction)
roles = st.builds(role, names, st.sampled_from(NetworkRole), st.sampled_from([None, "n", "m"]))
grades = st.builds(receptivity, names, st.sampled_from(Grade))
couples = st.permutations(PEOPLE).map(lambda order: (order[0], order[1]))
non_associations = st.builds(
    lambda pair, level, is_open: NonAssociation(pair[0], pair[1], level, is_open=is_open),
    couples,
    restrictions,
    rarely(value=False, default=True),
)
needs = st.builds(
    lambda pair, reach, group: ProtectionNeed(
        pair[0], reach, "threat", "governor", DAY, pair[1] if group is None else None, group
    ),
    couples,
    restrictions,
    maybe(groups),
)
authorities = st.builds(
    authority,
    names,
    st.sampled_from(AuthorityKind),
    st.integers(2, 5),
    issued_at=near_days,
    expires_at=near_days,
    medical_considered=st.booleans(),
    medical_considered_at=maybe(near_days),
    permits_solitary=st.booleans(),
).filter(lambda a: a.issued_at <= a.expires_at)
pairs = st.builds(
    TransferPair,
    st.sampled_from(FACILITIES),
    st.sampled_from(FACILITIES),
    st.booleans(),
    st.integers(0, 2),
)
shared = st.builds(
    SharedSetting,
    st.just("s"),
    st.sampled_from(SharedSettingKind),
    some([*CELLS, *PARENTS, *FACILITIES], 3),
)
locks = st.builds(
    lambda who, place, kind, at, until: lock(who, place, kind, at=at, until=until),
    names,
    st.sampled_from(CELLS),
    st.sampled_from(LockKind),
    near_days,
    maybe(near_days),
)
freezes = st.builds(freeze, names, near_days)
memberships = st.builds(KeepApartMembership, groups, names)
rivalries = st.builds(GroupRivalry, groups, groups, restrictions)
complaints = st.builds(
    lambda who, place, opened, closed: complaint(who, place, opened_at=opened, closed_at=closed),
    names,
    st.sampled_from(CELLS),
    near_days,
    maybe(near_days),
)
policies = st.fixed_dictionaries(
    {
        "unit_group_cap": caps,
        "max_leaders_per_unit": caps,
        "max_veo_per_wing": caps,
        "max_veo_per_facility": caps,
        "network_leaders_apart": maybe(levels),
        "network_leaders_facility_apart": st.booleans(),
        "sources_receptive_apart": maybe(levels),
        "dedicated_units_used": st.booleans(),
        "satellites_used": st.booleans(),
        "moves_per_1000": maybe(st.sampled_from([0, 170, 334])),
    }
)
thresholds = st.fixed_dictionaries(
    {
        "remand_sentenced_level": levels,
        "child_adult_level": levels,
        "young_adult_level": levels,
        "min_trained_staff_per_shift": st.integers(1, 3),
        "escort_officers": caps,
        "move_window_minutes": st.just(70),
    }
)
limits = st.fixed_dictionaries(
    {
        "max_moves": caps,
        "max_moves_per_facility": caps,
        "max_moves_per_wing": caps,
        "dedicated_units": some(["W", "W2", "S", "L", "L3", "G"]),
        "satellite_facilities": some(FACILITIES, 1),
    }
)


@st.composite
def scenarios(draw: st.DrawFn, /, **fields: Any) -> Scenario:
    """Two facilities, three wings, six cells, six people and every kind of relation."""
    places = {**dict.fromkeys(FACILITIES), **PARENTS}
    estate = {
        "settings": tuple(
            replace(setting, setting_id=f"s{k}")
            for k, setting in enumerate(draw(st.lists(shared, max_size=2)))
        ),
        "transfer_pairs": tuple(
            draw(st.lists(pairs, max_size=2, unique_by=lambda p: (p.from_facility, p.to_facility)))
        ),
        "virtual_places": (VirtualPlace(AWAY, "F", VirtualPlaceKind.COURT),),
    }
    return make_scenario(
        [draw(cell(name)) for name in CELLS],
        [draw(person(name)) for name in PEOPLE],
        units=[draw(unit(name, parent)) for name, parent in places.items()],
        estate=estate,
        policy=draw(policies),
        thresholds=draw(thresholds),
        findings=draw(st.lists(roles | grades, max_size=8)),
        authorities=draw(st.lists(authorities, max_size=5)),
        freezes=draw(st.lists(freezes, max_size=2)),
        non_associations=draw(st.lists(non_associations, max_size=4)),
        keep_apart_memberships=draw(st.lists(memberships, max_size=5)),
        group_rivalries=draw(st.lists(rivalries, max_size=2)),
        protection_needs=draw(st.lists(needs, max_size=3)),
        locks=draw(st.lists(locks, max_size=3)),
        complaints=draw(st.lists(complaints, max_size=2)),
        **(draw(limits) | fields),
    )
