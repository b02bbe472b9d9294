"""A lower bound of departures: people whom hard rules drive out of their planned cells, counted."""

from collections.abc import Iterable

import numpy as np

from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from allocator.model.shapes import Apart, BoolArray, Eligible, IntArray, Shape, Stay
from allocator.model.vocabulary import Level


def forced_departures(scenario: Scenario, instance: Instance) -> int:
    """People who depart from the last plan under every lawful placement, at least.

    Counted are those whose planned cell is gone, too small or closed to them by a hard rule; and
    one of each pair of others, no person in two pairs, who may not share a unit in which the last
    plan has them both.
    """
    planned = ScenarioIndex(scenario).planned
    known = np.array([p.planned_place is not None for p in scenario.people], dtype=np.bool_)
    forced = known & (planned < 0)
    inside = np.flatnonzero(planned >= 0)
    forced[inside] |= instance.max_places[planned[inside]] < instance.places[inside]
    for shape in instance.shapes:
        forced |= _closed(instance, shape, planned)
    return int(forced.sum()) + _one_of_two(instance, planned, ~forced & (planned >= 0))


def _closed(instance: Instance, shape: Shape, planned: IntArray) -> BoolArray:
    """People to whom one hard shape closes the planned cell, whoever else is there."""
    closed = np.zeros(len(planned), dtype=np.bool_)
    if isinstance(shape, Eligible) and shape.penalty is None:
        closed[shape.persons] = np.isin(planned[shape.persons], shape.barred)
    elif isinstance(shape, Stay) and shape.penalty is None:
        here = planned[shape.persons]
        closed[shape.persons] = (here >= 0) & (here != instance.current[shape.persons])
    return closed


def _one_of_two(instance: Instance, planned: IntArray, free: BoolArray) -> int:
    """Pairs, no person in two of them, that the last plan has in a unit they may not share."""
    used: set[int] = set()
    pairs = 0
    for first, second in _clashes(instance, planned, free):
        if first not in used and second not in used:
            used |= {first, second}
            pairs += 1
    return pairs


def _clashes(instance: Instance, planned: IntArray, free: BoolArray) -> Iterable[tuple[int, int]]:
    for shape in instance.shapes:
        if isinstance(shape, Apart) and shape.penalty is None:
            units = planned if shape.level is Level.CELL else instance.unit_of[shape.level][planned]
            both = free[shape.first] & free[shape.second]
            same = (units[shape.first] == units[shape.second]) & (units[shape.first] >= 0)
            pairs = np.flatnonzero(both & same)
            yield from zip(shape.first[pairs].tolist(), shape.second[pairs].tolist(), strict=True)
