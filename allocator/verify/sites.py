"""What the estate says of each cell: the units it shares, its regime, its capacities."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allocator.model.estate import Cell, Estate, Unit
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Level, SharedSettingKind, UnitType, UsedFor

FULL_DAY_HOURS = 24.0
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Site:
    """One cell with everything it has or inherits.

    Parameters
    ----------
    places : the cell and the units above it, nearest first.
    unit_at : unit shared at each level; an exercise group is "facility/group" and may be absent.
    sealed : ids of sealed units above the cell.
    settings : shared settings that the cell uses, by kind.
    capacity : effective capacity. maximum : maximum capacity, 0 when out of use.
    regime_level : severity of the regime, 0 where none is recorded.
    """

    cell: Cell
    units: tuple[Unit, ...]
    places: tuple[str, ...]
    unit_at: Mapping[Level, str]
    sealed: frozenset[str]
    settings: Mapping[SharedSettingKind, frozenset[str]]
    uses: frozenset[UsedFor]
    in_use: bool
    capacity: int
    maximum: int
    regime_level: int

    @property
    def cell_id(self) -> str:
        """Id of the cell."""
        return self.cell.cell_id

    def inherited(self, attribute: str) -> object:
        """Value of the nearest unit above the cell that gives one, else None."""
        return nearest(self.units, attribute)

    def hours(self, attribute: str) -> float:
        """Hours a day of an inherited attribute, 24 where none is recorded."""
        found = self.inherited(attribute)
        return float(found) if isinstance(found, int | float) else FULL_DAY_HOURS

    def is_under(self, unit_ids: Iterable[str]) -> bool:
        """True when one of the units is above the cell."""
        return not set(self.places[1:]).isdisjoint(unit_ids)

    def places_of_size(self, floor_m2: float) -> int | None:
        """How many people the floor area allows; None where the area is unknown."""
        if self.cell.area_m2 is None:
            return None
        return int(self.cell.area_m2 / floor_m2 + ROUNDING)

    def is_below(self, floor_m2: float) -> bool:
        """True when the known area per effective place is under the floor."""
        area = self.cell.area_m2
        return area is not None and area / max(self.capacity, 1) < floor_m2


def nearest(units: Iterable[Unit], attribute: str) -> object:
    """First value given by the units, in their order; None when none of them gives one."""
    values = (getattr(unit, attribute) for unit in units)
    return next((value for value in values if value is not None), None)


def build_sites(scenario: Scenario) -> dict[str, Site]:
    """Sites of all cells, by cell id."""
    estate = scenario.estate
    settings = _settings_by_place(estate)
    return {cell.cell_id: _build_site(estate, cell, settings) for cell in estate.cells}


_SettingsByPlace = Mapping[str, list[tuple[SharedSettingKind, str]]]


def _settings_by_place(estate: Estate) -> _SettingsByPlace:
    by_place: defaultdict[str, list[tuple[SharedSettingKind, str]]] = defaultdict(list)
    for setting in estate.settings:
        for place in setting.unit_ids:
            by_place[place].append((setting.kind, setting.setting_id))
    return by_place


def _build_site(estate: Estate, cell: Cell, settings_by_place: _SettingsByPlace) -> Site:
    units = tuple(estate.ancestors(cell))
    places = (cell.cell_id, *(unit.unit_id for unit in units))
    used = [entry for place in places for entry in settings_by_place.get(place, ())]
    in_use = estate.is_in_use(cell)
    return Site(
        cell=cell,
        units=units,
        places=places,
        unit_at=_units_by_level(cell, units),
        sealed=frozenset(unit.unit_id for unit in units if unit.sealed),
        settings={
            kind: frozenset(name for k, name in used if k is kind) for kind in SharedSettingKind
        },
        uses=estate.uses(cell),
        in_use=in_use,
        capacity=estate.effective_capacity(cell),
        maximum=cell.max_capacity if in_use else 0,
        regime_level=_regime_level(units),
    )


def _regime_level(units: Iterable[Unit]) -> int:
    level = nearest(units, "regime_level")
    return level if isinstance(level, int) else 0


def _units_by_level(cell: Cell, units: tuple[Unit, ...]) -> dict[Level, str]:
    """Unit of each level: the nearest above for the landing, then falling back upwards."""
    by_type = {unit.unit_type: unit.unit_id for unit in reversed(units)}
    facility = by_type[UnitType.FACILITY]
    wing = by_type.get(UnitType.WING, facility)
    levels = {
        Level.CELL: cell.cell_id,
        Level.LANDING: units[0].unit_id,
        Level.SPUR: by_type.get(UnitType.SPUR, wing),
        Level.WING: wing,
        Level.FACILITY: facility,
    }
    group = nearest(units, "exercise_group")
    if group is not None:
        levels[Level.EXERCISE_GROUP] = f"{facility}/{group}"
    return levels
