"""The smallest sets of rules, people and cells that cannot hold together.

First by counting: minimal sets of rules under which somebody has no place, then as few people of
each kind as still have none. Then, with those rules set aside, separations and classes of a few
people. A set is called smallest only when a placement was found for each rule and each person that
is taken out of it.

References
----------
.. [1] Hall (1935), On representatives of subsets: a set of people with fewer places than members.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from allocator.explain.conflict import group_conflict
from allocator.explain.repair.minimal_sets import MinimalSets, Reply, Set, minimal_sets
from allocator.explain.repair.oracle import QUICK
from allocator.explain.repair.problem import Problem, as_hard
from allocator.explain.repair.restrict import only_people
from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.plan import Conflict
from allocator.model.shapes import BoolArray, Count, Eligible, IntArray, Shape
from allocator.model.vocabulary import Level
from allocator.solver.counting import Counting
from allocator.solver.counting_kinds import Guarded
from allocator.solver.solve import solve

MOST_CHECKS = 12
HALL_WORDS = "counted twice: by CP-SAT, and place by place (Hall)"
COUNT_WORDS = "CP-SAT, twice, with and without presolve"


class ClashKind(StrEnum):
    """What a conflict is about."""

    ROOM = "room"
    LIMITS = "limits"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules, people and cells that cannot hold together.

    Parameters
    ----------
    rules : besides the number of places that a cell can hold at all.
    signable : those of `rules` for which somebody may sign.
    core_ids : as few people as are already too many. person_ids : everybody alike, core included.
    cell_ids : all cells that the rules leave to any of them.
    demand, capacity : places that `person_ids` need and that the cells hold; `capacity` is None
        where more than room is in question.
    missing : people of `person_ids` without a place, at least.
    is_smallest : a placement was found without each of the rules, and without each of the core.
    with_room : it holds even if every cell had room for everybody; set where places are missing
        that nobody can sign for, so that what else is in the way can be seen.
    """

    kind: ClashKind
    rules: tuple[RuleId, ...]
    signable: tuple[RuleId, ...]
    core_ids: tuple[str, ...]
    person_ids: tuple[str, ...]
    cell_ids: tuple[str, ...]
    demand: int
    capacity: int | None
    missing: int
    proof: str
    is_smallest: bool
    with_room: bool = False


@dataclass(frozen=True, slots=True)
class Clashes:
    """Conflicts, those that nobody can sign for first; `is_complete` when no other is known of."""

    found: tuple[Clash, ...]
    is_complete: bool


@dataclass(frozen=True, eq=False)
class RuleSets:
    """Shapes by the rule that they come from: what can be set aside to see whether it matters.

    Parameters
    ----------
    elements : rule, and whether it is signable; R02's own limits are not among them.
    shapes : each with its element, None for what a cell can hold at all.
    """

    instance: Instance
    elements: tuple[tuple[RuleId, bool], ...]
    shapes: tuple[Guarded, ...]
    with_room: bool = False

    def held(self, kept: Set) -> tuple[Shape, ...]:
        """Shapes of some elements, with those that cannot be set aside."""
        return tuple(g.shape for g in self.shapes if g.group is None or g.group in kept)

    def test(self, counting: Counting, kept: Set) -> Reply:
        """Whether some rules leave somebody without a place."""
        dropped = frozenset(range(len(self.elements))) - kept
        return Reply(counting.refutes(dropped), kept)


def find_clashes(problem: Problem, limit: int) -> Clashes:
    """Conflicts when nothing is signed, at most `limit`."""
    sets = rule_sets(problem)
    found, is_complete = _by_counting(sets, limit)
    if any(not clash.rules for clash in found):
        sets = _with_room(sets)
        more, is_complete = _by_counting(sets, limit - len(found))
        found += more
    used = {rule for clash in found for rule in clash.rules}
    left = limit - len(found)
    found += _by_groups(problem, sets, used, left) if left > 0 else []
    found.sort(key=lambda clash: (bool(clash.signable), clash.kind.value))
    return Clashes(tuple(found), is_complete and len(found) < limit)


def rule_sets(problem: Problem) -> RuleSets:
    """The rules of a problem, each as a whole, with everything held."""
    number: dict[tuple[RuleId, bool], int] = {}
    shapes = []
    parts = [(s, True) for s, _ in problem.signable] + [(s, False) for s in problem.hard]
    for shape, signable in parts:
        rule = shape.rule  # type: ignore[union-attr]
        is_base = rule is RuleId.CAPACITY and not signable
        key = rule, signable
        group = None if is_base else number.setdefault(key, len(number))
        shapes.append(Guarded(as_hard(shape), group))
    return RuleSets(problem.instance, tuple(number), tuple(shapes))


def _by_counting(sets: RuleSets, limit: int) -> tuple[list[Clash], bool]:
    counting = Counting(sets.instance, sets.shapes)
    found: MinimalSets = minimal_sets(
        range(len(sets.elements)), lambda kept: sets.test(counting, kept), limit
    )
    return [_clash(sets, kept) for kept in found.sets], found.is_complete


def _clash(sets: RuleSets, kept: Set) -> Clash:
    """A minimal set of rules with the fewest people of each kind that it leaves out."""
    shapes = sets.held(kept)
    counting = Counting(sets.instance, tuple(Guarded(shape) for shape in shapes))
    sizes = _fewest_people(counting)
    kinds = counting.kinds
    core = np.sort(
        np.concatenate([np.flatnonzero(kinds.kind == k)[:n] for k, n in enumerate(sizes.tolist())])
    )
    alike = np.flatnonzero(sizes[kinds.kind] > 0)
    whole = np.where(sizes > 0, kinds.sizes, 0)
    open_kinds: BoolArray = np.asarray(kinds.open_to(())[sizes > 0].any(axis=0))
    cells = np.flatnonzero(open_kinds[kinds.cell_kind])
    capacity = _capacity(sets.instance, shapes, cells)
    is_room = int(sets.instance.places[core].sum()) > capacity
    return Clash(
        ClashKind.ROOM if is_room else ClashKind.LIMITS,
        tuple(sorted(sets.elements[e][0] for e in kept)),
        tuple(sorted(sets.elements[e][0] for e in kept if sets.elements[e][1])),
        _ids(sets.instance, core),
        _ids(sets.instance, alike),
        tuple(sets.instance.cell_ids[c] for c in cells.tolist()),
        int(sets.instance.places[alike].sum()),
        capacity if is_room else None,
        counting.least_left((), whole),
        HALL_WORDS if is_room else COUNT_WORDS,
        _is_smallest(sets, kept, core, counting.kinds.kind[core]),
        sets.with_room,
    )


def _fewest_people(counting: Counting) -> IntArray:
    """As few people of each kind as are still too many; shape (n_kinds,)."""
    sizes = counting.kinds.sizes.copy()
    for k in np.argsort(sizes, kind="stable").tolist():
        low, high = 0, int(sizes[k])
        while low < high:
            sizes[k] = middle = (low + high) // 2
            if counting.refutes((), sizes=sizes):
                high = middle
            else:
                low = middle + 1
        sizes[k] = high
    return sizes


def _capacity(instance: Instance, shapes: tuple[Shape, ...], cells: IntArray) -> int:
    """Places of some cells, counted cell by cell and not as the relaxation counts them."""
    room = instance.max_places.copy()
    for shape in shapes:
        if isinstance(shape, Count) and shape.level is Level.CELL:
            np.minimum.at(room, shape.units, shape.high)
    return int(room[cells].sum())


def _is_smallest(sets: RuleSets, kept: Set, core: IntArray, kinds: IntArray) -> bool:
    """True when a placement is found without each rule, and without a person of each kind.

    `kinds` : shape (n_core,), equal for people whom nothing tells apart.
    """
    ones = [core[np.flatnonzero(kinds == k)[0]] for k in np.unique(kinds).tolist()]
    if len(kept) + len(ones) > MOST_CHECKS:
        return False
    fewer_rules = [(kept - {e}, core) for e in sorted(kept)]
    fewer_people = [(kept, core[core != one]) for one in ones]
    return all(_fits(sets, rules, people) for rules, people in [*fewer_rules, *fewer_people])


def _fits(sets: RuleSets, kept: Set, people: IntArray) -> bool:
    """True when a placement of some people under some rules is found."""
    if len(people) == 0:
        return True
    placed = Problem.placed_of(people)
    instance = only_people(replace(sets.instance, shapes=(placed, *sets.held(kept))), people)
    return bool(np.all(solve(instance, QUICK).placement >= 0))


def _ids(instance: Instance, persons: IntArray) -> tuple[str, ...]:
    return tuple(instance.person_ids[i] for i in persons.tolist())


def _with_room(sets: RuleSets) -> RuleSets:
    """The same with room for everybody in each cell that may be used at all."""
    everybody = int(sets.instance.places.sum())
    room = np.where(sets.instance.max_places > 0, everybody, 0)
    shapes = tuple(g for g in sets.shapes if g.group is not None or isinstance(g.shape, Eligible))
    return replace(
        sets, instance=replace(sets.instance, max_places=room), shapes=shapes, with_room=True
    )


def _by_groups(problem: Problem, sets: RuleSets, used: set[RuleId], limit: int) -> list[Clash]:
    """Conflicts of separations and classes with the rules of other conflicts set aside."""
    kept = frozenset(e for e, (rule, _) in enumerate(sets.elements) if rule not in used)
    shapes = (*problem.placed, *sets.held(kept))
    instance = replace(sets.instance, shapes=shapes)
    found: list[Clash] = []
    covered: set[str] = set()
    for i in np.flatnonzero(solve(instance, QUICK).placement < 0).tolist():
        if instance.person_ids[i] in covered or len(found) >= limit:
            continue
        conflict = group_conflict(instance, i)
        if conflict is not None:
            covered |= set(conflict.person_ids)
            found.append(_of_groups(sets, conflict))
    return found


def _of_groups(sets: RuleSets, conflict: Conflict) -> Clash:
    """A conflict of a few people; which of them are there matters, so each is tried."""
    kept = frozenset(e for e, (rule, _) in enumerate(sets.elements) if rule in conflict.rules)
    at = {name: i for i, name in enumerate(sets.instance.person_ids)}
    core = np.array([at[name] for name in conflict.person_ids], dtype=np.int64)
    return Clash(
        ClashKind.GROUPS,
        conflict.rules,
        tuple(sorted({sets.elements[e][0] for e in kept if sets.elements[e][1]})),
        conflict.person_ids,
        conflict.person_ids,
        conflict.cell_ids,
        int(sets.instance.places[core].sum()),
        None,
        conflict.missing,
        COUNT_WORDS,
        _is_smallest(sets, kept, core, core),
        sets.with_room,
    )
