"""Steps at the same time, carried out only where every state on the way is safe."""

from collections import defaultdict
from collections.abc import Iterable

from allocator.solver.order.escorts import Action
from allocator.solver.order.occupancy import Occupancy


def try_action(occupancy: Occupancy, action: Action) -> bool:
    """Carry out steps at the same time if every state on the way is safe; else change nothing."""
    if not _enter_all(occupancy, action):
        return False
    for go in action:
        occupancy.leave(go.person, go.origin)
    if _is_any_too_low(occupancy, action) or _stays_too_low(occupancy, action):
        undo_action(occupancy, action)
        return False
    return True


def are_safe(occupancy: Occupancy, actions: Iterable[Action]) -> bool:
    """True if every state on the way through actions, one after the other, is safe."""
    at = occupancy.copy()
    return all(try_action(at, action) for action in actions)


def can_try(occupancy: Occupancy, action: Action) -> bool:
    """True if every state on the way is safe; nothing is changed."""
    if len(action) == 1:
        go, rules = action[0], occupancy.rules
        if not (rules.has_low(go.person, go.origin) or rules.has_low(go.person, go.destination)):
            return not occupancy.would_break(go.person, go.destination)
    if not try_action(occupancy, action):
        return False
    undo_action(occupancy, action)
    return True


def undo_action(occupancy: Occupancy, action: Action) -> None:
    """Bring everybody back."""
    for go in reversed(action):
        occupancy.leave(go.person, go.destination)
        occupancy.enter(go.person, go.origin)


def focused_on(occupancy: Occupancy, actions: Iterable[Action]) -> Occupancy:
    """The same state for looking at these actions only; see `Occupancy.focused`."""
    goals = defaultdict[int, set[int]](set)
    for action in actions:
        for go in action:
            goals[go.person].add(go.destination)
    return occupancy.focused(goals)


def carry_out(occupancy: Occupancy, actions: Iterable[Action]) -> None:
    """Carry out actions that are known to be safe."""
    for action in actions:
        for go in action:
            occupancy.enter(go.person, go.destination)
            occupancy.leave(go.person, go.origin)


def _enter_all(occupancy: Occupancy, action: Action) -> bool:
    for at, go in enumerate(action):
        if occupancy.enter(go.person, go.destination):
            for known in reversed(action[: at + 1]):
                occupancy.leave(known.person, known.destination)
            return False
    return True


def _is_any_too_low(occupancy: Occupancy, action: Action) -> bool:
    return any(
        occupancy.too_low(go.person, cell) for go in action for cell in (go.origin, go.destination)
    )


def _stays_too_low(occupancy: Occupancy, action: Action) -> bool:
    """Several at once: those who stay must be enough while all others are on the way."""
    if len(action) == 1:
        return False
    for go in action:
        occupancy.leave(go.person, go.destination)
    found = _is_any_too_low(occupancy, action)
    for go in action:
        occupancy.enter(go.person, go.destination)
    return found
