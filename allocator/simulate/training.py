"""The training prison: a published demonstration layout, filled with synthetic people.

The layout (wings, landings, cells, capacities, uses, status) is that of the Ministry of Justice's
demonstration prison; areas, regimes, yards, workshops, categories and people are invented. Cells
in draft or archived parts and cells made into rooms are out of use. More people are held than the
working capacity of 247 in ordinary cells.

References
----------
.. [1] ministryofjustice/hmpps-locations-inside-prison-api, `setup_prison_demo_locations`, MIT,
   Crown copyright; see `allocator/simulate/data/README.md`.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.random import Generator

from allocator.model.estate import Cell, ContactEntry, SharedSetting, Unit, VirtualPlace
from allocator.model.vocabulary import (
    AccommodationType,
    DeactivatedReason,
    LegalCategory,
    SecurityCategory,
    SharedSettingKind,
    SpecialistCellType,
    Status,
    UnitType,
    UsedFor,
    VirtualPlaceKind,
)
from allocator.simulate.assign import assign_everything
from allocator.simulate.build import assemble
from allocator.simulate.estate import Plan
from allocator.simulate.people import draw_people, pick
from allocator.simulate.rows import Document
from allocator.simulate.spec import Facility, Regime, Roles, Site, Wing

LAYOUT = Path(__file__).parent / "data" / "training_prison_layout.csv"
PRISON = "TRN"
VULNERABLE_PEOPLE = 38
USES = {
    "STANDARD_ACCOMMODATION": UsedFor.STANDARD,
    "FIRST_NIGHT_CENTRE": UsedFor.FIRST_NIGHT,
    "VULNERABLE_PRISONERS": UsedFor.VULNERABLE,
}
AREAS_M2 = {1: (6.0, 7.5), 2: (7.0, 9.0), 4: (14.0, 16.0)}
SMALL_DOUBLE_M2, SMALL_DOUBLE_SHARE = 5.6, 0.04
SEPARATION = Regime(4, 1.5, 1.5)
YARDS = {"A": "yard_1", "C": "yard_1"}
STAFF = {"A": 3, "B": 2, "C": 1, "D": 2, "H": 2, "S": 4}
PROGRAMMES = {
    "A": frozenset({"education", "work_skills"}),
    "B": frozenset({"conflict_skills"}),
    "C": frozenset({"release_preparation", "work_skills"}),
    "D": frozenset({"education"}),
}

TRAINING_PRISON = Facility(
    name="training_prison",
    title="Training prison",
    grounded_in="the demonstration layout of hmpps-locations-inside-prison-api (MIT, Crown "
    "copyright)",
    sites=(
        Site(
            PRISON,
            (
                Wing("H", (), purpose=UsedFor.HEALTHCARE, held=10),
                Wing("S", (), purpose=UsedFor.SEGREGATION, held=7, regime=SEPARATION),
            ),
            remand=72,
            sentenced=203,
            roles=Roles(1, 2, 4, 3),
        ),
    ),
    young=11,
    rival_groups=2,
    keep_apart_pairs=41,
    tie_share=0.6,
    dedicated=(f"{PRISON}-C",),
    notes="275 people, 258 of them in ordinary cells with a working capacity of 247.",
)


def build_training_prison(seed: int) -> Document:
    """The scenario document; the same seed gives the same document."""
    rng = np.random.default_rng([seed, *TRAINING_PRISON.name.encode()])
    plan = read_layout(rng)
    site = TRAINING_PRISON.sites[0]
    people = draw_people(TRAINING_PRISON, site, TRAINING_PRISON.young, rng)
    assign_everything(TRAINING_PRISON, site, people, rng)
    ordinary = [
        p
        for p in people
        if p.purpose is UsedFor.STANDARD and p.legal is LegalCategory.SENTENCED and not p.needs
    ]
    for person in pick(ordinary, VULNERABLE_PEOPLE, rng):
        person.vulnerable = True
    return assemble(TRAINING_PRISON, plan, people, rng)


def read_layout(rng: Generator) -> Plan:
    """The estate of the layout with invented areas and regimes."""
    plan = Plan()
    plan.units.append(
        Unit(PRISON, UnitType.FACILITY, None, name=TRAINING_PRISON.title, regime_level=1)
    )
    for kind in VirtualPlaceKind:
        plan.virtual_places.append(VirtualPlace(f"{PRISON}-{kind.value}", PRISON, kind))
    with LAYOUT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["location_type"] == "CELL":
                plan.cells.append(_cell(row, rng))
            else:
                plan.units.append(_unit(row))
    for unit in plan.units:
        if unit.unit_type is UnitType.WING:
            remand = unit.unit_id == f"{PRISON}-B"
            plan.legal_of[unit.unit_id] = (
                LegalCategory.REMAND if remand else LegalCategory.SENTENCED
            )
            special = {f"{PRISON}-H": UsedFor.HEALTHCARE, f"{PRISON}-S": UsedFor.SEGREGATION}
            plan.purpose_of[unit.unit_id] = special.get(unit.unit_id, UsedFor.STANDARD)
    plan.settings.extend(_settings())
    plan.contacts.append(ContactEntry(f"{PRISON}-A-1", f"{PRISON}-C-1", 8))
    return plan


def _unit(row: dict[str, str]) -> Unit:
    path, wing = row["path_hierarchy"], row["path_hierarchy"][0]
    unit_id = f"{PRISON}-{path}"
    in_use = row["status"] == "ACTIVE"
    status = Status.ACTIVE if in_use else Status.INACTIVE
    reason = None if in_use else DeactivatedReason.NEW_BUILD
    if row["location_type"] == "LANDING":
        if row["status"] == "ARCHIVED":
            reason = DeactivatedReason.MOTHBALLED
        return Unit(
            unit_id,
            UnitType.LANDING,
            f"{PRISON}-{wing}",
            status=status,
            deactivated_reason=reason,
        )
    regime = SEPARATION if wing == "S" else Regime()
    return Unit(
        unit_id,
        UnitType.WING,
        PRISON,
        name=row["local_name"] or f"Wing {wing}",
        used_for=_wing_uses(wing),
        accommodation_type=AccommodationType(row["wing_accommodation_type"]),
        security_category=SecurityCategory.C if wing == "C" else SecurityCategory.B,
        regime_level=regime.level,
        unlock_hours=regime.unlock_hours,
        meaningful_contact_hours=regime.contact_hours,
        exercise_group=YARDS.get(wing, f"yard_{wing}"),
        trained_staff_per_shift=STAFF.get(wing),
        communications_monitoring=wing in {"A", "S"},
        programmes=PROGRAMMES.get(wing, frozenset()),
        status=status,
        deactivated_reason=reason,
    )


def _wing_uses(wing: str) -> frozenset[UsedFor]:
    special = {"H": UsedFor.HEALTHCARE, "S": UsedFor.SEGREGATION, "D": UsedFor.VULNERABLE}
    return frozenset({special.get(wing, UsedFor.STANDARD)})


def _cell(row: dict[str, str], rng: Generator) -> Cell:
    path = row["path_hierarchy"]
    converted = bool(row["converted_cell_type"])
    most = round(float(row["max_capacity"] or 1))
    in_use = row["status"] == "ACTIVE" and not converted
    reason = DeactivatedReason.CONVERT_CELL_TO_ROOM if converted else DeactivatedReason.NEW_BUILD
    if row["deactivated_reason"]:
        reason = DeactivatedReason(row["deactivated_reason"])
    small = most == 2 and rng.random() < SMALL_DOUBLE_SHARE
    area = SMALL_DOUBLE_M2 if small else round(float(rng.uniform(*AREAS_M2[most])), 1)
    return Cell(
        f"{PRISON}-{path}",
        f"{PRISON}-{row['parent_path']}",
        cna=round(float(row["cna"] or 0)),
        working_capacity=round(float(row["working_capacity"] or 0)),
        max_capacity=most,
        area_m2=None if converted else area,
        accommodation_type=AccommodationType.OTHER_NON_RESIDENTIAL if converted else None,
        specialist_cell_types=frozenset(
            SpecialistCellType(name) for name in row["specialist_cell_types"].split("|") if name
        ),
        used_for=frozenset(USES[name] for name in row["used_for"].split("|") if name),
        status=Status.ACTIVE if in_use else Status.INACTIVE,
        certified=row["certified"] == "True",
        deactivated_reason=None if in_use else reason,
    )


def _settings() -> list[SharedSetting]:
    """Workshops and worship; the separation unit and healthcare share none."""
    rows = (
        ("workshop-1", SharedSettingKind.ACTIVITY, "AC"),
        ("classroom-1", SharedSettingKind.ACTIVITY, "CD"),
        ("worship", SharedSettingKind.WORSHIP, "ABC"),
    )
    return [
        SharedSetting(f"{PRISON}-{name}", kind, frozenset(f"{PRISON}-{wing}" for wing in wings))
        for name, kind, wings in rows
    ]
