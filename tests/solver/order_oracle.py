"""What a safe order is, said once more and as plainly as possible: the oracle of order tests.

Amounts are counted in loops over people and units; orders are found by trying all. People move one
by one, or two or three at a time to where the plan wants them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.sequence import Sequence
from allocator.model.shapes import Alone, Apart, Count, Eligible, OneClass, Shape
from allocator.model.vocabulary import Level

NOWHERE = -1
Places = tuple[frozenset[int], ...]
Cells = tuple[int, ...]
Amounts = Counter[tuple[RuleId, Level, int, bool]]


def amounts(instance: Instance, facts: MoveFacts, places: Places, *, low: bool) -> Amounts:
    """Amounts by rule and unit, of upper or of lower limits; people may be in several cells."""
    found: Amounts = Counter()
    for shape in instance.shapes:
        if isinstance(shape, Count) and low:
            _low(instance, shape, places, found)
        elif not low and not _is_closed(shape):
            _high(instance, shape, places, found)
    if not low:
        for cell in range(instance.n_cells):
            most = int(facts.buffer_places[cell] or instance.max_places[cell])
            load = sum(int(instance.places[p]) for p, at in enumerate(places) if cell in at)
            k = max(0, load - most)
            found[RuleId.CAPACITY, Level.CELL, cell, False] += k * (k + 1) // 2
    return +found


def _is_closed(shape: Shape) -> bool:
    return isinstance(shape, Eligible) and shape.rule is RuleId.CAPACITY


def _units(instance: Instance, level: Level, at: frozenset[int]) -> set[int]:
    if level is Level.CELL:
        return set(at)
    return {int(instance.unit_of[level][cell]) for cell in at} - {-1}


def _low(instance: Instance, shape: Count, places: Places, found: Amounts) -> None:
    for unit, low in zip(shape.units.tolist(), shape.low.tolist(), strict=True):
        inside = sum(
            int(w)
            for p, w in zip(shape.persons, shape.weights, strict=True)
            if unit in _units(instance, shape.level, places[p])
        )
        if inside < low and not (shape.or_none and inside == 0):
            found[shape.rule, shape.level, unit, True] += low - inside


def _high(instance: Instance, shape: Shape, places: Places, found: Amounts) -> None:
    match shape:
        case Eligible():
            for p, cell in product(shape.persons.tolist(), shape.barred.tolist()):
                found[shape.rule, Level.CELL, cell, False] += cell in places[p]
        case Alone():
            for p, cell in product(shape.persons.tolist(), range(instance.n_cells)):
                company = any(cell in at for q, at in enumerate(places) if q != p)
                found[shape.rule, Level.CELL, cell, False] += cell in places[p] and company
        case Apart():
            _apart(instance, shape, places, found)
        case OneClass():
            _one_class(instance, shape, places, found)
        case Count():
            _count(instance, shape, places, found)
        case _:
            pass


def _apart(instance: Instance, shape: Apart, places: Places, found: Amounts) -> None:
    for a, b in zip(shape.first.tolist(), shape.second.tolist(), strict=True):
        one, other = (_units(instance, shape.level, places[p]) for p in (a, b))
        for unit in one & other:
            found[shape.rule, shape.level, unit, False] += 1


def _one_class(instance: Instance, shape: OneClass, places: Places, found: Amounts) -> None:
    by_unit: dict[int, Counter[int]] = {}
    for p, k in zip(shape.persons.tolist(), shape.classes.tolist(), strict=True):
        for unit in _units(instance, shape.level, places[p]):
            by_unit.setdefault(unit, Counter())[k] += 1
    for unit, counts in by_unit.items():
        found[shape.rule, shape.level, unit, False] += counts.total() - max(counts.values())


def _count(instance: Instance, shape: Count, places: Places, found: Amounts) -> None:
    for unit, high in zip(shape.units.tolist(), shape.high.tolist(), strict=True):
        inside = sum(
            int(w)
            for p, w in zip(shape.persons, shape.weights, strict=True)
            if unit in _units(instance, shape.level, places[p])
        )
        k = max(0, inside - high)
        amount = k * (k + 1) // 2 if shape.triangular else k
        found[shape.rule, shape.level, unit, False] += amount


class Oracle:
    """All safe orders of one instance and target.

    Parameters
    ----------
    target : cell of each person; the start's for people who stay.
    """

    def __init__(self, instance: Instance, facts: MoveFacts, target: Cells) -> None:
        self.instance, self.facts, self.target = instance, facts, target
        self.start: Cells = tuple(int(c) for c in instance.current)
        self._allowed = self._at(self.start) | self._at(target)
        self.movers = [p for p, c in enumerate(target) if c != self.start[p]]

    def limit_to(self, other: "Oracle") -> None:
        """Allow no more than another oracle of the same start does."""
        self._allowed &= other._allowed

    def is_safe_batch(self, before: Cells, moves: Mapping[int, int]) -> bool:
        """Everybody in both cells for upper limits, in neither for lower; then the state after."""
        after = tuple(moves.get(p, c) for p, c in enumerate(before))
        both = tuple(frozenset({a, b} - {NOWHERE}) for a, b in zip(before, after, strict=True))
        neither = tuple(
            frozenset() if p in moves else frozenset({c} - {NOWHERE}) for p, c in enumerate(before)
        )
        seen = amounts(self.instance, self.facts, both, low=False)
        seen |= amounts(self.instance, self.facts, neither, low=True)
        seen |= self._at(after)
        return all(amount <= self._allowed[key] for key, amount in seen.items())

    def allows(self, state: Cells) -> bool:
        """True where a state breaks no more than the start or the target does."""
        return all(amount <= self._allowed[key] for key, amount in self._at(state).items())

    def stops(self, targets: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Holding and all cells of the facility that no hard rule closes to each person."""
        found = {}
        for p in targets:
            closed = {
                cell
                for shape in self.instance.shapes
                if isinstance(shape, Eligible) and shape.penalty is None and not _is_closed(shape)
                if p in shape.persons
                for cell in shape.barred.tolist()
            }
            cells = (c for c in range(self.instance.n_cells) if c not in closed)
            holding = () if self.facts.holding[0] is None else (NOWHERE,)
            found[p] = (*holding, *cells)
        return found

    def fewest_temporary(self, stops: Mapping[int, tuple[int, ...]]) -> int | None:
        """Temporary steps of the best order, None where there is none."""
        level, steps = {self.start}, 0
        seen: set[Cells] = set()
        while level:
            level = self._reach_home(level, seen)
            if self.target in level:
                return steps
            level = {
                after for state in level for after in self._waits(state, stops) if after not in seen
            }
            steps += 1
        return None

    def _reach_home(self, level: set[Cells], seen: set[Cells]) -> set[Cells]:
        """All states reached by moves to where the plan wants people."""
        reached, todo = set(level), sorted(level)
        while todo:
            state = todo.pop()
            for after in self._moves_home(state):
                if after not in reached and after not in seen:
                    reached.add(after)
                    todo.append(after)
        seen |= reached
        return reached

    def _moves_home(self, state: Cells) -> Iterator[Cells]:
        away = [p for p in self.movers if state[p] != self.target[p]]
        for size in (1, 2, 3):
            for some in combinations(away, size):
                yield from self._after(state, {p: self.target[p] for p in some})

    def _waits(self, state: Cells, stops: Mapping[int, tuple[int, ...]]) -> Iterator[Cells]:
        for p in self.movers:
            for cell in stops.get(p, ()):
                if cell not in {state[p], self.target[p]} and state[p] != NOWHERE:
                    yield from self._after(state, {p: cell})

    def _after(self, state: Cells, moves: Mapping[int, int]) -> Iterator[Cells]:
        if self.is_safe_batch(state, moves):
            yield tuple(moves.get(p, c) for p, c in enumerate(state))

    def _at(self, state: Cells) -> Amounts:
        places = tuple(frozenset({c} - {NOWHERE}) for c in state)
        upper = amounts(self.instance, self.facts, places, low=False)
        return upper | amounts(self.instance, self.facts, places, low=True)


def replay(instance: Instance, facts: MoveFacts, sequence: Sequence) -> list[str]:
    """Faults of a sequence: unsafe batches, wrong places, people not where they are to be."""
    person = {name: p for p, name in enumerate(instance.person_ids)}
    cell = {name: c for c, name in enumerate(instance.cell_ids)}
    target = [int(c) for c in instance.current]
    for name, place in sequence.target:
        if name not in sequence.left_out:
            target[person[name]] = cell[place]
    oracle = Oracle(instance, facts, tuple(target))
    state, faults = oracle.start, []
    for number, batch in enumerate(sequence.batches):
        moves = {person[s.person_id]: cell.get(s.to_place, NOWHERE) for s in batch.steps}
        if len(moves) < len(batch.steps):
            faults.append(f"batch {number}: somebody moves twice")
        if not oracle.is_safe_batch(state, moves):
            faults.append(f"batch {number} is not safe")
        for step in batch.steps:
            at = state[person[step.person_id]]
            if at != NOWHERE and instance.cell_ids[at] != step.from_place:
                faults.append(f"batch {number}: {step} starts elsewhere")
        state = tuple(moves.get(p, c) for p, c in enumerate(state))
    return faults if state == oracle.target else [*faults, "not everybody is at the end"]
