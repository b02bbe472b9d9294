"""From actions to batches of named steps, with officers and minutes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import TypeAlias

from allocator.model.sequence import DAY_MINUTES, Batch, Step
from allocator.solver.order.actions import focused_on
from allocator.solver.order.attempt import Attempt
from allocator.solver.order.escorts import Go, facility_of, goes_nowhere, officers_of
from allocator.solver.order.held import last_held
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules
from allocator.solver.order.tallies import NOWHERE
from allocator.solver.order.timeline import Ties, Timeline, offsets_of, ties_of
from allocator.solver.order.windows import Overnight, Windows, fill_windows, pieces_of

Offsets: TypeAlias = tuple[int, ...] | None  # batches of a block in which people wait; else None
GROWTH = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Batches with names and times; `too_long` : people whose moves fit into no window."""

    batches: tuple[Batch, ...]
    minutes: int
    too_long: frozenset[int] = frozenset()


def lay_out(
    attempt: Attempt, rules: Rules, targets: Mapping[int, int], overnight: Overnight
) -> Layout:
    """Batches with names and times, window by window where one is too short.

    Without a limit of officers the moves are spread over the window, so that as few officers as
    possible are needed at a time.
    """
    found = _windows(attempt, rules, overnight)
    facts, places = rules.facts, list(rules.facts.start_places)
    batches: list[Batch] = []
    minutes = 0
    for number, window in enumerate(found.batches):
        for at, together in enumerate(window):
            steps = [_step(rules, go, targets, places) for action in together for go in action]
            start = number * DAY_MINUTES + at * facts.minutes_per_move
            batches.append(Batch(start, tuple(sorted(steps, key=lambda s: s.person_id))))
            minutes = start + facts.minutes_per_move
    return Layout(tuple(batches), minutes, found.too_long)


def _windows(attempt: Attempt, rules: Rules, overnight: Overnight) -> Windows:
    """One window where everything fits into it; else as few as are found."""
    facts = rules.facts
    start = Occupancy(rules)
    narrow = focused_on(start, attempt.actions)
    ties = ties_of(narrow, attempt.actions)
    timed = [
        offsets_of(block.start, facts, block.actions) if goes_nowhere(block.actions) else None
        for block in attempt.blocks
    ]
    most = facts.escort_officers
    fill = partial(_fill, attempt, narrow, ties, timed)
    timeline = _spread(attempt, rules, timed, fill) if most is None else fill(most)
    batches = [together for together in timeline.batches if together]
    if len(batches) * facts.minutes_per_move <= facts.window_minutes:
        return Windows((batches,))
    fill_all = partial(fill_windows, pieces_of(attempt, start), narrow)
    if most is not None:
        return fill_all(most, overnight)
    return _fewest_windows(attempt, rules, timed, lambda n: fill_all(n, overnight))


def _fewest_windows(
    attempt: Attempt, rules: Rules, timed: Sequence[Offsets], fill: Callable[[int], Windows]
) -> Windows:
    """As many windows as with any number of officers, and few officers at a time."""
    least, total = _officers(attempt, rules, timed)
    shortest = fill(total)
    slots = rules.facts.window_batches
    most = max(least, ceil(total / max(1, slots * len(shortest.batches))))
    latest = max(rules.facts.holding_batches, _last_held(rules, shortest))
    while most < total and not shortest.too_long:
        found = fill(most)
        fits = len(found.batches) <= len(shortest.batches) and not found.too_long
        if fits and _last_held(rules, found) <= latest:
            return found
        most += max(1, most // GROWTH)
    return shortest


def _last_held(rules: Rules, windows: Windows) -> int:
    """Batch of the first window in which somebody last leaves the holding location."""
    return last_held(rules.facts, windows.batches[0]) if windows.batches else 0


def _spread(
    attempt: Attempt, rules: Rules, timed: Sequence[Offsets], fill: Callable[[int], Timeline]
) -> Timeline:
    facts = rules.facts
    least, total = _officers(attempt, rules, timed)
    shortest = fill(total)
    most_batches = max(1, facts.window_batches)
    if len(shortest) > most_batches:
        return shortest
    most = max(ceil(total / most_batches), least)
    latest = max(facts.holding_batches, last_held(facts, shortest.batches))
    while True:
        timeline = shortest if most >= total else fill(most)
        if len(timeline) <= most_batches and last_held(facts, timeline.batches) <= latest:
            return timeline
        most = min(total, most + max(1, most // GROWTH))


def _officers(attempt: Attempt, rules: Rules, timed: Sequence[Offsets]) -> tuple[int, int]:
    """Officers of a facility that any batch takes at the least, and for all moves at once."""
    facts = rules.facts
    officers: dict[int, int] = {}
    largest = 1
    for action in attempt.actions:
        needed = [(facility_of(facts, go), officers_of(facts, go)) for go in action]
        for facility, number in needed:
            officers[facility] = officers.get(facility, 0) + number
        largest = max(largest, sum(number for _, number in needed))
    total = max(officers.values(), default=1)
    return max(largest, _of_blocks(attempt, rules, timed)), total


def _of_blocks(attempt: Attempt, rules: Rules, timed: Sequence[Offsets]) -> int:
    """Officers that the batches of a block need at the most, whose distances are fixed."""
    largest = 0
    for block, offsets in zip(attempt.blocks, timed, strict=True):
        if offsets is None:
            continue
        needed: dict[int, int] = {}
        for action, at in zip(block.actions, offsets, strict=True):
            number = sum(officers_of(rules.facts, go) for go in action)
            needed[at] = needed.get(at, 0) + number
        largest = max(largest, *needed.values())
    return largest


def _fill(
    attempt: Attempt, start: Occupancy, ties: Sequence[Ties], timed: Sequence[Offsets], most: int
) -> Timeline:
    timeline = Timeline(start, start.rules.facts, most)
    at = 0
    for block, offsets in zip(attempt.blocks, timed, strict=True):
        its_ties = ties[at : at + len(block.actions)]
        at += len(block.actions)
        if offsets is not None:
            timeline.add_block(
                list(zip(block.actions, its_ties, offsets, strict=True)),
                ties_of(block.start, block.actions),
            )
            continue
        for action, tie in zip(block.actions, its_ties, strict=True):
            timeline.add(action, tie)
    return timeline


def _step(rules: Rules, go: Go, targets: Mapping[int, int], places: list[str | None]) -> Step:
    instance, facts = rules.instance, rules.facts
    if go.destination == NOWHERE:
        holding = facts.holding[int(facts.facility[go.origin])]
        if holding is None:
            raise LookupError(f"no holding location for {instance.person_ids[go.person]}")
        to_place = holding
    else:
        to_place = instance.cell_ids[go.destination]
    step = Step(
        instance.person_ids[go.person],
        places[go.person],
        to_place,
        is_temporary=go.destination != targets[go.person],
        officers=officers_of(facts, go),
    )
    places[go.person] = to_place
    return step
