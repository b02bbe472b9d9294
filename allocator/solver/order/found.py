"""What is found out about a group of people who hinder one another."""

from dataclasses import dataclass

from allocator.solver.order.escorts import Action


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a group.

    Parameters
    ----------
    actions : an order for all of the group, None where none was found.
    bound : people who have to wait at least, in any order of all of the group.
    best : where there is no order: actions that bring the most people home.
    hopeless : people whom no order brings home, proved; all others are not looked at then.
    """

    actions: tuple[Action, ...] | None
    bound: int
    best: tuple[Action, ...] = ()
    hopeless: frozenset[int] = frozenset()
