"""Places and people per facility, wing and landing, and per legal category (R44, P18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from allocator.explain.placements import BeforeAfter
from allocator.model.estate import Cell, Unit
from allocator.model.index import int_array
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import LegalCategory, UnitType, UsedFor

OPEN_TO_ALL = "open to all"
REPORTED_TYPES = (UnitType.FACILITY, UnitType.WING, UnitType.LANDING)


class OccupancyBand(StrEnum):
    """Bands 90/100/110 of places taken against effective capacity."""

    NO_PLACES = "no places"
    UNDER_90 = "under 90 %"
    UP_TO_100 = "90 to 100 %"
    UP_TO_110 = "100 to 110 %"
    OVER_110 = "over 110 %"


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Places taken against effective places; `percent` is None without any place."""

    held: int
    taken: int
    percent: int | None
    band: OccupancyBand


@dataclass(frozen=True, slots=True)
class UnitOccupancy:
    """One facility, wing or landing.

    Capacities count cells in use. `effective` are the places that may be used without a
    derogation, buffer cells not included. `depth` is 0 for a facility, 1 for a wing and 2 for a
    landing.
    """

    unit_id: str
    name: str
    unit_type: UnitType
    depth: int
    cna: int
    effective: int
    max_capacity: int
    buffer_places: int
    cells_out_of_use: int
    before: Occupancy
    after: Occupancy


@dataclass(frozen=True, slots=True)
class CategoryCapacity:
    """Places designated for a legal category and the people of that category.

    `people` counts everyone of the category, with or without a cell, None for places open to all.
    `in_designated` counts those whom the plan puts in a designated place; `missing` are places that
    are not there. `occupancy` is everyone of the category against designated places; for places
    open to all it is those whom the plan puts there.
    """

    category: str
    places: int
    people: int | None
    held_before: int
    held_after: int
    in_designated: int
    occupancy: Occupancy
    missing: int


@dataclass(frozen=True, slots=True)
class Dormitories:
    """Rooms above the size up to which allocation controls who meets whom (R45)."""

    over_places: int
    rooms: int
    held_before: int
    held_after: int


def occupancy(held: int, taken: int, places: int) -> Occupancy:
    """Percentage, rounded down, and band; the band is judged before rounding."""
    if places == 0:
        band = OccupancyBand.NO_PLACES if taken == 0 else OccupancyBand.OVER_110
        return Occupancy(held, taken, None, band)
    share = 100 * taken
    if share < 90 * places:
        band = OccupancyBand.UNDER_90
    elif share <= 100 * places:
        band = OccupancyBand.UP_TO_100
    elif share <= 110 * places:
        band = OccupancyBand.UP_TO_110
    else:
        band = OccupancyBand.OVER_110
    return Occupancy(held, taken, share // places, band)


def usable_places(placed: BeforeAfter) -> IntArray:
    """Effective capacity of each cell, 0 for buffer cells; shape (n_cells,)."""
    cells = placed.scenario.estate.cells
    kept_empty = np.array([cell.buffer for cell in cells], dtype=bool)
    return np.where(kept_empty, 0, placed.index.effective_capacity).astype(np.int64)


def unit_occupancies(placed: BeforeAfter) -> tuple[UnitOccupancy, ...]:
    """Every facility, wing and landing with a cell under it, in the order of the tree."""
    table = _CellNumbers(placed)
    estate = placed.scenario.estate
    members: dict[str, list[int]] = {}
    for position, cell in enumerate(estate.cells):
        for unit in estate.ancestors(cell):
            members.setdefault(unit.unit_id, []).append(position)
    units = [
        unit
        for unit in estate.units
        if unit.unit_type in REPORTED_TYPES and unit.unit_id in members
    ]
    units.sort(key=lambda unit: _path(placed, unit))
    return tuple(table.unit(unit, np.array(members[unit.unit_id])) for unit in units)


def _path(placed: BeforeAfter, unit: Unit) -> tuple[str, ...]:
    above = [parent.unit_id for parent in placed.scenario.estate.ancestors(unit)]
    return (*reversed(above), unit.unit_id)


class _CellNumbers:
    """Numbers of each cell, summed over the cells of a unit."""

    def __init__(self, placed: BeforeAfter) -> None:
        estate = placed.scenario.estate
        cells = estate.cells
        in_use = np.array([estate.is_in_use(cell) for cell in cells], dtype=bool)
        self._cna = np.where(in_use, [cell.cna for cell in cells], 0)
        self._max = np.where(in_use, [cell.max_capacity for cell in cells], 0)
        self._out = ~in_use
        self._usable = usable_places(placed)
        self._buffer = placed.index.effective_capacity - self._usable
        self._held = (placed.held(placed.before), placed.held(placed.after))
        self._load = (placed.load(placed.before), placed.load(placed.after))

    def unit(self, unit: Unit, cells: IntArray) -> UnitOccupancy:
        places = int(self._usable[cells].sum())
        now, then = (
            occupancy(int(held[cells].sum()), int(load[cells].sum()), places)
            for held, load in zip(self._held, self._load, strict=True)
        )
        return UnitOccupancy(
            unit_id=unit.unit_id,
            name=unit.name or unit.unit_id,
            unit_type=unit.unit_type,
            depth=REPORTED_TYPES.index(unit.unit_type),
            cna=int(self._cna[cells].sum()),
            effective=places,
            max_capacity=int(self._max[cells].sum()),
            buffer_places=int(self._buffer[cells].sum()),
            cells_out_of_use=int(self._out[cells].sum()),
            before=now,
            after=then,
        )


def category_capacities(
    placed: BeforeAfter, places_missing: Mapping[str, int]
) -> tuple[CategoryCapacity, ...]:
    """Capacity of remand and of sentenced places, then of the places open to all (R44)."""
    estate = placed.scenario.estate
    people = placed.scenario.people
    named = [_designation(placed, cell) for cell in estate.cells]
    lines = []
    for category in (*LegalCategory, OPEN_TO_ALL):
        cells = int_array(c for c, name in enumerate(named) if name == category)
        if category == OPEN_TO_ALL:
            now, then = np.isin(placed.before, cells), np.isin(placed.after, cells)
            everyone = then
        else:
            everyone = np.array([p.legal_category == category for p in people], dtype=bool)
            now, then = everyone & (placed.before >= 0), everyone & (placed.after >= 0)
        needed = int(placed.index.places[everyone].sum())
        places = int(usable_places(placed)[cells].sum())
        lines.append(
            CategoryCapacity(
                category=str(category),
                places=places,
                people=None if category == OPEN_TO_ALL else int(everyone.sum()),
                held_before=int(now.sum()),
                held_after=int(then.sum()),
                in_designated=int((then & np.isin(placed.after, cells)).sum()),
                occupancy=occupancy(int(everyone.sum()), needed, places),
                missing=int(places_missing.get(category, 0)),
            )
        )
    return tuple(lines)


def _designation(placed: BeforeAfter, cell: Cell) -> str:
    estate = placed.scenario.estate
    found = estate.inherited(cell, "legal_category")
    if found is not None:
        return str(found)
    return LegalCategory.REMAND if UsedFor.REMAND in estate.uses(cell) else OPEN_TO_ALL


def dormitories(placed: BeforeAfter) -> Dormitories:
    """Rooms in use above the profile's size, and the people in them."""
    limit = placed.scenario.profile.thresholds.dormitory_over_places
    large = large_rooms(placed)
    return Dormitories(
        over_places=limit,
        rooms=int(large.sum()),
        held_before=int(placed.held(placed.before)[large].sum()),
        held_after=int(placed.held(placed.after)[large].sum()),
    )


def large_rooms(placed: BeforeAfter) -> BoolArray:
    """True for rooms in use with more places than the profile's dormitory size."""
    estate = placed.scenario.estate
    limit = placed.scenario.profile.thresholds.dormitory_over_places
    return np.array(
        [cell.max_capacity > limit and estate.is_in_use(cell) for cell in estate.cells], dtype=bool
    )
