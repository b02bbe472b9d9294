"""People none of whom can be the first to come home: a proof that one more of them has to wait.

A set is dead when nobody of it can enter the target, those of it who wait being in no cell, although
everybody else who moves is taken out of all cells. Upper limits only grow with people, so whatever
the others do, the first of the set to come home would break something.
"""

from collections.abc import Collection, Mapping

from allocator.solver.order.occupancy import Occupancy


def find_deadlock(
    occupancy: Occupancy, targets: Mapping[int, int], waiting: Collection[int] = ()
) -> frozenset[int]:
    """The largest dead set; empty for none.

    Parameters
    ----------
    targets : of everybody who still moves.
    waiting : people of the targets who leave the cells for a while.
    """
    loose = occupancy.copy()
    for person in waiting:
        _take_out(loose, person)
    dead = dict.fromkeys(sorted(targets))
    goes_on = True
    while goes_on:
        goes_on = False
        for person in tuple(dead):
            if _can_enter(loose, person, targets[person]):
                _take_out(loose, person)
                del dead[person]
                goes_on = True
    return frozenset(dead)


def smallest_deadlock(
    occupancy: Occupancy,
    targets: Mapping[int, int],
    dead: frozenset[int],
    waiting: Collection[int] = (),
) -> frozenset[int]:
    """A dead set within another of which nobody can be spared."""
    loose = occupancy.copy()
    for person in targets.keys() - dead:
        _take_out(loose, person)
    for person in sorted(dead):
        if person not in dead:
            continue
        less = loose.copy()
        _take_out(less, person)
        inside = {p: targets[p] for p in dead - {person}}
        fewer = find_deadlock(less, inside, [p for p in waiting if p in inside])
        if fewer:
            for other in dead - fewer:
                _take_out(loose, other)
            dead = fewer
    return dead


def _can_enter(loose: Occupancy, person: int, target: int) -> bool:
    is_over = bool(loose.enter(person, target))
    loose.leave(person, target)
    return not is_over


def _take_out(loose: Occupancy, person: int) -> None:
    for cell in loose.where[person]:
        loose.leave(person, cell)
