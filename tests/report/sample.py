"""A prison of some sixty cells with a plan, for looking at reports; nobody in it is real."""

from collections.abc import Mapping

from allocator.explain.placements import placement_now
from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell, VirtualPlace
from allocator.model.person import Person
from allocator.model.plan import (
    Conflict,
    Placement,
    Plan,
    Provenance,
    ShortfallCause,
    TierValue,
    Verdict,
)
from allocator.model.relations import InfluenceEdge, NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    EdgeKind,
    EvidenceBasis,
    Grade,
    LegalCategory,
    NetworkRole,
    Restriction,
    SourceGrade,
    Status,
    UsedFor,
    VirtualPlaceKind,
)
from allocator.verify import verify
from tests.builders import (
    authority,
    cell,
    days_ago,
    derogable,
    facility,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)

PROVENANCE = Provenance(
    scenario_hash="4f2c9e0b" * 8,
    profile="test",
    profile_version="1",
    policy="dispersal",
    policy_version="1",
    contact_weights="default",
    seed=7,
    effort="standard",
    max_moves=12,
    time_limit_seconds=60.0,
    software_version="0.1.0",
    solver_version="9.15",
)
LANDINGS = {"A1": 12, "A2": 12, "B1": 10, "B2": 10, "R1": 12}
ROLES = {3: NetworkRole.LEADER, 9: NetworkRole.RECRUITER, 22: NetworkRole.ENFORCER}
FOLLOWERS = (4, 14, 31)
RECEPTIVE = (5, 10, 17, 24, 36, 52)


def make_plan(scenario: Scenario, changes: Mapping[str, str | None], **fields: object) -> Plan:
    """The present placement with changes, as a plan with everything the judge says of it."""
    now = placement_now(scenario)
    then = now | dict(changes)
    before, after = verify(scenario, now), verify(scenario, then)
    placements = tuple(
        Placement(p.person_id, p.current_place, then[p.person_id], {}) for p in scenario.people
    )
    known: dict[str, object] = {
        "scenario_name": scenario.name,
        "verdict": Verdict.FEASIBLE,
        "placements": placements,
        "tiers": tuple(TierValue(t, v, max(v - 11, 0)) for t, v in after.tiers.items()),
        "derogations": after.derogations,
        "exposure": after.exposure,
        "exposure_before": before.exposure,
        "shortfall": {},
        "conflicts": (),
        "provenance": PROVENANCE,
        "seconds": 4.2,
        "verified": True,
    }
    return Plan(**(known | fields))  # type: ignore[arg-type]


def sample_scenario() -> Scenario:
    """Two ordinary wings, a remand wing, a separation unit and one dormitory."""
    units = [
        facility("F", name="Sample prison"),
        *(wing(w, name=f"{w} wing") for w in ("A", "B")),
        wing("R", name="R wing (remand)", legal_category=LegalCategory.REMAND),
        wing("S", name="Separation unit", regime_level=4, used_for=frozenset({UsedFor.SEPARATION})),
        *(landing(name, name[0], name=f"{name} landing") for name in LANDINGS),
        landing("S1", "S", name="S1 landing"),
    ]
    return make_scenario(
        cells=_cells(),
        people=_people(),
        units=units,
        settings={
            RuleId.CAPACITY: derogable(10),
            RuleId.SPACE_FLOOR: derogable(20),
            RuleId.SOURCE_RECEPTIVE_CELL: derogable(30),
            RuleId.NON_ASSOCIATION: derogable(50),
            RuleId.EXPIRED_AUTHORITY: derogable(90),
            RuleId.AUTHORITY: derogable(90),
            RuleId.SINGLE_CELL: derogable(5),
        },
        estate={"virtual_places": (VirtualPlace("F-RECP", "F", VirtualPlaceKind.RECEPTION),)},
        findings=_findings(),
        authorities=[
            authority("P060", AuthorityKind.SEPARATION, 4),
            authority(
                "P061", AuthorityKind.SEPARATION, 4, review_by=days_ago(30), expires_at=days_ago(6)
            ),
        ],
        non_associations=[NonAssociation("P012", "P013", Restriction.LANDING)],
        influence_edges=[
            InfluenceEdge(
                "P003", "P005", EdgeKind.RECRUITS, 3, SourceGrade.B, EvidenceBasis.FACT,
                days_ago(40), days_ago(-140), author="wing staff",
            ),
            InfluenceEdge(
                "P040", "P041", EdgeKind.MENTORS, 3, SourceGrade.A, EvidenceBasis.FACT,
                days_ago(10), days_ago(-140), author="programme staff",
            ),
        ],
    )  # fmt: skip


def _cells() -> list[Cell]:
    cells = []
    for name, count in LANDINGS.items():
        for k in range(1, count + 1):
            places = 2 if k % 3 == 0 else 1
            fields: dict[str, object] = {"area_m2": 6.4 * places, "max_capacity": places + 1}
            if (name, k) in {("A1", 7), ("B2", 4)}:
                fields["status"] = Status.INACTIVE
            if (name, k) == ("B1", 10):
                fields["buffer"] = True
            if (name, k) == ("B2", 8):
                fields["area_m2"] = None
            if (name, k) in {("A2", 2), ("R1", 5)}:
                fields["area_m2"] = 5.5
            cells.append(cell(f"{name}-{k:02d}", places, name, **fields))
    cells.append(cell("B2-99", 8, "B2", max_capacity=12, area_m2=30.0))
    cells += [cell(f"S1-{k:02d}", 1, "S1", area_m2=8.0) for k in range(1, 5)]
    return cells


def _people() -> list[Person]:
    open_cells = [
        c for c in _cells() if c.status is Status.ACTIVE and not c.buffer and c.parent_id != "S1"
    ]
    rooms = [c for c in open_cells for _ in range(c.working_capacity)]
    rooms.insert(30, next(c for c in open_cells if c.cell_id == "A2-02"))
    people = [_person(i, place) for i, place in enumerate(rooms[:60])]
    people += [person(f"P{60 + k:03d}", current_place=f"S1-0{k + 1}") for k in range(2)]
    people += [_person(62 + k, place) for k, place in enumerate(rooms[62:70])]
    people += [person(f"P{70 + k:03d}", current_place="F-RECP") for k in range(2)]
    return people


def _person(i: int, place: Cell) -> Person:
    remand = place.parent_id == "R1" or i in {20, 33}
    crowded = place.cell_id in {"A2-02", "B2-99"}
    return person(
        f"P{i:03d}",
        current_place=place.cell_id,
        legal_category=LegalCategory.REMAND if remand else LegalCategory.SENTENCED,
        days_below_hard_floor=26 if crowded and i % 2 else 0,
        days_below_warning_floor=41 if crowded else 0,
        sharing_assessed_at=None if i == 44 else days_ago(30),
        arrived_at=days_ago(12) if i % 9 == 0 else days_ago(400),
    )


def _findings() -> list[object]:
    found: list[object] = [role(f"P{i:03d}", value, "N1") for i, value in ROLES.items()]
    found += [role(f"P{i:03d}", NetworkRole.FOLLOWER, "N1") for i in FOLLOWERS]
    grades = (Grade.HIGH, Grade.MODERATE)
    found += [receptivity(f"P{i:03d}", grades[i % 2]) for i in RECEPTIVE]
    return found


def sample_plan(scenario: Scenario) -> Plan:
    """Some moves for every reason, one person unplaced, one category short of places."""
    changes = {
        "P003": "R1-12", "P009": "B1-09", "P013": "B2-07", "P020": "R1-11", "P061": "B2-99",
        "P005": "B1-06", "P070": "S1-04", "P071": None,
    }  # fmt: skip
    conflict = Conflict(
        rules=(RuleId.REMAND_SENTENCED, RuleId.CAPACITY),
        person_ids=("P020", "P033", "P071"),
        cell_ids=("R1-11", "R1-12"),
        missing=1,
        proof="maximum flow",
        words="Three people on remand need two cells of the remand wing.",
    )
    return make_plan(
        scenario,
        changes,
        shortfall={"remand": 1},
        shortfall_causes=(ShortfallCause("remand", (RuleId.CAPACITY,), 1),),
        conflicts=(conflict,),
    )
