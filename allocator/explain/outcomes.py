"""What a plan takes and gives beside its tiers: escorts, people alone, people near home (R40)."""

from collections import Counter
from dataclasses import dataclass

from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.rules.escorts import officers_for


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts of one plan.

    Parameters
    ----------
    moves : people who leave a cell for another one; first placements are none.
    officer_minutes : officers times minutes of these moves, without temporary steps on the way.
    alone, placed : people alone in their cell, of all people with a cell.
    near_home, with_home : people placed in the area of their home, of those placed whose home area
        is recorded.
    """

    moves: int
    officer_minutes: int
    alone: int
    placed: int
    near_home: int
    with_home: int


def outcomes(scenario: Scenario, plan: Plan) -> Outcomes:
    """Count them from the places alone."""
    estate, limits = scenario.estate, scenario.profile.thresholds
    held = Counter(p.cell_id for p in plan.placements if p.cell_id is not None)
    moves = officers = near = with_home = 0
    for placement in plan.placements:
        person = scenario.person_by_id[placement.person_id]
        cell = estate.cell_by_id.get(placement.cell_id or "")
        if cell is None:
            continue
        with_home += person.home_area is not None
        near += person.home_area is not None and person.home_area == estate.inherited(
            cell, "home_area"
        )
        left = estate.cell_by_id.get(person.current_place or "")
        if left is not None and left is not cell:
            moves += 1
            officers += officers_for(estate, person, (left, cell), limits)
    return Outcomes(
        moves=moves,
        officer_minutes=officers * limits.minutes_per_move,
        alone=sum(count == 1 for count in held.values()),
        placed=held.total(),
        near_home=near,
        with_home=with_home,
    )
