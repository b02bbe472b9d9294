"""Where everyone is now and where the plan puts them, as positions of people and cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.model.index import ScenarioIndex, int_array
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class BeforeAfter:
    """Cell position of each person now and under the plan, -1 for none; shape (n_persons,) each.

    A person at a virtual place (reception, court, hospital) has no cell now.
    """

    index: ScenarioIndex
    before: IntArray
    after: IntArray

    @property
    def scenario(self) -> Scenario:
        """The scenario that the positions belong to."""
        return self.index.scenario

    def held(self, cells: IntArray) -> IntArray:
        """People in each cell; shape (n_cells,)."""
        placed = cells[cells >= 0]
        return np.bincount(placed, minlength=len(self.scenario.estate.cells)).astype(np.int64)

    def load(self, cells: IntArray) -> IntArray:
        """Places taken in each cell; shape (n_cells,)."""
        placed = cells >= 0
        found = np.bincount(
            cells[placed],
            weights=self.index.places[placed],
            minlength=len(self.scenario.estate.cells),
        )
        return found.astype(np.int64)


def read_placements(scenario: Scenario, plan: Plan) -> BeforeAfter:
    """Join a plan to its scenario; people whom the plan does not name count as unplaced."""
    index = ScenarioIndex(scenario)
    cell_of: Mapping[str, str | None] = {p.person_id: p.cell_id for p in plan.placements}
    after = int_array(
        index.cell_at.get(cell_of.get(person.person_id) or "", -1) for person in scenario.people
    )
    return BeforeAfter(index, index.current, after)


def at_present(scenario: Scenario) -> BeforeAfter:
    """Everybody where they are now, on both sides."""
    index = ScenarioIndex(scenario)
    return BeforeAfter(index, index.current, index.current)


def placement_now(scenario: Scenario) -> dict[str, str | None]:
    """Present cell of each person; None for people without one."""
    cells = scenario.estate.cell_by_id
    return {
        person.person_id: person.current_place if person.current_place in cells else None
        for person in scenario.people
    }


def placement_planned(plan: Plan) -> dict[str, str | None]:
    """Planned cell of each person; None for people without one."""
    return {placement.person_id: placement.cell_id for placement in plan.placements}
