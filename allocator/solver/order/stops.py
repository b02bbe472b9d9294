"""Where people may wait on the way: buffer cells, the holding location, cells with room.

A cell in which somebody waits is closed to that person by no rule at all, hard or priced, buffer
cells being open; it is in the facility that the person leaves or comes to. The holding location is
that of the facility left.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import BoolArray, Eligible
from allocator.solver.order.escorts import Go, officers_of
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.tallies import NOWHERE

MOST_CELLS = 40


def stops_of(
    instance: Instance, facts: MoveFacts, targets: Mapping[int, int]
) -> dict[int, tuple[int, ...]]:
    """For everybody who has a cell and is to leave it: buffers, -1 for holding, other cells.

    Cells that nobody has or gets come before others; the nearest by number first, 40 at most.
    """
    wanted = np.zeros(instance.n_cells, dtype=np.bool_)
    housed = instance.current[instance.current >= 0]
    wanted[[*housed.tolist(), *targets.values()]] = True
    return {
        person: _stops(instance, facts, person, target, wanted)
        for person, target in targets.items()
        if instance.current[person] >= 0
    }


def people_who_can_wait(
    start: Occupancy, targets: Mapping[int, int], stops: Mapping[int, Sequence[int]]
) -> list[int]:
    """People with a stop that is safe at some time: at the best when nobody else moves any more.

    Upper limits only grow with people, so that a stop which is not safe even with all who move out
    of their cells is safe never.
    """
    loose = start.copy()
    for person in targets:
        for cell in loose.where[person]:
            loose.leave(person, cell)
    return [
        person
        for person in targets
        if any(cell == NOWHERE or _is_safe(loose, person, cell) for cell in stops.get(person, ()))
    ]


def _is_safe(loose: Occupancy, person: int, cell: int) -> bool:
    over = loose.enter(person, cell)
    loose.leave(person, cell)
    return not over


def _stops(
    instance: Instance, facts: MoveFacts, person: int, target: int, wanted: BoolArray
) -> tuple[int, ...]:
    here = int(instance.current[person])
    near = [int(facts.facility[here]), int(facts.facility[target])]
    is_open = np.isin(facts.facility, near) & ~_closed(instance, person)
    places = np.maximum(instance.max_places, facts.buffer_places)
    is_open &= places >= instance.places[person]
    is_open[[here, target]] = False
    cells = np.flatnonzero(is_open)
    is_buffer = facts.buffer_places[cells] > 0
    order = np.lexsort((cells, np.abs(cells - here), wanted[cells], ~is_buffer))
    sorted_cells = [c for c in cells[order].tolist() if _has_escort(facts, person, here, c)]
    buffers = [c for c in sorted_cells if facts.buffer_places[c] > 0]
    others = [c for c in sorted_cells if facts.buffer_places[c] == 0]
    holding = () if facts.holding[near[0]] is None else (NOWHERE,)
    return (*buffers, *holding, *others[:MOST_CELLS])


def _has_escort(facts: MoveFacts, person: int, here: int, cell: int) -> bool:
    limit = facts.escort_officers
    return limit is None or officers_of(facts, Go(person, here, cell)) <= limit


def _closed(instance: Instance, person: int) -> BoolArray:
    """Cells closed to a person by any rule but R02, whose buffer cells are open here."""
    closed = np.zeros(instance.n_cells, dtype=np.bool_)
    for shape in instance.shapes:
        if not isinstance(shape, Eligible) or shape.rule is RuleId.CAPACITY:
            continue
        if person in shape.persons:
            closed[shape.barred] = True
    return closed
