"""From a scenario to what an engine solves: the one place where everything is joined."""

from collections.abc import Iterable

import numpy as np

from allocator.goals import compile_goals
from allocator.influence import influence_points
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from allocator.model.shapes import Apart, Count, IntArray, OneClass, PairPoints, Shape
from allocator.model.vocabulary import Level
from allocator.prepare.contact import contact_tables
from allocator.rules import compile_rules


def prepare_instance(scenario: Scenario) -> Instance:
    """The placement problem of a scenario under its profile and policy.

    People and cells keep the scenario's order. Shapes are those of every rule, then of every goal;
    weights and prices are applied, so an engine adds them up by tier as they are. All values are
    integers; arrays have the shapes that `Instance` states.
    """
    index = ScenarioIndex(scenario)
    shapes = (*compile_rules(index), *compile_goals(index, influence_points(scenario)))
    levels = used_levels(shapes)
    contact = contact_tables(index)
    return Instance(
        person_ids=tuple(person.person_id for person in scenario.people),
        cell_ids=tuple(cell.cell_id for cell in scenario.estate.cells),
        places=index.places,
        max_places=max_places(index),
        current=index.current,
        unit_of={level: index.unit_of(level) for level in levels},
        contact_class=contact.contact_class,
        contact=contact.contact,
        cell_contact=contact.cell_contact,
        shapes=shapes,
        tiers=scenario.tiers,
        unit_names={level: index.unit_names(level) for level in levels},
    )


def start_placement(scenario: Scenario) -> IntArray | None:
    """Where a search sets out: the last plan's cells, else the present ones; shape (n_persons,).

    None where there is no last plan.
    """
    if not scenario.is_revision:
        return None
    index = ScenarioIndex(scenario)
    start: IntArray = np.where(index.planned >= 0, index.planned, index.current)
    return start


def max_places(index: ScenarioIndex) -> IntArray:
    """Maximum capacity of each cell that may be used at all, else 0; shape (n_cells,), places.

    Out of use, kept as a buffer, or without effective capacity: 0 (R02, always hard).
    """
    cells = index.scenario.estate.cells
    most = int_array(0 if cell.buffer else cell.max_capacity for cell in cells)
    return np.where(index.effective_capacity > 0, most, 0)


def used_levels(shapes: Iterable[Shape]) -> tuple[Level, ...]:
    """Levels that some shape refers to, in the order of `Level`; the cell itself is not listed."""
    used: set[Level] = set()
    for shape in shapes:
        if isinstance(shape, Apart | Count | OneClass | PairPoints) and shape.level is not None:
            used.add(shape.level)
    return tuple(level for level in Level if level in used and level is not Level.CELL)
