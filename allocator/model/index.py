"""A scenario's people, cells and units as numbers, in sorted order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.model.estate import Cell, Unit
from allocator.model.person import Person
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Level, UnitType


def int_array(values: Iterable[int]) -> IntArray:
    """Integers as an array of shape (n,)."""
    return np.fromiter(values, dtype=np.int64)


@dataclass(frozen=True)
class ScenarioIndex:
    """Positions of a scenario's people and cells and the unit of each cell at each level."""

    scenario: Scenario

    def of_same_estate(self, scenario: Scenario) -> "ScenarioIndex":
        """The index of a scenario with the same estate; what the estate says is taken over."""
        index = ScenarioIndex(scenario)
        for name in ("cell_at", "effective_capacity", "_units"):
            index.__dict__[name] = getattr(self, name)
        return index

    @cached_property
    def person_at(self) -> dict[str, int]:
        """Position of each person id."""
        return {person.person_id: i for i, person in enumerate(self.scenario.people)}

    @cached_property
    def cell_at(self) -> dict[str, int]:
        """Position of each cell id."""
        return {cell.cell_id: c for c, cell in enumerate(self.scenario.estate.cells)}

    @cached_property
    def current(self) -> IntArray:
        """Present cell of each person, -1 for nobody's or a virtual place."""
        return int_array(
            self.cell_at.get(person.current_place or "", -1) for person in self.scenario.people
        )

    @cached_property
    def planned(self) -> IntArray:
        """Cell of each person in the last plan, -1 for nobody's or one that is gone."""
        return int_array(
            self.cell_at.get(person.planned_place or "", -1) for person in self.scenario.people
        )

    @cached_property
    def everyone(self) -> IntArray:
        """All positions of people."""
        return np.arange(len(self.scenario.people), dtype=np.int64)

    @cached_property
    def places(self) -> IntArray:
        """Places each person takes."""
        return int_array(person.places_needed for person in self.scenario.people)

    @cached_property
    def effective_capacity(self) -> IntArray:
        """Effective capacity of each cell."""
        estate = self.scenario.estate
        return int_array(estate.effective_capacity(cell) for cell in estate.cells)

    def people_where(self, holds: Callable[[Person], bool]) -> IntArray:
        """Positions of the people for whom `holds` is true."""
        return int_array(i for i, p in enumerate(self.scenario.people) if holds(p))

    def cells_where(self, holds: Callable[[Cell], bool]) -> IntArray:
        """Positions of the cells for which `holds` is true."""
        return int_array(c for c, cell in enumerate(self.scenario.estate.cells) if holds(cell))

    def unit_key(self, cell: Cell, level: Level) -> str | None:
        """Name of a cell's unit at a level; None where the level does not exist for it.

        A cell without a landing belongs to the nearest unit above it, and without a spur to its
        wing. An exercise group is named within its facility.
        """
        estate = self.scenario.estate
        if level is Level.CELL:
            return cell.cell_id
        if level is Level.LANDING:
            return estate.landing_of(cell).unit_id
        if level is Level.SPUR:
            return (estate.ancestor(cell, UnitType.SPUR) or estate.wing_of(cell)).unit_id
        if level is Level.WING:
            return estate.wing_of(cell).unit_id
        facility_id = estate.facility_of(cell).unit_id
        if level is Level.FACILITY:
            return facility_id
        group = estate.inherited(cell, "exercise_group")
        return None if group is None else f"{facility_id}/{group}"

    @cached_property
    def _units(self) -> dict[Level, tuple[tuple[str, ...], IntArray]]:
        return {level: self._partition(level) for level in Level}

    def _partition(self, level: Level) -> tuple[tuple[str, ...], IntArray]:
        keys = [self.unit_key(cell, level) for cell in self.scenario.estate.cells]
        if level is Level.CELL:
            return tuple(k for k in keys if k), np.arange(len(keys), dtype=np.int64)
        names = tuple(sorted({key for key in keys if key is not None}))
        at = {name: u for u, name in enumerate(names)}
        return names, int_array(-1 if key is None else at[key] for key in keys)

    def unit_of(self, level: Level) -> IntArray:
        """Unit number of each cell at a level, -1 for none; shape (n_cells,)."""
        return self._units[level][1]

    def unit_names(self, level: Level) -> tuple[str, ...]:
        """Names of the units of a level by number; unit ids, or facility/group for exercise."""
        return self._units[level][0]

    def cells_in(self, level: Level, unit: int) -> IntArray:
        """Positions of the cells of one unit."""
        return np.flatnonzero(self.unit_of(level) == unit).astype(np.int64)

    def units_above(self, cell: Cell) -> tuple[Unit, ...]:
        """Units above a cell, nearest first."""
        return tuple(self.scenario.estate.ancestors(cell))
