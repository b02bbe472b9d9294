"""Move windows of a sequence: nobody moves outside them, and every night and the end are lawful."""

from collections import Counter
from collections.abc import Iterator, Mapping

from allocator.model.catalogue import RuleId
from allocator.model.sequence import DAY_MINUTES
from allocator.verify.judge import find_breaches
from allocator.verify.states import PAIRS
from allocator.verify.view import View
from allocator.verify.walk import Walk, placed

Unlawful = Counter[tuple[RuleId, str]]
Places = dict[str, str | None]


def window_faults(walk: Walk) -> Iterator[str]:
    """Batches that do not end within their day's window (P25), and faults of each night between.

    Over night everybody is where the plan wants them or where they started, and nothing is
    unlawful that is neither unlawful at the start nor in the plan.
    """
    limits = walk.view.limits
    for number, batch in enumerate(walk.sequence.batches, 1):
        after = batch.start_minute % DAY_MINUTES + limits.minutes_per_move
        if batch.start_minute >= 0 and after > limits.move_window_minutes:
            late = after - limits.move_window_minutes
            yield f"batch {number} ends {late} minutes after its window closes"
    for number, night in enumerate(_nights(walk), 1):
        yield from _temporary(walk, f"the night after window {number}", night)
        yield from _added(walk, f"the night after window {number}", night)


def end_faults(walk: Walk) -> Iterator[str]:
    """What is unlawful in the end and neither now nor in the plan.

    Without people left out or undecided the end is the plan, which is judged on its own.
    """
    if walk.sequence.left_out or walk.sequence.undecided:
        yield from _added(walk, "the end", walk.end)


def _nights(walk: Walk) -> Iterator[Places]:
    """Where everybody is after each window but the last."""
    places: Places = dict(walk.start)
    for window in walk.sequence.windows[:-1]:
        for batch in window:
            places.update((step.person_id, step.to_place) for step in batch.steps)
        yield dict(places)


def _temporary(walk: Walk, when: str, places: Mapping[str, str | None]) -> Iterator[str]:
    for person_id in sorted({walked.step.person_id for walked in walk.known_steps()}):
        place = places[person_id]
        if place not in {walk.start[person_id], walk.aim(person_id)}:
            yield f"{when}: {person_id} stays in {place}, which is a temporary place"


def _added(walk: Walk, when: str, places: Mapping[str, str | None]) -> Iterator[str]:
    plan = walk.start | walk.target | dict.fromkeys(walk.sequence.undecided)
    now, planned, then = (_unlawful(walk, state) for state in (walk.start, plan, places))
    for (rule, where), amount in sorted((then - (now | planned)).items()):
        yield f"{when} adds an unlawful breach of {rule} at {where}, amount {amount}"


def _unlawful(walk: Walk, places: Mapping[str, str | None]) -> Unlawful:
    """Amounts of hard rules by rule and place; pairs by their names, wherever they meet."""
    view = View(walk.scenario, placed(places, walk.view), base=walk.view)
    amounts = Unlawful()
    for breach in find_breaches(view).unlawful:
        where = " and ".join(breach.person_ids) if breach.rule in PAIRS else breach.place
        amounts[breach.rule, where] += breach.amount
    return amounts
