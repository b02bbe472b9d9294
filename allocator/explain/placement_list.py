"""Everybody's place now and in a plan: a list that says nothing else of anybody.

No rule, reason or record is in it, so that it is the same for every reader.
"""

from dataclasses import dataclass, fields

from allocator.model.plan import Placement, Plan
from allocator.model.scenario import Scenario

STAYS, MOVES, FIRST, NONE = "stays", "moves", "first_placement", "no_place"


@dataclass(frozen=True, slots=True)
class PlacementLine:
    """One person; places that there are none of are "".

    Parameters
    ----------
    change : stays, moves, first_placement (from no cell to one) or no_place.
    """

    person_id: str
    place_now: str
    wing_now: str
    facility_now: str
    planned_cell: str
    planned_landing: str
    planned_wing: str
    planned_facility: str
    change: str


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(PlacementLine))


def placement_list(
    scenario: Scenario, plan: Plan, *, only_changes: bool = False
) -> tuple[PlacementLine, ...]:
    """A line for everybody of the plan, by person; or for those alone whose place changes."""
    lines = (_line(scenario, placement) for placement in plan.placements)
    return tuple(
        sorted(
            (line for line in lines if not only_changes or line.change in {MOVES, FIRST}),
            key=lambda line: line.person_id,
        )
    )


def _line(scenario: Scenario, placement: Placement) -> PlacementLine:
    now, then = placement.from_place or "", placement.cell_id or ""
    _, wing_now, facility_now = _units(scenario, now)
    landing, wing, facility = _units(scenario, then)
    return PlacementLine(
        person_id=placement.person_id,
        place_now=now,
        wing_now=wing_now,
        facility_now=facility_now,
        planned_cell=then,
        planned_landing=landing,
        planned_wing=wing,
        planned_facility=facility,
        change=_change(scenario, now, then),
    )


def _change(scenario: Scenario, now: str, then: str) -> str:
    if not then:
        return NONE
    if now not in scenario.estate.cell_by_id:
        return FIRST
    return STAYS if now == then else MOVES


def _units(scenario: Scenario, place: str) -> tuple[str, str, str]:
    """Landing, wing and facility of a cell; a virtual place has its facility alone."""
    estate = scenario.estate
    cell = estate.cell_by_id.get(place)
    if cell is None:
        facilities = (v.facility_id for v in estate.virtual_places if v.place_id == place)
        return "", "", next(facilities, "")
    landing, wing = estate.landing_of(cell), estate.wing_of(cell)
    return landing.unit_id, wing.unit_id, estate.facility_of(cell).unit_id
