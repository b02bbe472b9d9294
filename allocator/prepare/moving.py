"""From a scenario to what carrying out moves needs: escorts, minutes, places to wait (R28)."""

import numpy as np

from allocator.model.estate import Cell, Estate
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.moving import MoveFacts
from allocator.model.person import Person
from allocator.model.profile import Thresholds
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Level, VirtualPlaceKind
from allocator.rules.escorts import cell_officers, person_officers


def move_facts(index: ScenarioIndex) -> MoveFacts:
    """Escorts by P23-P25 and by who may go together; holding locations and buffer cells."""
    scenario = index.scenario
    estate, limits = scenario.estate, scenario.profile.thresholds
    names = index.unit_names(Level.FACILITY)
    return MoveFacts(
        start_places=tuple(person.current_place for person in scenario.people),
        start_facility=_start_facility(index),
        is_held=np.array(
            [_is_held(estate, person.current_place) for person in scenario.people], dtype=np.bool_
        ),
        facility=index.unit_of(Level.FACILITY),
        facilities=names,
        holding=_holding(estate, names),
        buffer_places=int_array(
            estate.effective_capacity(cell) if cell.buffer else 0 for cell in estate.cells
        ),
        person_officers=int_array(person_officers(p, limits) for p in scenario.people),
        cell_officers=int_array(cell_officers(estate, c, limits) for c in estate.cells),
        officers_per_move=limits.officers_per_move,
        person_class=_person_class(index),
        is_restrictive=np.array(
            [_is_restrictive(estate, cell, limits) for cell in estate.cells], dtype=np.bool_
        ),
        escort_officers=limits.escort_officers,
        minutes_per_move=limits.minutes_per_move,
        window_minutes=limits.move_window_minutes,
        holding_limit_minutes=limits.holding_limit_minutes,
    )


def _start_facility(index: ScenarioIndex) -> IntArray:
    estate, cells = index.scenario.estate, index.cell_at
    number = {name: at for at, name in enumerate(index.unit_names(Level.FACILITY))}
    of_cell = index.unit_of(Level.FACILITY)

    def facility_of(person: Person) -> int:
        place = person.current_place or ""
        if place in cells:
            return int(of_cell[cells[place]])
        virtual = estate.virtual_by_id.get(place)
        return -1 if virtual is None else number.get(virtual.facility_id, -1)

    return int_array(facility_of(person) for person in index.scenario.people)


def _is_held(estate: Estate, place: str | None) -> bool:
    virtual = estate.virtual_by_id.get(place or "")
    return virtual is not None and virtual.kind is VirtualPlaceKind.CSWAP


def _holding(estate: Estate, names: tuple[str, ...]) -> tuple[str | None, ...]:
    """The first holding location of each facility by id."""
    found = sorted(
        (place.facility_id, place.place_id)
        for place in estate.virtual_places
        if place.kind is VirtualPlaceKind.CSWAP
    )
    return tuple(
        next((place for facility, place in found if facility == name), None) for name in names
    )


def _person_class(index: ScenarioIndex) -> IntArray:
    adult = index.scenario.profile.thresholds.adult_age_years
    keys = [
        (person.sex.value, person.age_years >= adult, person.legal_category.value)
        for person in index.scenario.people
    ]
    number = {key: at for at, key in enumerate(sorted(set(keys)))}
    return int_array(number[key] for key in keys)


def _is_restrictive(estate: Estate, cell: Cell, limits: Thresholds) -> bool:
    level = estate.inherited(cell, "regime_level")
    return isinstance(level, int) and level > limits.ordinary_regime_ceiling
