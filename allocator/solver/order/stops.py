"""Where people may wait on the way: buffer cells, the holding location, cells with room.

A cell in which somebody waits is closed to that person by no hard rule and by none of authority or
holds, buffer cells being open; where a priced rule closes it, it comes last, and only while no
more is broken there than at the start or the end. It is in the facility that the person leaves or
comes to. The holding location is that of the facility left.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import BoolArray, Eligible, IntArray
from allocator.solver.order.escorts import Go, officers_of
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.tallies import NOWHERE

MOST_CELLS = 16
NEVER_OPEN = frozenset(
    {
        RuleId.LEAST_RESTRICTIVE,
        RuleId.AUTHORITY,
        RuleId.MEDICAL_CONSIDERED,
        RuleId.EXPIRED_AUTHORITY,
        RuleId.FROZEN,
    }
)


def stops_of(
    start: Occupancy, targets: Mapping[int, int], most: int = MOST_CELLS
) -> dict[int, tuple[int, ...]]:
    """Where everybody may wait who has a cell and is to leave it; people without a place left out.

    Buffers come first, -1 for holding, then other cells: those that no priced rule closes before
    others, those that nobody has or gets before others, the nearest first; `most` at most.
    Each is safe at some time: at the best when nobody else moves any more. Upper limits only grow
    with people, so that a cell which is not safe even then is safe never.
    """
    instance = start.rules.instance
    loose = start.copy()
    for person in targets:
        for cell in loose.where[person]:
            loose.leave(person, cell)
    near = _Cells(loose, _taken(instance, targets), _load(loose), most)
    found = {
        person: _stops(near, person, target)
        for person, target in sorted(targets.items())
        if instance.current[person] >= 0
    }
    return {person: stops for person, stops in found.items() if stops}


class _Cells(NamedTuple):
    """Everybody who does not move; cells that somebody has or gets; places taken, (n_cells,).

    `most` : cells of one person at most.
    """

    loose: Occupancy
    wanted: BoolArray
    load: IntArray
    most: int


def _taken(instance: Instance, targets: Mapping[int, int]) -> BoolArray:
    wanted = np.zeros(instance.n_cells, dtype=np.bool_)
    housed = instance.current[instance.current >= 0]
    wanted[[*housed.tolist(), *targets.values()]] = True
    return wanted


def _load(loose: Occupancy) -> IntArray:
    instance = loose.rules.instance
    load = np.zeros(instance.n_cells, dtype=np.int64)
    for person, cells in enumerate(loose.where):
        load[list(cells)] += instance.places[person]
    return load


def _stops(near: _Cells, person: int, target: int) -> tuple[int, ...]:
    rules = near.loose.rules
    instance, facts = rules.instance, rules.facts
    here = int(instance.current[person])
    cells, is_priced = _open_cells(near, person, target)
    is_buffer = facts.buffer_places[cells] > 0
    distance = np.abs(cells - here)
    order = np.lexsort((cells, distance, near.wanted[cells], is_priced[cells], ~is_buffer))
    buffers: list[int] = []
    others: list[int] = []
    for cell in cells[order].tolist():
        if len(buffers) + len(others) == near.most:
            break
        if _has_escort(facts, person, here, cell) and _is_safe(near.loose, person, cell):
            (buffers if facts.buffer_places[cell] > 0 else others).append(cell)
    holding = () if facts.holding[int(facts.facility[here])] is None else (NOWHERE,)
    return (*buffers, *holding, *others)


def _open_cells(near: _Cells, person: int, target: int) -> tuple[IntArray, BoolArray]:
    """Cells with room that no rule closes for good; where a priced one does, (n_cells,)."""
    rules = near.loose.rules
    instance, facts = rules.instance, rules.facts
    here = int(instance.current[person])
    closed, is_priced = _closed(instance, person)
    most = np.where(facts.buffer_places > 0, facts.buffer_places, instance.max_places)
    is_open = np.isin(facts.facility, [facts.facility[here], facts.facility[target]]) & ~closed
    is_open &= (most > 0) & (near.load + instance.places[person] <= most)
    is_open[[here, target]] = False
    return np.flatnonzero(is_open).astype(np.int64), is_priced


def _is_safe(loose: Occupancy, person: int, cell: int) -> bool:
    over = loose.enter(person, cell)
    loose.leave(person, cell)
    return not over


def _has_escort(facts: MoveFacts, person: int, here: int, cell: int) -> bool:
    limit = facts.escort_officers
    return limit is None or officers_of(facts, Go(person, here, cell)) <= limit


def _closed(instance: Instance, person: int) -> tuple[BoolArray, BoolArray]:
    """Cells closed for good, and by priced rules; R02's buffer cells are open here."""
    closed, priced = np.zeros((2, instance.n_cells), dtype=np.bool_)
    for shape in instance.shapes:
        if not isinstance(shape, Eligible) or shape.rule is RuleId.CAPACITY:
            continue
        if person in shape.persons:
            is_for_good = shape.penalty is None or shape.rule in NEVER_OPEN
            (closed if is_for_good else priced)[shape.barred] = True
    return closed, priced
