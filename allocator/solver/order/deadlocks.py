"""People none of whom can be the first to come home: a proof that one more of them has to wait.

A set is dead when nobody of it can enter the target, those of it who wait being in no cell,
although everybody else who moves is taken out of all cells. Upper limits only grow with people, so
whatever the others do, the first of the set to come home would break something.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key


def find_deadlock(
    occupancy: Occupancy, targets: Mapping[int, int], waiting: Collection[int] = ()
) -> frozenset[int]:
    """The largest dead set; empty for none.

    Parameters
    ----------
    targets : of everybody who still moves.
    waiting : people of the targets who leave the cells for a while.
    """
    return frozenset(_largest(occupancy, targets, waiting).members)


def smallest_deadlock(
    occupancy: Occupancy, targets: Mapping[int, int], waiting: Collection[int], most_tried: int
) -> tuple[frozenset[int], int]:
    """A dead set of which nobody can be spared, empty for none; and how many were tried.

    Parameters
    ----------
    most_tried : people tried at most; somebody of the set could be spared where it is reached.
    """
    dead = _largest(occupancy, targets, waiting)
    tried = 0
    for person in sorted(dead.members):
        if person in dead.members and tried < most_tried:
            tried += 1
            less = dead.copy()
            less.spare([person])
            dead = less if less.members else dead
    return frozenset(dead.members), tried


class _Dead:
    """People who may be a dead set; `loose` holds them and everybody who does not move.

    Attributes
    ----------
    waiters : by key, people whose arrival it stops.
    """

    def __init__(self, loose: Occupancy, targets: Mapping[int, int]) -> None:
        self.loose = loose
        self.targets = targets
        self.members = dict.fromkeys(sorted(targets))
        self.waiters: defaultdict[Key, set[int]] = defaultdict(set)

    def copy(self) -> "_Dead":
        """The same people, to be changed apart; waiters only grow and are shared."""
        other = _Dead(self.loose.copy(), self.targets)
        other.members = dict(self.members)
        other.waiters = self.waiters
        return other

    def spare(self, people: Iterable[int]) -> None:
        """Take people out, and whoever can come home then."""
        todo = list(people)
        while todo:
            person = todo.pop()
            if person not in self.members:
                continue
            del self.members[person]
            freed = self._take_out(person)
            todo += [p for p in sorted(freed) if p in self.members and self.can_enter(p)]

    def can_enter(self, person: int) -> bool:
        """True when the person can come home as things are."""
        over = self.loose.would_break(person, self.targets[person])
        for key in over:
            self.waiters[key].add(person)
        return not over

    def _take_out(self, person: int) -> set[int]:
        """Who waited for something that the person added to, or may not meet the person."""
        freed: set[int] = set()
        for cell in self.loose.where[person]:
            freed |= {meeting.other for meeting in self.loose.rules.meetings(person, cell)}
            for key in self.loose.keys(person, cell):
                freed |= self.waiters.get(key, set())
            self.loose.leave(person, cell)
        return freed


def _largest(occupancy: Occupancy, targets: Mapping[int, int], waiting: Collection[int]) -> _Dead:
    loose = occupancy.copy()
    for person in waiting:
        for cell in loose.where[person]:
            loose.leave(person, cell)
    dead = _Dead(loose, targets)
    dead.spare([person for person in dead.members if dead.can_enter(person)])
    return dead
