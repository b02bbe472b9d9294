"""Days spent below the space floors, to be seen before a plan is signed (R7)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocator.explain.placements import BeforeAfter
from allocator.model.person import Person

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SpaceLine:
    """A person below a floor under the plan, by the places really taken in the cell.

    Parameters
    ----------
    area_per_place_m2 : floor area over places taken.
    hard_days, warning_days : days below the hard floor in a row, and below the warning floor
        in all, up to now.
    hard_days_next, warning_days_next : the same if the plan holds for one more day.
    limit_reached : the days in a row have reached the profile's limit or do so in one more day.
    """

    person_id: str
    cell_id: str
    area_per_place_m2: float
    below_hard: bool
    hard_days: int
    hard_days_next: int
    warning_days: int
    warning_days_next: int
    limit_reached: bool


@dataclass(frozen=True, slots=True)
class SpaceTotals:
    """People below the floors under the plan; cells of unknown area are judged by nobody.

    `below_single` : people in cells for one that are smaller than the floor for those.
    """

    hard_floor_m2: float
    warning_floor_m2: float
    max_days: int
    below_hard: int
    below_warning: int
    limit_reached: int
    single_floor_m2: float
    below_single: int
    in_unknown_area: int


def space_lines(placed: BeforeAfter) -> tuple[SpaceLine, ...]:
    """People below a floor, those with most days below the hard floor first."""
    lines = sorted(
        _lines(placed),
        key=lambda line: (
            not line.below_hard,
            -line.hard_days,
            -line.warning_days,
            line.person_id,
        ),
    )
    return tuple(lines)


def _lines(placed: BeforeAfter) -> Iterator[SpaceLine]:
    cells = placed.scenario.estate.cells
    thresholds = placed.scenario.profile.thresholds
    load = placed.load(placed.after)
    for i in np.flatnonzero(placed.after >= 0):
        c = int(placed.after[i])
        area = cells[c].area_m2
        if area is None:
            continue
        below_hard = load[c] > fitting(area, thresholds.space_floor_hard_m2)
        below_warning = load[c] > fitting(area, thresholds.space_floor_warning_m2)
        if below_hard or below_warning:
            person = placed.scenario.people[i]
            space = round(area / int(load[c]), 2)
            yield _line(person, cells[c].cell_id, space, bool(below_hard), placed)


def fitting(area_m2: float, floor_m2: float) -> int:
    """Places that an area holds at a floor, as R06 counts them."""
    return int(area_m2 / floor_m2 + ROUNDING)


def _line(
    person: Person,
    cell_id: str,
    space_m2: float,
    below_hard: bool,
    placed: BeforeAfter,
) -> SpaceLine:
    limit = placed.scenario.profile.thresholds.max_days_below_hard_floor
    next_days = person.days_below_hard_floor + 1 if below_hard else 0
    return SpaceLine(
        person_id=person.person_id,
        cell_id=cell_id,
        area_per_place_m2=space_m2,
        below_hard=below_hard,
        hard_days=person.days_below_hard_floor,
        hard_days_next=next_days,
        warning_days=person.days_below_warning_floor,
        warning_days_next=person.days_below_warning_floor + 1,
        limit_reached=next_days >= limit,
    )


def space_totals(placed: BeforeAfter, lines: tuple[SpaceLine, ...]) -> SpaceTotals:
    """Counts of the lines, and of the people in cells whose area is not recorded."""
    thresholds = placed.scenario.profile.thresholds
    unknown = np.array([cell.area_m2 is None for cell in placed.scenario.estate.cells], dtype=bool)
    small = np.array(
        [
            cell.max_capacity == 1
            and cell.area_m2 is not None
            and cell.area_m2 < thresholds.space_floor_single_m2
            for cell in placed.scenario.estate.cells
        ],
        dtype=bool,
    )
    held = placed.after[placed.after >= 0]
    return SpaceTotals(
        hard_floor_m2=thresholds.space_floor_hard_m2,
        warning_floor_m2=thresholds.space_floor_warning_m2,
        max_days=thresholds.max_days_below_hard_floor,
        below_hard=sum(line.below_hard for line in lines),
        below_warning=len(lines),
        limit_reached=sum(line.limit_reached for line in lines),
        single_floor_m2=thresholds.space_floor_single_m2,
        below_single=int(small[held].sum()),
        in_unknown_area=int(unknown[held].sum()),
    )
