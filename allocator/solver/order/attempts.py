"""Ways through all moves: free moves, then groups that hinder one another, then arrivals.

Whoever comes from outside all cells takes room and makes none, so that coming last hinders nobody.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

from allocator.solver.order.actions import try_action
from allocator.solver.order.attempt import Attempt, Block, Part, Stuck, blocks_of, overdue_by
from allocator.solver.order.escorts import Action, goes_nowhere
from allocator.solver.order.knots import find_knots
from allocator.solver.order.lifts import FEW_PEOPLE, Group
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.rules import Rules
from allocator.solver.order.search import Search, goals_of
from allocator.solver.order.stops import stops_of
from allocator.solver.order.tallies import NOWHERE


def best_attempt(rules: Rules, targets: Mapping[int, int], patience: Patience) -> Attempt:
    """The best of a few attempts.

    Groups without an order are tried first of all, before free moves fill the cells in which
    somebody could wait; few people are tried as one group, in every order. Groups that still have
    none are tried between the moves of all others.
    """
    stops = stops_of(Occupancy(rules), targets)
    new_work = partial(_Work, rules, targets, stops, patience)
    first = new_work().run(())
    bound = first.bound
    attempts = [first]
    if first.stuck and not patience.is_over:
        early = [group.targets for group in first.stuck]
        attempts.append(new_work().run(early))
        if attempts[-1].stuck:
            attempts.append(_widened(first, new_work, patience))
    settled = _settled(rules, targets)
    is_open = first.stuck or first.rank[1] > bound
    if is_open and 0 < len(settled) <= FEW_PEOPLE:
        attempts.append(new_work().run([settled]))
    best = min(attempts, key=lambda attempt: attempt.rank)
    if best.stuck:
        best = new_work().between(best)
    return Attempt(best.blocks, best.stuck, bound if not best.stuck else best.bound)


def _widened(first: Attempt, new_work: Callable[[], "_Work"], patience: Patience) -> Attempt:
    """One stuck group after the other with others in whose cells it could wait, where that helps.

    Each by itself: where one has no order even so, another's would be lost with it.
    """
    best, early = first, list[Mapping[int, int]]()
    stuck = sorted((group.targets for group in first.stuck), key=len)
    for group in stuck:
        taken = {person for other in (*stuck, *early) if other is not group for person in other}
        work = new_work()
        wide = [*early, work.widened(group, taken)]
        tried = best if patience.is_over else work.run(wide)
        if tried.rank[0] < best.rank[0]:
            best, early = tried, wide
    return best


def _settled(rules: Rules, targets: Mapping[int, int]) -> dict[int, int]:
    """Those who leave a cell, or whom a lower limit waits for."""
    current = rules.instance.current
    return {p: t for p, t in targets.items() if current[p] >= 0 or rules.has_low(p, t)}


class _Work:
    """One attempt."""

    def __init__(
        self,
        rules: Rules,
        targets: Mapping[int, int],
        stops: Mapping[int, Sequence[int]],
        patience: Patience,
    ) -> None:
        self._patience = patience
        self._rules = rules
        self._targets = targets
        self._at = Occupancy(rules)
        self._stops = stops
        self._found = Attempt()
        self._bounds: dict[tuple[int, ...], int] = {}

    def run(self, early: Sequence[Mapping[int, int]]) -> Attempt:
        """Everything; some groups before all others."""
        done = {person for group in early for person in group}
        for group in early:
            self._solve(group)
        settled = _settled(self._rules, self._targets)
        self._move({p: t for p, t in settled.items() if p not in done})
        self._again()
        self._move({p: t for p, t in self._targets.items() if p not in settled and p not in done})
        return self._found

    def widened(self, group: Mapping[int, int], taken: Collection[int]) -> Mapping[int, int]:
        """A group with all who leave or get a cell in which one of it could wait.

        Only few people are tried in every order; a larger group stays as it is.

        Parameters
        ----------
        taken : people of other groups, who stay there.
        """
        current = self._rules.instance.current
        rooms = {c for p in group for c in self._stops.get(p, ()) if c != NOWHERE}
        others = {
            person: target
            for person, target in self._targets.items()
            if person not in taken and not rooms.isdisjoint((int(current[person]), target))
        }
        wide = {**group, **others}
        return wide if len(wide) <= FEW_PEOPLE else group

    def between(self, found: Attempt) -> Attempt:
        """The attempt with its groups without an order put where others have made room for them.

        A cell in which somebody could wait may be free for a while only.
        """
        blocks, stuck = list(found.blocks), list[Stuck]()
        for group in found.stuck:
            placed = self._put_between(blocks, group)
            blocks = blocks if placed is None else placed
            stuck += [group] if placed is None else []
        return Attempt(blocks, stuck, found.bound)

    def _put_between(self, blocks: Sequence[Block], group: Stuck) -> list[Block] | None:
        parts = list(self._cut(blocks))
        at, seen = Occupancy(self._rules), frozenset[tuple[int, int]]()
        for number in range(len(parts) + 1):
            rooms = self._rooms(at, group.targets)
            if rooms - seen and not self._patience.is_over:
                placed = self._placed(at, group, parts[:number], parts[number:])
                if placed is not None:
                    return placed
            seen = rooms
            for action in parts[number] if number < len(parts) else ():
                try_action(at, action)
        return None

    def _placed(
        self, at: Occupancy, group: Stuck, before: Sequence[Part], after: Sequence[Part]
    ) -> list[Block] | None:
        """Blocks in which a group moves between some parts and others; None for none."""
        late = overdue_by(self._rules)
        tried = Group(at, group.targets, self._stops, late, self._patience).solve()
        if tried.actions is None:
            return None
        return blocks_of(self._rules, self._targets, [*before, tried.actions, *after])

    def _cut(self, blocks: Sequence[Block]) -> Iterator[Part]:
        """Single actions; blocks in which somebody waits in the holding location whole."""
        for block in blocks:
            if goes_nowhere(block.actions):
                yield block.actions
            else:
                yield from ((action,) for action in block.actions)

    def _rooms(self, at: Occupancy, targets: Mapping[int, int]) -> frozenset[tuple[int, int]]:
        """Who could wait where as things are."""
        found = set[tuple[int, int]]()
        for person in targets:
            for cell in self._stops.get(person, ()):
                if not at.enter(person, cell):
                    found.add((person, cell))
                at.leave(person, cell)
        return frozenset(found)

    def _again(self) -> None:
        """Groups without an order once more: others may have made room for somebody to wait."""
        if not self._found.blocks or self._patience.is_over:
            return
        stuck, self._found.stuck = self._found.stuck, []
        for group in stuck:
            self._solve(group.targets)

    def _move(self, targets: Mapping[int, int]) -> None:
        start = self._at.copy()
        search = Search(start.focused(goals_of(targets)), targets, {}, budget=1)
        left = search.make_free_moves()
        if search.trail:
            self._found.blocks.append(Block(tuple(search.trail), start))
            _carry_out(self._at, search.trail, targets)
        for group in find_knots(self._at, left):
            self._solve(group)

    def _solve(self, targets: Mapping[int, int]) -> None:
        start = self._at.copy()
        late = overdue_by(self._rules)
        found = Group(self._at, targets, self._stops, late, self._patience).solve()
        self._bounds[tuple(sorted(targets))] = found.bound
        self._found.bound = sum(self._bounds.values())
        if found.actions is None:
            after = start.copy()
            home = _carry_out(after, found.best, targets)
            if found.hopeless:
                home = frozenset(targets) - found.hopeless
            self._found.stuck.append(Stuck(targets, home, after))
            return
        _carry_out(self._at, found.actions, targets)
        self._found.blocks.append(Block(found.actions, start))


def _carry_out(
    at: Occupancy, actions: Sequence[Action], targets: Mapping[int, int]
) -> frozenset[int]:
    """Change an occupancy by actions that are known to be safe; who is home then."""
    for action in actions:
        if not try_action(at, action):
            raise LookupError(f"an action of the order is not safe: {action}")
    return frozenset(
        go.person for action in actions for go in action if targets[go.person] == go.destination
    )
