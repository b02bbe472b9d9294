"""Places missing per legal category, and who is kept out of the places that are left (R43).

A place is missing where the people of a category are more than the places that capacity, the space
floor and the legal category leave them, which a maximum flow proves. Whoever is without a place
beyond that is kept out by another rule: the fewest rules are named that close every cell with room
left to that person as things stand.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from allocator.explain.blocking import Placed, closed_cells, fewest_rules
from allocator.explain.room import places_short
from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.plan import ShortfallCause
from allocator.model.scenario import Scenario
from allocator.model.shapes import BoolArray, Count, Eligible, IntArray
from allocator.solver.compile import build_tables

ROOM_RULES = frozenset({RuleId.CAPACITY, RuleId.SPACE_FLOOR, RuleId.REMAND_SENTENCED})
NO_ROOM = (RuleId.CAPACITY,)

Rules = tuple[RuleId, ...]


def keeping_out(closed: Mapping[RuleId, BoolArray], n_cells: int) -> Rules:
    """The fewest rules that close every cell with room left to a person as things stand.

    `NO_ROOM` where no cell has room left, R04 alone where none of the person's legal category has;
    empty where the search might have placed the person and did not.
    """
    nothing = np.zeros(n_cells, dtype=np.bool_)
    with_room = ~(closed.get(RuleId.CAPACITY, nothing) | closed.get(RuleId.SPACE_FLOOR, nothing))
    if not with_room.any():
        return NO_ROOM
    of_category = with_room & ~closed.get(RuleId.REMAND_SENTENCED, nothing)
    if not of_category.any():
        return (RuleId.REMAND_SENTENCED,)
    return fewest_rules(closed, of_category)


def shortfall_causes(
    scenario: Scenario, instance: Instance, placement: IntArray, kept_out: Mapping[int, Rules]
) -> tuple[ShortfallCause, ...]:
    """Places that the unplaced need, by legal category and by what denies them; room first.

    Parameters
    ----------
    placement : shape (n_persons,), cell or -1.
    kept_out : `keeping_out` of each unplaced person.
    """
    tables = build_tables(_with_room_rules_alone(instance))
    groups: defaultdict[tuple[str, Rules], list[int]] = defaultdict(list)
    for i, rules in kept_out.items():
        category = scenario.person_by_id[instance.person_ids[i]].legal_category.value
        groups[category, rules].append(i)
    counted: Counter[tuple[str, Rules]] = Counter()
    inside = np.flatnonzero(placement >= 0)
    short = places_short(tables, inside)
    for (category, rules), people in sorted(groups.items(), key=_room_last):
        inside = np.concatenate((inside, np.array(people, dtype=np.int64)))
        before, short = short, places_short(tables, inside)
        needed = int(instance.places[people].sum())
        missing = needed if rules == NO_ROOM else min(needed, short - before)
        counted[category, NO_ROOM] += missing
        counted[category, rules] += needed - missing
    return tuple(
        ShortfallCause(category, rules, places)
        for (category, rules), places in sorted(counted.items(), key=_room_first)
        if places
    )


def causes_of_placement(
    scenario: Scenario, instance: Instance, placement: IntArray
) -> tuple[ShortfallCause, ...]:
    """`shortfall_causes` of whoever a placement leaves out; shape (n_persons,), cell or -1."""
    at = Placed(instance, placement)
    kept_out = {
        i: keeping_out(closed_cells(at, i), instance.n_cells)
        for i in np.flatnonzero(placement < 0).tolist()
    }
    return shortfall_causes(scenario, instance, placement, kept_out)


def _room_last(group: tuple[tuple[str, Rules], list[int]]) -> tuple[bool, str, Rules]:
    """Whoever another rule keeps out comes first, so that room counts as there while it lasts."""
    (category, rules), _ = group
    return rules == NO_ROOM, category, rules


def _room_first(entry: tuple[tuple[str, Rules], int]) -> tuple[str, bool, Rules]:
    (category, rules), _ = entry
    return category, rules != NO_ROOM, rules


def _with_room_rules_alone(instance: Instance) -> Instance:
    shapes = (s for s in instance.shapes if isinstance(s, Eligible | Count) and s.penalty is None)
    return replace(instance, shapes=tuple(s for s in shapes if s.rule in ROOM_RULES))
