"""Pairs of people kept apart at a level: what they share, and the narrowest place of it.

EXERCISE_GROUP includes WING; every other level includes the narrower ones because units nest.
A pair counts once, but twice where it is priced, kept apart at EXERCISE_GROUP, and shares a wing
and a group neither of which holds the whole other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.vocabulary import Enforcement, Level, Restriction
from allocator.verify.sites import Site
from allocator.verify.view import View

Pair = tuple[str, str]
Found = tuple[Pair, Restriction]
PRICED = frozenset({Enforcement.DEROGABLE, Enforcement.SOFT})
NARROWEST_FIRST = (
    Level.CELL,
    Level.LANDING,
    Level.SPUR,
    Level.WING,
    Level.EXERCISE_GROUP,
    Level.FACILITY,
)


def restricted_levels(restriction: Restriction) -> tuple[Level, ...]:
    """Levels at which the two may share no unit; the narrower ones follow by nesting."""
    if restriction is Restriction.EXERCISE_GROUP:
        return (Level.WING, Level.EXERCISE_GROUP)
    return (Level(restriction.value),)


def share(one: Site, other: Site, level: Level) -> bool:
    """True when both cells lie in one unit of the level."""
    unit_id = one.unit_at.get(level)
    return unit_id is not None and unit_id == other.unit_at.get(level)


def near_pairs(view: View, pairs: Iterable[Pair], restriction: Restriction) -> Iterator[Found]:
    """Those of the pairs, smaller id first, who share a unit of the restriction."""
    levels = restricted_levels(restriction)
    for one, other in pairs:
        here, there = view.site_of.get(one), view.site_of.get(other)
        if one == other or here is None or there is None:
            continue
        if any(share(here, there, level) for level in levels):
            yield ((one, other) if one < other else (other, one)), restriction


def near_members(
    view: View, ones: Iterable[str], others: Iterable[str], restriction: Restriction
) -> Iterator[Found]:
    """As `near_pairs` for everyone of one group with everyone of another, unit by unit."""
    for level in restricted_levels(restriction):
        here, there = _by_unit(view, ones, level), _by_unit(view, others, level)
        for unit_id in here.keys() & there.keys():
            yield from near_pairs(view, product(here[unit_id], there[unit_id]), restriction)


def _by_unit(view: View, ids: Iterable[str], level: Level) -> dict[str, list[str]]:
    units: defaultdict[str, list[str]] = defaultdict(list)
    for person_id in ids:
        site = view.site_of.get(person_id)
        if site is not None and level in site.unit_at:
            units[site.unit_at[level]].append(person_id)
    return units


def members_of_groups(view: View) -> dict[str, tuple[str, ...]]:
    """Members of every keep-apart group."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for membership in view.scenario.keep_apart_memberships:
        groups[membership.group_id].append(membership.person_id)
    return {group: tuple(people) for group, people in groups.items()}


def separation_breaches(view: View, rule: RuleId, found: Iterable[Found]) -> Iterator[Breach]:
    """One breach for each pair found, whatever the number of restrictions."""
    restrictions: defaultdict[Pair, set[Restriction]] = defaultdict(set)
    for pair, restriction in found:
        restrictions[pair].add(restriction)
    is_priced = view.setting(rule).enforcement in PRICED
    for pair, levels in restrictions.items():
        crosses = is_priced and _counts_twice(view, pair, levels)
        yield pair_breach(view, rule, pair, 2 if crosses else 1)


def pair_breach(view: View, rule: RuleId, pair: Pair, amount: int = 1) -> Breach:
    """A breach of two people at the narrowest unit that they share."""
    level, place = narrowest_shared(view, *pair)
    words = f"{pair[0]} and {pair[1]} share the {view.named(level, place)}; none is allowed"
    return Breach(rule, pair, place, amount, words)


def _counts_twice(view: View, pair: Pair, levels: set[Restriction]) -> bool:
    """True when the pair shares a wing and an exercise group that cut across each other."""
    if Restriction.EXERCISE_GROUP not in levels or Restriction.FACILITY in levels:
        return False
    here, there = (view.site_of[person_id] for person_id in pair)
    if not (share(here, there, Level.WING) and share(here, there, Level.EXERCISE_GROUP)):
        return False
    wing = view.cells_of_unit(Level.WING, here.unit_at[Level.WING])
    group = view.cells_of_unit(Level.EXERCISE_GROUP, here.unit_at[Level.EXERCISE_GROUP])
    return not (wing <= group or group <= wing)


def narrowest_shared(view: View, one: str, other: str) -> tuple[Level, str]:
    """The narrowest unit that two people with cells share, with its level."""
    here, there = view.site_of[one], view.site_of[other]
    for level in NARROWEST_FIRST:
        if share(here, there, level):
            return level, here.unit_at[level]
    raise LookupError(f"{one} and {other} share no unit")
