"""Pairs to be kept apart at a restriction's level, for the rules that name such pairs.

The restrictions are ordered: each includes the narrower, so a pair named twice counts at its widest
level only. EXERCISE_GROUP includes WING but wings are not nested in groups: the pair may share
neither. With a price a pair in both would count twice, so then a group inside a wing is left to the
wing, and a wing inside a group to the group.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.relations import KeepApartMembership
from allocator.model.shapes import Apart, Count, IntArray, Penalty
from allocator.model.vocabulary import Level, Restriction

Pairs: TypeAlias = Iterable[tuple[str, str, Restriction]]
WIDTH = {restriction: width for width, restriction in enumerate(Restriction)}


def members_by_group(memberships: Iterable[KeepApartMembership]) -> Mapping[str, tuple[str, ...]]:
    """People of each keep-apart group, sorted."""
    grouped: dict[str, set[str]] = {}
    for membership in memberships:
        grouped.setdefault(membership.group_id, set()).add(membership.person_id)
    return {group: tuple(sorted(people)) for group, people in grouped.items()}


def keep_apart(
    index: ScenarioIndex, rule: RuleId, penalty: Penalty | None, pairs: Pairs
) -> Iterator[Apart | Count]:
    """Shapes that keep each pair apart at the widest level at which it is named."""
    first, second, width = _widest(index, pairs)
    for restriction in Restriction:
        chosen = width == WIDTH[restriction]
        if not chosen.any():
            continue
        for level, units in _levels(index, restriction, is_priced=penalty is not None):
            yield from _apart(index, rule, penalty, (first[chosen], second[chosen]), level, units)


def _widest(index: ScenarioIndex, pairs: Pairs) -> tuple[IntArray, IntArray, IntArray]:
    """Each pair once, in sorted order, with its greatest width."""
    widest: dict[tuple[int, int], int] = {}
    for one, other, restriction in pairs:
        a, b = index.person_at[one], index.person_at[other]
        if a != b:
            pair = (a, b) if a < b else (b, a)
            widest[pair] = max(widest.get(pair, 0), WIDTH[restriction])
    rows = np.array([(*pair, widest[pair]) for pair in sorted(widest)], dtype=np.int64)
    first, second, width = rows.reshape(-1, 3).T
    return first, second, width


def _levels(
    index: ScenarioIndex, restriction: Restriction, *, is_priced: bool
) -> list[tuple[Level, IntArray]]:
    """Levels of a restriction, each with the units in which the pair may not meet."""
    if restriction is not Restriction.EXERCISE_GROUP:
        return [(Level(restriction), _all_units(index, Level(restriction)))]
    if is_priced:
        return _groups_and_wings(index)
    return [(level, _all_units(index, level)) for level in (Level.EXERCISE_GROUP, Level.WING)]


def _all_units(index: ScenarioIndex, level: Level) -> IntArray:
    return np.arange(len(index.unit_names(level)), dtype=np.int64)


def _groups_and_wings(index: ScenarioIndex) -> list[tuple[Level, IntArray]]:
    """Groups and wings without those inside the other, each pair of places counting once.

    A group and a wing of the same cells may be left to either; the choice that needs fewer
    shapes is taken.
    """
    places = np.stack([index.unit_of(Level.EXERCISE_GROUP), index.unit_of(Level.WING)])
    group, wing = np.unique(places, axis=1)
    has_group = group >= 0
    in_wing = has_group & (np.bincount(group + 1)[group + 1] == 1)
    in_group = has_group & (np.bincount(wing)[wing] == 1)
    choices = [
        [
            (level, np.setdiff1d(_all_units(index, level), inner))
            for level, inner in ((Level.EXERCISE_GROUP, groups), (Level.WING, wings))
        ]
        for groups, wings in (
            (group[in_wing], wing[in_group & ~in_wing]),
            (group[in_wing & ~in_group], wing[in_group]),
        )
    ]
    return min(choices, key=lambda levels: sum(_is_partial(index, *level) for level in levels))


def _is_partial(index: ScenarioIndex, level: Level, units: IntArray) -> bool:
    return 0 < len(units) < len(index.unit_names(level))


def _apart(
    index: ScenarioIndex,
    rule: RuleId,
    penalty: Penalty | None,
    pairs: tuple[IntArray, IntArray],
    level: Level,
    units: IntArray,
) -> Iterator[Apart | Count]:
    """One `Apart` where it holds in every unit of the level, else one `Count` per pair."""
    first, second = pairs
    if not units.size:
        return
    if not _is_partial(index, level, units):
        yield Apart(rule, first, second, level, penalty)
        return
    ones = np.ones(2, dtype=np.int64)
    low, high = np.zeros_like(units), np.ones_like(units)
    for pair in np.stack(pairs, axis=1):
        yield Count(rule, pair, ones, level, units, low, high, penalty=penalty)
