"""Pieces that no window is long enough for, with more people who wait.

Whoever waits leaves a place free. With one free place a ring of many moves is made one after the
other; with two it falls into two chains that are made at the same time, and so on. More temporary
steps, and an order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from allocator.solver.order.actions import carry_out
from allocator.solver.order.attempt import Attempt, overdue_by
from allocator.solver.order.escorts import Action, least_batches, who_waits
from allocator.solver.order.lifts import Group
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.stops import stops_of
from allocator.solver.order.timeline import offsets_of
from allocator.solver.order.windows import parts_of

MOST_MORE = 4
SHIFTS = (0, 1, -1, 2, -2)

Part: TypeAlias = tuple[Action, ...]


def shorten(
    found: Attempt, targets: Mapping[int, int], patience: Patience
) -> tuple[Attempt, list[Part]]:
    """The attempt with every piece in one window for which that is found, and these pieces.

    Parameters
    ----------
    targets : cell of everybody who moves.
    """
    blocks, shortened = [], list[Part]()
    for block in found.blocks:
        at, actions = block.start.copy(), list[Action]()
        for part in parts_of(block):
            shorter = _shorter(at, part, targets, patience)
            shortened += [] if shorter is None else [shorter]
            actions += part if shorter is None else shorter
            carry_out(at, part)
        blocks.append(replace(block, actions=tuple(actions)))
    return replace(found, blocks=blocks), shortened


def _shorter(
    at: Occupancy, part: Part, targets: Mapping[int, int], patience: Patience
) -> Part | None:
    """Another way to the same end that a window is long enough for; None for none, or no need."""
    facts = at.rules.facts
    if fits_window(at, part) or least_batches(facts, part) > facts.window_batches:
        return None
    own = {go.person: targets[go.person] for action in part for go in action}
    stops = stops_of(at, own)
    group = Group(at, own, stops, overdue_by(at.rules), patience)
    for waiting in _more_waiting(at, part, targets):
        if patience.is_over:
            return None
        if all(person in stops for person in waiting):
            actions = group.wait_first(waiting)
            if actions is not None and fits_window(at, actions):
                return actions
    return None


def fits_window(at: Occupancy, part: Part) -> bool:
    """True where a window is long enough for a part, when nobody else moves."""
    facts = at.rules.facts
    slots = facts.window_batches
    return len(part) <= slots or max(offsets_of(at, facts, part)) < slots


def _more_waiting(
    at: Occupancy, part: Part, targets: Mapping[int, int]
) -> Iterator[tuple[int, ...]]:
    """Whoever waits now, with one more in the middle of the moves, two at their thirds, and on.

    In a full prison a batch has one move for everybody who waits, so too few are not tried.
    """
    now = who_waits(part)
    facts = at.rules.facts
    offsets = offsets_of(at, facts, part)
    least = max(1, -(-(1 + max(offsets)) * len(now) // facts.window_batches) - len(now))
    by_batch = sorted(zip(offsets, part, strict=True))
    home = [
        go.person for _, action in by_batch for go in action if targets[go.person] == go.destination
    ]
    tried = set[tuple[int, ...]]()
    for more in range(least, MOST_MORE + 1):
        for shift in SHIFTS:
            places = (len(home) * (k + 1) // (more + 1) + shift for k in range(more))
            chosen = tuple(sorted({*now, *(home[k % len(home)] for k in places)}))
            if chosen not in tried and len(chosen) > len(now):
                tried.add(chosen)
                yield chosen
