"""Units, cells and shared places of a facility, from its specification."""

from dataclasses import dataclass, field, replace
from itertools import zip_longest

from numpy.random import Generator

from allocator.model.estate import (
    Cell,
    ContactEntry,
    Estate,
    SharedSetting,
    TransferPair,
    Unit,
    VirtualPlace,
)
from allocator.model.vocabulary import (
    AccommodationType,
    DeactivatedReason,
    LegalCategory,
    SharedSettingKind,
    SpecialistCellType,
    Status,
    UnitType,
    UsedFor,
    VirtualPlaceKind,
)
from allocator.simulate.spec import SEGREGATION, Facility, Rooms, Site, Wing

REASONS = (
    DeactivatedReason.DAMP,
    DeactivatedReason.DAMAGED,
    DeactivatedReason.MAINTENANCE,
    DeactivatedReason.REFURBISHMENT,
    DeactivatedReason.STAFF_SHORTAGE,
)
PROGRAMMES = ("conflict_skills", "education", "release_preparation", "work_skills")
ACCESSIBLE = frozenset({SpecialistCellType.ACCESSIBLE_CELL})
UNKNOWN_AREA_SHARE = 0.02
SMALL_ROOM_SHARE = 0.02
NOTICE_DAYS = 7
LEAST_M2 = 1.0


@dataclass(slots=True)
class Plan:
    """The estate of a scenario while it is being made.

    `purpose_of`, `legal_of` : by wing, who the wing is for; also where no designation says so.
    """

    units: list[Unit] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    virtual_places: list[VirtualPlace] = field(default_factory=list)
    settings: list[SharedSetting] = field(default_factory=list)
    contacts: list[ContactEntry] = field(default_factory=list)
    transfer_pairs: list[TransferPair] = field(default_factory=list)
    legal_of: dict[str, LegalCategory] = field(default_factory=dict)
    purpose_of: dict[str, UsedFor] = field(default_factory=dict)

    def estate(self) -> Estate:
        """The estate as the model knows it."""
        return Estate(tuple(self.units), tuple(self.cells), tuple(self.virtual_places))


def build_estate(facility: Facility, rng: Generator) -> Plan:
    """All sites with their wings; some cells out of use, some kept as buffer."""
    plan = Plan()
    for site in facility.sites:
        _add_site(plan, facility, site, rng)
    _deactivate(plan, facility, rng)
    _keep_buffer(plan, facility)
    plan.transfer_pairs.extend(_transfers(facility))
    return plan


def _add_site(plan: Plan, facility: Facility, site: Site, rng: Generator) -> None:
    plan.units.append(
        Unit(
            site.site_id,
            UnitType.FACILITY,
            None,
            name=facility.title if len(facility.sites) == 1 else f"{facility.title} {site.site_id}",
            regime_level=1,
            home_area=site.home_area,
            status=Status.INACTIVE if site.shut else Status.ACTIVE,
            deactivated_reason=DeactivatedReason.MOTHBALLED if site.shut else None,
        )
    )
    for kind in (VirtualPlaceKind.RECEPTION, VirtualPlaceKind.COURT):
        place_id = f"{site.site_id}-{kind.value}"
        plan.virtual_places.append(VirtualPlace(place_id, site.site_id, kind))
    for number, wing in enumerate(site.wings):
        _add_wing(plan, facility, site, number, rng)
        wing_id = f"{site.site_id}-{wing.name}"
        plan.legal_of[wing_id] = wing.legal
        plan.purpose_of[wing_id] = wing.purpose
    plan.settings.extend(_settings(site))


def _add_wing(plan: Plan, facility: Facility, site: Site, number: int, rng: Generator) -> None:
    wing = site.wings[number]
    wing_id = f"{site.site_id}-{wing.name}"
    healthcare = wing.purpose is UsedFor.HEALTHCARE
    plan.units.append(
        Unit(
            wing_id,
            UnitType.WING,
            site.site_id,
            name=f"Wing {wing.name}",
            used_for=frozenset({wing.purpose}),
            accommodation_type=AccommodationType.HEALTHCARE_INPATIENTS if healthcare else None,
            security_category=wing.category or facility.category,
            legal_category=wing.legal if facility.designated else None,
            regime_level=wing.regime.level,
            unlock_hours=wing.regime.unlock_hours,
            meaningful_contact_hours=wing.regime.contact_hours,
            exercise_group=_yard(site, number),
            sealed=wing.sealed,
            trained_staff_per_shift=int(rng.integers(1, 5)),
            communications_monitoring=number < 2 or wing_id in facility.dedicated,
            programmes=frozenset(PROGRAMMES[k] for k in (number % 4, (number + 1) % 4)),
        )
    )
    rooms = [rooms for rooms in wing.rooms for _ in range(rooms.count)]
    ordinary = len(rooms) - wing.segregation_rooms
    per_landing = -(-ordinary // wing.landings)
    for landing in range(wing.landings):
        part = rooms[landing * per_landing : min((landing + 1) * per_landing, ordinary)]
        unit = Unit(f"{wing_id}-{landing + 1}", UnitType.LANDING, wing_id)
        _add_landing(plan, unit, part, rng, healthcare=healthcare)
    if wing.segregation_rooms:
        unit = _segregation_landing(wing_id, wing.landings + 1)
        _add_landing(plan, unit, rooms[ordinary:], rng, healthcare=False)


def _segregation_landing(wing_id: str, number: int) -> Unit:
    return Unit(
        f"{wing_id}-{number}",
        UnitType.LANDING,
        wing_id,
        name="Segregation",
        used_for=frozenset({UsedFor.SEGREGATION}),
        accommodation_type=AccommodationType.CARE_AND_SEPARATION,
        regime_level=SEGREGATION.level,
        unlock_hours=SEGREGATION.unlock_hours,
        meaningful_contact_hours=SEGREGATION.contact_hours,
    )


def _yard(site: Site, number: int) -> str:
    """Two like wings share a yard; sealed wings and wings with a purpose have their own."""
    wing = site.wings[number]
    if wing.sealed or wing.purpose is not UsedFor.STANDARD:
        return f"yard_{wing.name}"
    like = [w.name for w in site.wings if _kind(w) == _kind(wing)]
    return f"yard_{wing.legal.value}_{like.index(wing.name) // 2 + 1}"


def _kind(wing: Wing) -> tuple[LegalCategory, UsedFor, bool]:
    return wing.legal, wing.purpose, wing.sealed


def _add_landing(
    plan: Plan, unit: Unit, rooms: list[Rooms], rng: Generator, *, healthcare: bool
) -> None:
    plan.units.append(unit)
    accessible = unit.unit_id.endswith("-1") and not healthcare
    for number, room in enumerate(rooms, start=1):
        types = ACCESSIBLE if accessible and number == 1 else frozenset()
        area = _draw_area(room, rng)
        plan.cells.append(
            Cell(
                f"{unit.unit_id}-{number:03d}",
                unit.unit_id,
                cna=room.places if room.certified is None else room.certified,
                working_capacity=0 if healthcare else room.places,
                max_capacity=_most_people(room, area),
                area_m2=area,
                specialist_cell_types=room.types | types,
            )
        )


def _most_people(room: Rooms, area_m2: float | None) -> int:
    """Maximum capacity; mattresses are added as long as each person has 1 m²."""
    most = room.maximum or room.places
    return most if area_m2 is None else max(room.places, min(most, int(area_m2 / LEAST_M2)))


def _draw_area(room: Rooms, rng: Generator) -> float | None:
    """Floor area; a few are unknown and a few below the hard floor of 3 m² a place."""
    chance = rng.random()
    if room.area_m2 is not None:
        return round(float(rng.uniform(*room.area_m2)), 1)
    if chance < UNKNOWN_AREA_SHARE:
        return None
    if chance < UNKNOWN_AREA_SHARE + SMALL_ROOM_SHARE and room.places > 1:
        return round(2.9 * room.places, 1)
    low, high = (6.0, 8.0) if room.places == 1 else (3.9 * room.places, 4.8 * room.places)
    return round(float(rng.uniform(low, high)), 1)


def _settings(site: Site) -> list[SharedSetting]:
    """Workshops for two like wings each, one worship room for all; sealed wings share nothing."""
    open_wings = [w for w in site.wings if not w.sealed and w.purpose is not UsedFor.JUVENILE]
    adults = [w for w in open_wings if w.purpose is UsedFor.STANDARD]
    shops = [adults[k : k + 2] for k in range(0, len(adults), 2)]
    rows = [
        (f"{site.site_id}-workshop-{k + 1}", SharedSettingKind.ACTIVITY, shop)
        for k, shop in enumerate(shops)
    ]
    rows.append((f"{site.site_id}-worship", SharedSettingKind.WORSHIP, adults))
    return [
        SharedSetting(name, kind, frozenset(f"{site.site_id}-{wing.name}" for wing in wings))
        for name, kind, wings in rows
        if len(wings) > 1
    ]


def _deactivate(plan: Plan, facility: Facility, rng: Generator) -> None:
    """Take cells out of use, at random among ordinary wings, up to the share of all places."""
    shut = {site.site_id for site in facility.sites if site.shut}
    total = sum(wing.places for site in facility.sites for wing in site.wings)
    left = round(facility.out_of_use * total) if not shut else 0
    chosen = _ordinary_cells(plan, prefer_sentenced=not facility.out_anywhere)
    for k in rng.permutation(len(chosen)):
        cell = plan.cells[chosen[k]]
        if 2 * left > cell.working_capacity > 0:
            reason = REASONS[int(rng.integers(len(REASONS)))]
            plan.cells[chosen[k]] = replace(
                cell, status=Status.INACTIVE, deactivated_reason=reason, certified=False
            )
            left -= cell.working_capacity


def _keep_buffer(plan: Plan, facility: Facility) -> None:
    """Keep the last cells of ordinary wings empty, in turn, about as many places as asked for."""
    left = facility.buffer_places
    estate = plan.estate()
    by_wing: dict[str, list[int]] = {}
    for k in reversed(_ordinary_cells(plan, prefer_sentenced=True)):
        by_wing.setdefault(estate.wing_of(plan.cells[k]).unit_id, []).append(k)
    for k in (k for row in zip_longest(*by_wing.values()) for k in row if k is not None):
        cell = plan.cells[k]
        if cell.status is Status.ACTIVE and 2 * left > cell.working_capacity > 0:
            plan.cells[k] = replace(cell, buffer=True)
            left -= cell.working_capacity


def _ordinary_cells(plan: Plan, *, prefer_sentenced: bool) -> list[int]:
    """Positions of cells on ordinary landings; those for sentenced people where there are any."""
    estate = plan.estate()
    standard = [
        k
        for k, cell in enumerate(plan.cells)
        if estate.uses(cell) == {UsedFor.STANDARD} and not cell.specialist_cell_types
    ]
    if not standard:
        standard = list(range(len(plan.cells)))
    sentenced = [
        k
        for k in standard
        if plan.legal_of[estate.wing_of(plan.cells[k]).unit_id] is LegalCategory.SENTENCED
    ]
    return sentenced if sentenced and prefer_sentenced else standard


def _transfers(facility: Facility) -> list[TransferPair]:
    """Transfers between all sites at a week's notice, except along closed pairs."""
    ids = [site.site_id for site in facility.sites]
    closed = {frozenset(pair) for pair in facility.closed}
    return [
        TransferPair(a, b, frozenset({a, b}) not in closed, NOTICE_DAYS)
        for a in ids
        for b in ids
        if a != b
    ]
