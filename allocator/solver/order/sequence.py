"""The order of moves of a placement: the one entry of this package."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.sequence import Hindrance, Sequence
from allocator.model.shapes import IntArray
from allocator.solver.order.attempt import Attempt, Stuck, best_attempt
from allocator.solver.order.batches import Layout, lay_out
from allocator.solver.order.deadlocks import find_deadlock
from allocator.solver.order.escorts import Go, officers_of
from allocator.solver.order.hindrances import name_hindrances
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import MOST_WORK, Patience
from allocator.solver.order.rules import Key, Rules
from allocator.solver.order.search import goals_of
from allocator.solver.order.stops import stops_of
from allocator.solver.order.tallies import hard_shapes, kept_shapes


def order_moves(
    instance: Instance,
    target: IntArray,
    facts: MoveFacts,
    scenario_hash: str = "",
    work: int = MOST_WORK,
) -> Sequence:
    """Batches of steps that bring people from where they are to a target placement.

    No state adds a breach of R02 to R11 or R16 to R18, at any place, to the larger one of start and
    end. Only people whose place changes move, and each waits on the way once at most.

    Parameters
    ----------
    target : shape (n_persons,), cell of each person; -1 for people who get none and stay.
    work : see `Patience`; with less, more people may be left out.

    Returns
    -------
    As few people are left out as were found to be; as few temporary steps as were found, with a
    bound that is proved.
    """
    found = _Work(instance, facts, target, Patience(work))
    attempt, layout = found.run()
    names = instance.person_ids
    return Sequence(
        scenario_hash=scenario_hash,
        target=tuple(sorted((names[p], instance.cell_ids[c]) for p, c in found.asked.items())),
        batches=layout.batches,
        left_out=tuple(sorted(names[p] for p in found.left_out)),
        undecided=tuple(sorted(names[p] for p in found.undecided)),
        hindrances=tuple(found.hindrances),
        temporary_bound=attempt.bound,
        minutes=layout.minutes,
        window_minutes=facts.window_minutes,
    )


@dataclass(slots=True)
class _Work:
    """Leaves people out until all others can go.

    Whoever is left out changes the end, and with it what is allowed on the way; so the rest is
    ordered anew each time.
    """

    instance: Instance
    facts: MoveFacts
    target: IntArray
    patience: Patience
    left_out: set[int] = field(default_factory=set)
    hindrances: list[Hindrance] = field(default_factory=list)
    _ends: list[Occupancy] = field(default_factory=list)

    @property
    def asked(self) -> dict[int, int]:
        """Planned cell of everybody whose place changes."""
        moves = (self.target >= 0) & (self.target != self.instance.current)
        return {int(p): int(self.target[p]) for p in np.flatnonzero(moves)}

    @property
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
        return Rules(self.instance, self.facts, [self.target, self.end])

    def run(self) -> tuple[Attempt, Layout]:
        """The attempt in which everybody moves who is not left out, with its batches."""
        self._leave_out_unescorted()
        while True:
            attempt = self._attempt()
            end = Rules(
                self.instance, self.facts, [self.target, self.end], hard_shapes(self.instance)
            )
            layout = lay_out(attempt, self.rules, self.targets, end.allows)
            if not layout.too_long:
                return attempt, layout
            self._leave_out_too_long(layout.too_long)

    def _leave_out_too_long(self, people: Iterable[int]) -> None:
        window, names = self.facts.window_minutes, self.instance.person_ids
        words = (
            f"a move window of more than {window} minutes: these moves hang together, and nobody "
            "stays over night in a temporary place or where that breaks a rule"
        )
        going = sorted(people)
        cells = {c for p in going for c in (int(self.instance.current[p]), self.asked[p]) if c >= 0}
        places = tuple(sorted(self.instance.cell_ids[c] for c in cells))
        for person in going:
            self.hindrances.append(Hindrance((names[person],), places, (), words))
        self._drop(going)

    def _attempt(self) -> Attempt:
        while True:
            while self._leave_out_one_too_many() or self._leave_out_hopeless():
                pass
            attempt = best_attempt(self.rules, self.targets, self.patience)
            if not attempt.stuck:
                return attempt
            for group in attempt.stuck:
                self._leave_out(group)

    def _leave_out(self, group: Stuck) -> None:
        stops = stops_of(group.after, group.targets)
        self.hindrances.extend(name_hindrances(group, self.undecided, stops))
        self._drop(group.left)

    def _drop(self, people: Iterable[int]) -> None:
        """Leave people out, who stay where they are."""
        for person in sorted(set(people) - self.left_out):
            self.left_out.add(person)
            for end in self._ends:
                end.leave(person, int(self.target[person]))
                end.enter(person, int(self.instance.current[person]))

    def _leave_out_unescorted(self) -> None:
        limit = self.facts.escort_officers
        for person, cell in self.asked.items():
            go = Go(person, int(self.instance.current[person]), cell)
            if limit is not None and officers_of(self.facts, go) > limit:
                words = (
                    f"{officers_of(self.facts, go)} officers for one move; the facility has "
                    f"{limit} for escorts"
                )
                self._leave_out_alone(go, (), words)

    def _leave_out_hopeless(self) -> bool:
        """People none of whom can come home first, wherever all wait who can; True if there are."""
        targets = self.targets
        start = Occupancy(self.rules)
        at = start.focused(goals_of(targets))
        dead = find_deadlock(at, targets, tuple(stops_of(start, targets)))
        if dead:
            for person in targets.keys() - dead:
                at.leave(person, int(self.instance.current[person]))
            group = {person: targets[person] for person in sorted(dead)}
            self._leave_out(Stuck(group, frozenset(), at))
        return bool(dead)

    def _leave_out_one_too_many(self) -> bool:
        """One person, where the end has more than start and plan have; True if there is one.

        Whose cell the fewest others want, as those may then have to stay too.
        """
        if not (self.left_out or self.undecided):
            return False
        targets = self.targets
        wanted = Counter(targets.values())
        for end in self._ends_of_shapes():
            allowed = end.rules.allowed
            keys = {key for key, amount in end.amounts.items() if amount > allowed(key)}
            adds = [p for p, c in sorted(targets.items()) if keys.intersection(end.keys(p, c))]
            if adds:
                person = min(adds, key=lambda p: wanted[int(self.instance.current[p])])
                self._leave_out_for_room(person, end, keys)
                return True
        return False

    def _ends_of_shapes(self) -> list[Occupancy]:
        """Everybody in the end, by the rules that hold on the way and by all hard ones."""
        if not self._ends:
            for shapes in (kept_shapes(self.instance), hard_shapes(self.instance)):
                after = Occupancy(Rules(self.instance, self.facts, [self.target], shapes))
                for person, cell in self.targets.items():
                    after.leave(person, int(self.instance.current[person]))
                    after.enter(person, cell)
                self._ends.append(after)
        return self._ends

    def _leave_out_for_room(self, person: int, after: Occupancy, keys: set[Key]) -> None:
        go = Go(person, int(self.instance.current[person]), self.asked[person])
        found = keys.intersection(after.keys(person, go.destination))
        staying = (*sorted(self.left_out), *self.undecided)
        there = [q for q in staying for c in after.where[q] if found.intersection(after.keys(q, c))]
        names = ", ".join(self.instance.person_ids[q] for q in there)
        places = ", ".join(sorted({key.place for key in found}))
        words = f"room at {places}" + (f", where {names} stays" if there else "")
        self._leave_out_alone(go, tuple(sorted({key.rule for key in found})), words)

    def _leave_out_alone(self, go: Go, rules: tuple[RuleId, ...], words: str) -> None:
        self._drop((go.person,))
        name = self.instance.person_ids[go.person]
        self.hindrances.append(Hindrance((name,), self._places(go), rules, words))

    def _places(self, go: Go) -> tuple[str, ...]:
        cells = {cell for cell in (go.origin, go.destination) if cell >= 0}
        return tuple(sorted(self.instance.cell_ids[cell] for cell in cells))
