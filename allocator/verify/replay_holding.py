"""Whoever is in a holding location when an order begins leaves it first (R28, R29)."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from allocator.model.scenario import Scenario
from allocator.model.sequence import Batch, Sequence, Step
from allocator.verify.walk import Walk, Walked

Faults = Callable[[Scenario, Sequence], tuple[str, ...]]


def holding_faults(scenario: Scenario, sequence: Sequence, faults_of: Faults) -> Iterator[str]:
    """People who start in a holding location and stay longer than allowed without a need.

    There is none where the step that brings them out could be in an earlier batch, all others
    staying as they are: replayed so, nothing is against it.

    Parameters
    ----------
    faults_of : what is against a sequence but for this.
    """
    walk = Walk(scenario, sequence)
    limit = walk.view.limits.holding_limit_minutes
    for person_id, walked in sorted(_first_steps(walk).items()):
        start = walked.batch.start_minute
        if start <= limit or not walk.is_holding(walk.start[person_id]):
            continue
        for batch in sequence.batches:
            if batch.start_minute > limit:
                break
            other = _moved(walk, walked, batch)
            if not faults_of(scenario, other):
                yield (
                    f"{walked.words} has been between cells for {start} minutes, {limit} allowed, "
                    f"and could have gone at {batch.start_minute}"
                )
                break


def _first_steps(walk: Walk) -> dict[str, Walked]:
    found: dict[str, Walked] = {}
    for walked in walk.known_steps():
        found.setdefault(walked.step.person_id, walked)
    return found


def _moved(walk: Walk, walked: Walked, to: Batch) -> Sequence:
    """The sequence with one step in another batch."""
    batches: list[Batch] = []
    for batch in walk.sequence.batches:
        steps: list[Step] = [step for step in batch.steps if step is not walked.step]
        steps += [walked.step] if batch is to else []
        if steps:
            steps.sort(key=lambda step: step.person_id)
            batches.append(replace(batch, steps=tuple(steps)))
    minutes = batches[-1].start_minute + walk.view.limits.minutes_per_move
    return replace(walk.sequence, batches=tuple(batches), minutes=minutes)
