"""The present placement without any plan: gaps in the data, capacity, space days, reviews."""

from dataclasses import dataclass
from datetime import date

from allocator.explain.data_quality import QualityLine, data_quality
from allocator.explain.decisions import (
    ComplaintLine,
    DecisionLine,
    complaint_lines,
    decision_lines,
)
from allocator.explain.occupancy import (
    CategoryCapacity,
    Dormitories,
    UnitOccupancy,
    category_capacities,
    dormitories,
    unit_occupancies,
)
from allocator.explain.placements import at_present
from allocator.explain.readers import Reader
from allocator.explain.reviews import ReviewLine, review_calendar
from allocator.explain.space_days import SpaceLine, SpaceTotals, space_lines, space_totals
from allocator.explain.step_down import StepDown, step_downs
from allocator.model.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Present:
    """What a prison should know of itself tonight (R7, R44, R46, R55 to R57).

    `without_cell` : people in reception, at court, in hospital or not yet placed.
    """

    reader: Reader
    scenario_name: str
    day: date
    people: int
    without_cell: int
    quality: tuple[QualityLine, ...]
    categories: tuple[CategoryCapacity, ...]
    units: tuple[UnitOccupancy, ...]
    dormitories: Dormitories
    space: tuple[SpaceLine, ...]
    space_totals: SpaceTotals
    reviews: tuple[ReviewLine, ...]
    step_downs: tuple[StepDown, ...]
    complaints: tuple[ComplaintLine, ...]
    decisions: tuple[DecisionLine, ...]


def present_state(scenario: Scenario, reader: Reader = Reader.OFFICER) -> Present:
    """Everything about the present placement; nobody is planned anywhere."""
    reader = reader.of(scenario)
    shown = reader.shown(scenario)
    placed = at_present(scenario)
    space = space_lines(placed)
    return Present(
        reader=reader,
        scenario_name=scenario.name,
        day=scenario.day,
        people=len(scenario.people),
        without_cell=int((placed.before < 0).sum()),
        quality=data_quality(shown),
        categories=category_capacities(placed, {}),
        units=unit_occupancies(placed),
        dormitories=dormitories(placed),
        space=space,
        space_totals=space_totals(placed, space),
        reviews=review_calendar(shown, 0, reader),
        step_downs=step_downs(placed, reader),
        complaints=complaint_lines(placed),
        decisions=decision_lines(placed),
    )
