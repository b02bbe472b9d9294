"""From actions to batches of named steps, with officers and minutes."""

from collections.abc import Mapping, Sequence
from math import ceil

from allocator.model.sequence import Batch, Step
from allocator.solver.order.attempt import Attempt, Block
from allocator.solver.order.escorts import Action, Go, facility_of, officers_of
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules
from allocator.solver.order.tallies import NOWHERE
from allocator.solver.order.timeline import Ties, Timeline, offsets_of, ties_of

GROWTH = 4


def lay_out(
    attempt: Attempt, rules: Rules, targets: Mapping[int, int]
) -> tuple[tuple[Batch, ...], int]:
    """Batches with names and times, and minutes to the end of the last.

    Without a limit of officers the moves are spread over the window, so that as few officers as
    possible are needed at a time.
    """
    actions = [action for block in attempt.blocks for action in block.actions]
    ties = ties_of(Occupancy(rules), actions)
    facts = rules.facts
    most = facts.escort_officers
    timeline = (
        _spread(attempt, rules, actions, ties)
        if most is None
        else _fill(attempt, rules, ties, most)
    )
    places = list(facts.start_places)
    batches: list[Batch] = []
    for together in timeline.batches:
        if together:
            steps = [_step(rules, go, targets, places) for action in together for go in action]
            start = len(batches) * facts.minutes_per_move
            batches.append(Batch(start, tuple(sorted(steps, key=lambda s: s.person_id))))
    return tuple(batches), len(batches) * facts.minutes_per_move


def _spread(
    attempt: Attempt, rules: Rules, actions: Sequence[Action], ties: Sequence[Ties]
) -> Timeline:
    facts = rules.facts
    most_batches = max(1, facts.window_minutes // facts.minutes_per_move)
    officers: dict[int, int] = {}
    largest = 1
    for action in actions:
        needed = [(facility_of(facts, go), officers_of(facts, go)) for go in action]
        for facility, number in needed:
            officers[facility] = officers.get(facility, 0) + number
        largest = max(largest, sum(number for _, number in needed))
    total = max(officers.values(), default=1)
    shortest = _fill(attempt, rules, ties, total)
    most_batches = max(most_batches, len(shortest))
    most = max(ceil(total / most_batches), largest, _of_blocks(attempt, rules))
    while True:
        timeline = shortest if most >= total else _fill(attempt, rules, ties, most)
        if len(timeline) <= most_batches:
            return timeline
        most = min(total, most + max(1, most // GROWTH))


def _of_blocks(attempt: Attempt, rules: Rules) -> int:
    """Officers that the batches of a block need at the most, whose distances are fixed."""
    largest = 0
    for block in filter(_is_timed, attempt.blocks):
        needed: dict[int, int] = {}
        for action, at in zip(
            block.actions, offsets_of(block.start, rules.facts, block.actions), strict=True
        ):
            number = sum(officers_of(rules.facts, go) for go in action)
            needed[at] = needed.get(at, 0) + number
        largest = max(largest, *needed.values())
    return largest


def _fill(attempt: Attempt, rules: Rules, ties: Sequence[Ties], most: int) -> Timeline:
    timeline = Timeline(Occupancy(rules), rules.facts, most)
    at = 0
    for block in attempt.blocks:
        its_ties = ties[at : at + len(block.actions)]
        at += len(block.actions)
        if _is_timed(block):
            offsets = offsets_of(block.start, rules.facts, block.actions)
            timeline.add_block(
                list(zip(block.actions, its_ties, offsets, strict=True)),
                ties_of(block.start, block.actions),
            )
            continue
        for action, tie in zip(block.actions, its_ties, strict=True):
            timeline.add(action, tie)
    return timeline


def _is_timed(block: Block) -> bool:
    """True where somebody waits in the holding location, which must not last."""
    return any(go.destination == NOWHERE for action in block.actions for go in action)


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
