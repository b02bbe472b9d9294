"""People who wait before anybody else moves."""

from collections.abc import Mapping, Sequence

from allocator.solver.order.actions import try_action
from allocator.solver.order.escorts import Action, Go
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.search import MOST_STOPS_LOOKED_AT


def wait_at_once(
    at: Occupancy, stops: Mapping[int, Sequence[int]], skipped: int
) -> tuple[Action, ...] | None:
    """Bring each person to the first safe stop after some; None where somebody has none."""
    made: list[Action] = []
    for person, cells in sorted(stops.items()):
        (here,) = at.where[person]
        ways = (((Go(person, here, cell)),) for cell in cells[skipped:MOST_STOPS_LOOKED_AT])
        action = next((way for way in ways if try_action(at, way)), None)
        if action is None:
            return None
        made.append(action)
    return tuple(made)
