"""The estate tree: facility → wing → (spur) → (landing) → cell, and what its parts share."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

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

ZERO_WORKING_CAPACITY_IN_USE = frozenset(
    {AccommodationType.CARE_AND_SEPARATION, AccommodationType.HEALTHCARE_INPATIENTS}
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A facility, wing, spur or landing.

    Fields left None are inherited from the nearest ancestor that gives them (`Estate.inherited`).

    Parameters
    ----------
    regime_level : severity 0-5; 3 and above needs an authority.
    unlock_hours, meaningful_contact_hours : hours a day, 0-24.
    exercise_group : name of the group that shares a yard; one group may join several units.
    sealed : no shared exercise, activity or worship with other units (French "étanche").
    trained_staff_per_shift : officers trained in dynamic security.
    legal_category, home_area : designation of the unit; None is open to all.
    """

    unit_id: str
    unit_type: UnitType
    parent_id: str | None
    name: str | None = None
    used_for: frozenset[UsedFor] = frozenset()
    accommodation_type: AccommodationType | None = None
    security_category: SecurityCategory | None = None
    legal_category: LegalCategory | None = None
    regime_level: int | None = None
    unlock_hours: float | None = None
    meaningful_contact_hours: float | None = None
    exercise_group: str | None = None
    sealed: bool = False
    trained_staff_per_shift: int | None = None
    communications_monitoring: bool | None = None
    programmes: frozenset[str] = frozenset()
    home_area: str | None = None
    status: Status = Status.ACTIVE
    deactivated_reason: DeactivatedReason | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its three capacities.

    Parameters
    ----------
    cna, working_capacity, max_capacity : places, certified normal accommodation first.
    area_m2 : floor area without the sanitary annexe; None is unknown and reported.
    buffer : kept empty for swaps unless released.
    """

    cell_id: str
    parent_id: str
    cna: int
    working_capacity: int
    max_capacity: int
    area_m2: float | None = None
    accommodation_type: AccommodationType | None = None
    specialist_cell_types: frozenset[SpecialistCellType] = frozenset()
    used_for: frozenset[UsedFor] = frozenset()
    security_category: SecurityCategory | None = None
    status: Status = Status.ACTIVE
    certified: bool = True
    buffer: bool = False
    deactivated_reason: DeactivatedReason | None = None


@dataclass(frozen=True, slots=True)
class VirtualPlace:
    """Reception, court, hospital or CSWAP: people may come from here, nobody is planned into it."""

    place_id: str
    facility_id: str
    kind: VirtualPlaceKind


@dataclass(frozen=True, slots=True)
class SharedSetting:
    """A workshop, class or worship room and the units that use it at the same time."""

    setting_id: str
    kind: SharedSettingKind
    unit_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """Explicit contact weight between two different units or cells, either way round."""

    place_a: str
    place_b: str
    weight: int


@dataclass(frozen=True, slots=True)
class TransferPair:
    """Whether the law lets people go from one facility to another, and at what notice."""

    from_facility: str
    to_facility: str
    is_open: bool
    notice_days: int = 0


@dataclass(frozen=True)
class Estate:
    """All units and cells; parents come before children is not required.

    The tree is checked where a scenario is read (`allocator.prepare`): one facility above each
    cell, no cycle, known parents.
    """

    units: tuple[Unit, ...]
    cells: tuple[Cell, ...]
    virtual_places: tuple[VirtualPlace, ...] = ()
    settings: tuple[SharedSetting, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    transfer_pairs: tuple[TransferPair, ...] = field(default=())

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        """Units by id."""
        return {unit.unit_id: unit for unit in self.units}

    @cached_property
    def cell_by_id(self) -> dict[str, Cell]:
        """Cells by id."""
        return {cell.cell_id: cell for cell in self.cells}

    @cached_property
    def virtual_by_id(self) -> dict[str, VirtualPlace]:
        """Virtual places by id."""
        return {place.place_id: place for place in self.virtual_places}

    def ancestors(self, place: Unit | Cell) -> Iterator[Unit]:
        """Units above a place, nearest first, up to its facility."""
        parent_id = place.parent_id
        while parent_id is not None:
            unit = self.unit_by_id[parent_id]
            yield unit
            parent_id = unit.parent_id

    def ancestor(self, place: Unit | Cell, unit_type: UnitType) -> Unit | None:
        """The unit of the given type above a place, asked by type and never by name."""
        return next((unit for unit in self.ancestors(place) if unit.unit_type is unit_type), None)

    def facility_of(self, place: Unit | Cell) -> Unit:
        """The facility a place belongs to."""
        if isinstance(place, Unit) and place.unit_type is UnitType.FACILITY:
            return place
        found = self.ancestor(place, UnitType.FACILITY)
        if found is None:
            message = f"{place} has no facility above it"
            raise LookupError(message)
        return found

    def wing_of(self, cell: Cell) -> Unit:
        """The wing of a cell, or its facility where there is no wing."""
        return self.ancestor(cell, UnitType.WING) or self.facility_of(cell)

    def landing_of(self, cell: Cell) -> Unit:
        """The landing of a cell; without one, the nearest unit above it."""
        return next(self.ancestors(cell))

    def inherited(self, cell: Cell, attribute: str) -> object:
        """Value of a unit attribute from the nearest ancestor that gives one, else None."""
        for unit in self.ancestors(cell):
            value: object = getattr(unit, attribute)
            if value is not None:
                return value
        return None

    def uses(self, cell: Cell) -> frozenset[UsedFor]:
        """What a cell is used for: its own list, else the nearest unit's that has one."""
        if cell.used_for:
            return cell.used_for
        return next((u.used_for for u in self.ancestors(cell) if u.used_for), frozenset())

    def accommodation_of(self, cell: Cell) -> AccommodationType:
        """Accommodation type of a cell, inherited; normal accommodation by default."""
        found = cell.accommodation_type or self.inherited(cell, "accommodation_type")
        if isinstance(found, AccommodationType):
            return found
        return AccommodationType.NORMAL_ACCOMMODATION

    def is_in_use(self, cell: Cell) -> bool:
        """True when the cell and every unit above it are active and the cell is certified."""
        return (
            cell.certified
            and cell.status is Status.ACTIVE
            and all(unit.status is Status.ACTIVE for unit in self.ancestors(cell))
        )

    def effective_capacity(self, cell: Cell) -> int:
        r"""Places that may be used without a derogation.

        .. math:: e_c = 0 \text{ if out of use};\ w_c \text{ if } w_c > 0;\
                  m_c \text{ if separation or healthcare};\ 0 \text{ otherwise}

        with working capacity :math:`w_c` and maximum capacity :math:`m_c`. Separation and
        healthcare cells carry working capacity 0 in live systems and are used all the same.

        References
        ----------
        .. [1] hmpps-locations-inside-prison-api, "has space" rule: working capacity if not zero,
           else maximum capacity; we take the fallback only where zero is the normal entry.
        """
        if not self.is_in_use(cell):
            return 0
        if cell.working_capacity > 0:
            return cell.working_capacity
        if self.accommodation_of(cell) in ZERO_WORKING_CAPACITY_IN_USE:
            return cell.max_capacity
        return 0
