"""What a sequence says of times and escorts: minutes, officers, and who may go together."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from allocator.model.person import Person
from allocator.verify.escort import officers_needed
from allocator.verify.sites import Site
from allocator.verify.walk import Walk, Walked


def escort_faults(walk: Walk) -> Iterator[str]:
    """Faults of times, of the number of officers and of the company of each batch."""
    yield from _times(walk)
    for number, batch in enumerate(walk.sequence.batches, 1):
        times = Counter(step.person_id for step in batch.steps)
        if not batch.steps:
            yield f"batch {number} has no step"
        yield from (
            f"batch {number}: {key} moves {n} times" for key, n in sorted(times.items()) if n > 1
        )
    by_facility: defaultdict[tuple[int, str], list[Walked]] = defaultdict(list)
    for walked in walk.known_steps():
        yield from _officers(walk, walked)
        by_facility[walked.number, _escorting(walk, walked)].append(walked)
    for (number, facility), together in sorted(by_facility.items(), key=lambda item: item[0]):
        yield from _company(walk, f"batch {number} in {facility or 'no facility'}", together)


def _times(walk: Walk) -> Iterator[str]:
    """Batches one after the other, each for the minutes of a move."""
    sequence, limits = walk.sequence, walk.view.limits
    free = 0
    for number, batch in enumerate(sequence.batches, 1):
        if batch.start_minute < free:
            yield f"batch {number} starts at minute {batch.start_minute}; {free} is the earliest"
        free = batch.start_minute + limits.minutes_per_move
    if sequence.minutes != free:
        yield f"the sequence is said to take {sequence.minutes} minutes, takes {free}"
    if sequence.window_minutes != limits.move_window_minutes:
        yield (
            f"the window is said to be {sequence.window_minutes} minutes, "
            f"is {limits.move_window_minutes}"
        )


def _ends(walk: Walk, walked: Walked) -> tuple[Site, ...]:
    """Cells that the person is brought from and to."""
    sites = (walk.site(walked.place), walk.site(walked.step.to_place))
    return tuple(site for site in sites if site is not None)


def _escorting(walk: Walk, walked: Walked) -> str:
    """The facility whose officers escort: the one left, else the one that is reached."""
    return walk.facility(walked.place) or walk.facility(walked.step.to_place) or ""


def _officers(walk: Walk, walked: Walked) -> Iterator[str]:
    """P23; where both special numbers apply, the larger."""
    person = walk.scenario.person_by_id[walked.step.person_id]
    needed = officers_needed(walk.view.limits, person, _ends(walk, walked))
    if walked.step.officers != needed:
        yield f"{walked.words} is escorted by {walked.step.officers} officers; {needed} are needed"


def _company(walk: Walk, words: str, together: list[Walked]) -> Iterator[str]:
    """Officers at once in one facility, and people of one escort class."""
    at_once = walk.view.limits.escort_officers
    officers = sum(walked.step.officers for walked in together)
    if at_once is not None and officers > at_once:
        yield f"{words}: {officers} officers at once; there are {at_once}"
    classes = {_escort_class(walk, walked) for walked in together}
    if len(classes) > 1:
        listed = "; ".join(", ".join(names) for names in sorted(classes))
        yield f"{words}: people who may not go together ({listed})"


def _escort_class(walk: Walk, walked: Walked) -> tuple[str, ...]:
    """Sex, child or adult, legal category, restrictive unit or not."""
    limits = walk.view.limits
    person: Person = walk.scenario.person_by_id[walked.step.person_id]
    is_restrictive = any(
        site.regime_level > limits.ordinary_regime_ceiling for site in _ends(walk, walked)
    )
    return (
        f"sex {person.sex.value}",
        "adult" if person.age_years >= limits.adult_age_years else "child",
        person.legal_category.value,
        "restrictive unit" if is_restrictive else "ordinary unit",
    )
