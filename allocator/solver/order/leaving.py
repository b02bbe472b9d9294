"""Leaves people out until all others can go, as few as are found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.sequence import Hindrance
from allocator.model.shapes import IntArray
from allocator.solver.order.actions import carry_out
from allocator.solver.order.attempt import Attempt, Block, Stuck
from allocator.solver.order.attempts import best_attempt
from allocator.solver.order.batches import Layout, lay_out
from allocator.solver.order.behind import order_behind
from allocator.solver.order.deadlocks import find_deadlock
from allocator.solver.order.escorts import Action, goes_nowhere
from allocator.solver.order.held import held_first
from allocator.solver.order.hindrances import name_hindrances
from allocator.solver.order.mixture import Mixture
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.reasons import room_hindrances, too_long, unescorted
from allocator.solver.order.rounds import Rounds
from allocator.solver.order.rules import Rules
from allocator.solver.order.search import goals_of
from allocator.solver.order.shorter import shorten
from allocator.solver.order.splices import remake_rounds, splice_rounds
from allocator.solver.order.stops import stops_of
from allocator.solver.order.tallies import hard_shapes, kept_shapes

if TYPE_CHECKING:
    from allocator.solver.order.nearest import NearestEnd

ROUNDS_SHARE = 1
AGAIN = 20_000  # work at least for whoever is not left out, when others are; then half of it
FEW_ROUNDS = 10_000  # work of rounds that are to have fewer temporary steps than a way found


@dataclass
class Leaving:
    """Who is left out of a plan's moves, and the order of all others.

    Whoever is left out changes the end, and with it what is allowed on the way; so the rest is
    ordered anew each time.

    Parameters
    ----------
    target : shape (n_persons,), -1 for people who get no cell.

    Attributes
    ----------
    failed : people for whom no order was found. room : those who stay because of them or of
        people to whom the plan gives no cell: as few as make the end allowed.
    least : so many people are left out of every part of the plan that has an order; proved.
    """

    instance: Instance
    facts: MoveFacts
    target: IntArray
    patience: Patience
    failed: set[int] = field(default_factory=set)
    room: frozenset[int] = frozenset()
    hindrances: list[Hindrance] = field(default_factory=list)
    least: int = 0
    _made: list[tuple[Action, ...]] = field(default_factory=list)
    _short: list[tuple[Action, ...]] = field(default_factory=list)
    _rounds_patience: Patience = field(init=False)
    _again: int = AGAIN

    def __post_init__(self) -> None:
        self._rounds_patience = Patience(ROUNDS_SHARE * self.patience.left)

    @property
    def left_out(self) -> frozenset[int]:
        """Everybody who is left out."""
        return self.room | self.failed

    @cached_property
    def asked(self) -> dict[int, int]:
        """Planned cell of everybody whose place changes."""
        moves = (self.target >= 0) & (self.target != self.instance.current)
        return {int(p): int(self.target[p]) for p in np.flatnonzero(moves)}

    @cached_property
    def undecided(self) -> list[int]:
        """People with a cell to whom the plan gives none."""
        found: list[int] = np.flatnonzero((self.target < 0) & (self.instance.current >= 0)).tolist()
        return found

    @property
    def targets(self) -> dict[int, int]:
        """Of everybody who is not left out."""
        return {p: cell for p, cell in self.asked.items() if p not in self.left_out}

    @property
    def end(self) -> IntArray:
        """Where everybody is in the end; shape (n_persons,)."""
        end = self.instance.current.copy()
        for person, cell in self.targets.items():
            end[person] = cell
        return end

    @property
    def rules(self) -> Rules:
        """What has to hold: neither more than the plan has in the end nor than is left in fact."""
        return self._planned[0].also_ending(self.end)

    @property
    def nights(self) -> Rules:
        """What has to hold over night: all hard rules, by the same ends."""
        return self._planned[1].also_ending(self.end)

    def run(self) -> tuple[Attempt, Layout]:
        """The attempt in which everybody moves who is not left out, with its batches."""
        for person, hindrance in unescorted(self.instance, self.facts, self.asked):
            self._leave_out([person], [hindrance])
        while self._leave_out_hopeless(self._planned[0]):
            pass
        self.least = self._make_room()
        while True:
            while self._leave_out_hopeless(self.rules):
                self._make_room()
            found = self._way()
            if found is not None:
                self._name_room()
                return found
            self._make_room()

    def _make_room(self) -> int:
        """As few people stay as must because of those who do; how many stay in all at the least."""
        if not (self.failed or self.undecided):
            return 0
        found = self._ends.ask(self.failed)
        self.room = found.staying - self.failed
        return found.least

    def _name_room(self) -> None:
        """Say of everybody who stays because of others what is missing."""
        ends = [Occupancy(rules) for rules in self._planned]
        for end in ends:
            for person, cell in self.targets.items():
                end.leave(person, int(self.instance.current[person]))
                end.enter(person, cell)
        others = (*sorted(self.left_out), *self.undecided)
        self.hindrances.extend(room_hindrances(ends, self.asked, self.room, others))

    @cached_property
    def _planned(self) -> tuple[Rules, Rules]:
        """Rules of the way and of nights where nothing is allowed but by start and plan."""
        shapes = (kept_shapes(self.instance), hard_shapes(self.instance))
        way, night = (Rules(self.instance, self.facts, self.target, s) for s in shapes)
        return way, night

    @cached_property
    def _ends(self) -> "NearestEnd":
        from allocator.solver.order.nearest import NearestEnd  # few orders need CP-SAT

        return NearestEnd(self._planned, self.asked)

    def _leave_out(self, people: Iterable[int], hindrances: Iterable[Hindrance]) -> None:
        self.failed |= set(people)
        self.hindrances.extend(hindrances)

    def _leave_out_stuck(self, group: Stuck, *, in_windows: bool = False) -> None:
        """Whoever has no order; `in_windows` : there is one that takes more than a window."""
        stops = stops_of(group.after, group.targets)
        found = name_hindrances(group, self.undecided, stops)
        named = (too_long(self.facts, hindrance) for hindrance in found) if in_windows else found
        self._leave_out(group.left, named)

    def _leave_out_hopeless(self, rules: Rules) -> bool:
        """People none of whom can come home first, wherever all wait who can; True if there are."""
        targets = self.targets
        start = Occupancy(rules)
        at = start.focused(goals_of(targets))
        dead = find_deadlock(at, targets, tuple(stops_of(start, targets)))
        if dead:
            for person in targets.keys() - dead:
                at.leave(person, int(self.instance.current[person]))
            group = {person: targets[person] for person in sorted(dead)}
            self._leave_out_stuck(Stuck(group, frozenset(), at))
        return bool(dead)

    def _way(self) -> tuple[Attempt, Layout] | None:
        """Everybody's way; None where somebody had to be left out."""
        attempt, layout, lost = self._first_way() if not self._made else (Attempt(), None, 0)
        fits = layout is not None and not layout.too_long
        many_wait = _may_wait_less(attempt)
        if layout is not None and fits and not self._short and not many_wait:
            return attempt, layout
        rounds = self._rounds(FEW_ROUNDS if fits and not many_wait else None)
        pending = rounds.walk.pending
        ways = [] if pending else self._ways_beside(rounds, attempt)
        ways += [(attempt, layout)] if layout is not None and fits else []
        if ways:
            return min(ways, key=lambda way: way[0].rank)
        if attempt.stuck and lost < len(pending):
            for group in attempt.stuck:
                self._leave_out_stuck(group)
            return None
        self._made = rounds.rounds
        home = frozenset(self.targets) - set(pending)
        group = Stuck(self.targets, home, rounds.walk.at)
        self._leave_out_stuck(group, in_windows=layout is not None)
        return None

    def _ways_beside(self, rounds: Rounds, attempt: Attempt) -> list[tuple[Attempt, Layout]]:
        """Rounds that bring everybody home, and what they and an attempt have of fewer steps."""
        if self._made:
            attempt, _, _ = self._first_way()
        way = self._in_rounds(rounds, attempt.bound)
        if way[0].rank[1] <= attempt.bound:
            return [way]
        mixture = Mixture(self.rules, self.targets, attempt, rounds.rounds)
        mixed = mixture.best(self._lay_out)
        return [way] if mixed is None else [mixed, way]

    def _lay_out(self, attempt: Attempt) -> Layout:
        """Batches; whoever is in a holding location first, where windows allow it."""
        first = held_first(self.rules, self.targets, attempt)
        layout = lay_out(first, self.rules, self.targets, self.nights.allows)
        if first is attempt or not layout.too_long:
            return layout
        return lay_out(attempt, self.rules, self.targets, self.nights.allows)

    def _first_way(self) -> tuple[Attempt, Layout | None, int]:
        """An attempt, its batches where nobody is stuck, and how many are stuck."""
        if self.failed:
            self.patience.left = max(self.patience.left, self._again)
            self._again //= 2
        attempt = best_attempt(self.rules, self.targets, self.patience)
        if attempt.stuck:
            return attempt, None, sum(len(group.left) for group in attempt.stuck)
        layout = self._lay_out(attempt)
        if not layout.too_long:
            return attempt, layout, 0
        patience = self.patience.half(len(self.targets))
        given = patience.left
        attempt, self._short = shorten(attempt, self.targets, patience)
        self.patience.left -= given - patience.left
        return attempt, self._lay_out(attempt), 0

    def _in_rounds(self, rounds: Rounds, bound: int) -> tuple[Attempt, Layout]:
        at = Occupancy(self.rules)
        blocks: list[Block] = []
        for actions in rounds.rounds:
            blocks.append(Block(actions, at.copy()))
            carry_out(at, actions)
        attempt = Attempt(blocks, [], bound)
        layout = self._lay_out(attempt)
        if layout.too_long:
            raise LookupError(f"rounds that fit into no window: {sorted(layout.too_long)}")
        return attempt, layout

    def _rounds(self, most: int | None = None) -> Rounds:
        """Rounds, those first that were made before people were left out; `most` : their work."""
        targets = self.targets
        patience = self._rounds_patience.half(len(targets))
        patience.left = patience.left if most is None else min(most, patience.left)
        given = patience.left
        rounds = Rounds(self.rules, self.nights, targets, patience)
        remake_rounds(rounds, self._made)
        rounds.go_on(targets)
        if most is None and rounds.walk.pending:
            order_behind(rounds, self._rounds_patience)
        splice_rounds(rounds, patience)
        remake_rounds(rounds, self._short)
        self._rounds_patience.left -= given - patience.left
        return rounds


def _may_wait_less(attempt: Attempt) -> bool:
    """True where people wait in the holding location, more than are proved to have to.

    All who do so at once are taken for granted there; rounds fetch them one after the other.
    """
    return attempt.rank[1] > attempt.bound and goes_nowhere(attempt.actions)
