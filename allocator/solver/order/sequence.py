"""The order of moves of a placement: the one entry of this package."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.sequence import Hindrance, Sequence
from allocator.model.shapes import IntArray
from allocator.solver.order.attempt import Attempt, best_attempt
from allocator.solver.order.batches import lay_out
from allocator.solver.order.escorts import Go, officers_of
from allocator.solver.order.hindrances import name_hindrances, too_few_officers
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key, Rules
from allocator.solver.order.stops import stops_of
from allocator.solver.order.tallies import NOWHERE, hard_shapes


def order_moves(
    instance: Instance, target: IntArray, facts: MoveFacts, scenario_hash: str = ""
) -> Sequence:
    """Batches of steps that bring people from where they are to a target placement.

    No state adds a breach of R02 to R11 or R16 to R18, at any place, to the larger one of start and
    end. Only people whose place changes move, and each waits on the way once at most.

    Parameters
    ----------
    target : shape (n_persons,), cell of each person; -1 for people who get none and stay.

    Returns
    -------
    As few people are left out as were found to be; as few temporary steps as were found, with a
    bound that is proved.
    """
    work = _Work(instance, facts, target)
    attempt = work.run()
    batches, minutes = lay_out(attempt, work.rules, work.targets)
    names = instance.person_ids
    return Sequence(
        scenario_hash=scenario_hash,
        target=tuple(sorted((names[p], instance.cell_ids[c]) for p, c in work.asked.items())),
        batches=batches,
        left_out=tuple(sorted(names[p] for p in work.left_out)),
        undecided=tuple(sorted(names[p] for p in work.undecided)),
        hindrances=tuple(work.hindrances),
        temporary_bound=attempt.bound,
        minutes=minutes,
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
    left_out: set[int] = field(default_factory=set)
    hindrances: list[Hindrance] = field(default_factory=list)

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
        """What has to hold: where somebody is left out, the real end counts and not the plan's."""
        return Rules(self.instance, self.facts, [self.end if self.left_out else self.target])

    def run(self) -> Attempt:
        """The attempt in which everybody moves who is not left out."""
        self._leave_out_unescorted()
        while True:
            attempt = best_attempt(self.rules, self.targets)
            self._leave_out_stuck(attempt)
            if not attempt.stuck and not self._leave_out_unlawful():
                return attempt

    def _leave_out_unescorted(self) -> None:
        at = Occupancy(self.rules)
        for person, cell in self.asked.items():
            go = Go(person, next(iter(at.where[person]), NOWHERE), cell)
            limit = self.facts.escort_officers
            if limit is not None and officers_of(self.facts, go) > limit:
                self.left_out.add(person)
                self.hindrances.append(too_few_officers(person, go, at, self._places(go)))

    def _leave_out_stuck(self, attempt: Attempt) -> None:
        stops = stops_of(self.instance, self.facts, self.targets)
        for group in attempt.stuck:
            self.hindrances.extend(name_hindrances(group, self.undecided, stops))
        self.left_out |= {person for group in attempt.stuck for person in group.left}

    def _leave_out_unlawful(self) -> bool:
        """One more person, where the end has what neither start nor plan has; True if so."""
        if not (self.left_out or self.undecided):
            return False
        rules = Rules(self.instance, self.facts, [self.target], hard_shapes(self.instance))
        after, targets = Occupancy(rules), self.targets
        for person, cell in targets.items():
            after.leave(person, int(self.instance.current[person]))
            after.enter(person, cell)
        keys = {key for key, amount in after.amounts.items() if amount > rules.allowed(key)}
        adds = (p for p, cell in sorted(targets.items()) if keys.intersection(after.keys(p, cell)))
        found = next(adds, None)
        if found is None:
            return False
        self.left_out.add(found)
        self.hindrances.append(self._unlawful_end(found, keys))
        return True

    def _unlawful_end(self, person: int, keys: Iterable[Key]) -> Hindrance:
        go = Go(person, int(self.instance.current[person]), self.asked[person])
        places = sorted({key.place for key in keys})
        rules = tuple(sorted({key.rule for key in keys}))
        words = (
            f"the moves of people who are left out, without which {', '.join(places)} is too full"
        )
        return Hindrance((self.instance.person_ids[person],), self._places(go), rules, words)

    def _places(self, go: Go) -> tuple[str, ...]:
        cells = {cell for cell in (go.origin, go.destination) if cell >= 0}
        return tuple(sorted(self.instance.cell_ids[cell] for cell in cells))
