"""What a sequence says of people: who moves, from where, to where, and who stays."""

from collections.abc import Iterable, Iterator

from allocator.model.catalogue import RuleId
from allocator.model.vocabulary import Enforcement
from allocator.verify.discover import rule_checks
from allocator.verify.view import View
from allocator.verify.walk import Walk, Walked

AUTHORITY_RULES = frozenset(
    {
        RuleId.LEAST_RESTRICTIVE,
        RuleId.AUTHORITY,
        RuleId.MEDICAL_CONSIDERED,
        RuleId.EXPIRED_AUTHORITY,
    }
)
CELL_RULES = frozenset(
    {
        RuleId.SECURITY_CATEGORY,
        RuleId.SPECIAL_NEEDS,
        RuleId.SEALED_UNITS,
        RuleId.TRANSFERS,
        RuleId.OFFICER_LOCKS,
        RuleId.COMMUNICATIONS,
    }
)


def people_faults(walk: Walk) -> Iterator[str]:
    """Faults of the lists of people, of each step, of stays in holding and of the end."""
    yield from _lists(walk)
    for walked in walk.steps:
        if walked.step.person_id in walk.start:
            yield from _step(walk, walked)
        else:
            yield f"{walked.words} is not a person of this scenario"
    yield from _holding(walk)
    yield from _end(walk)


def _lists(walk: Walk) -> Iterator[str]:
    """Target, people left out and undecided are known, sorted and fit one another."""
    sequence = walk.sequence
    names = [person_id for person_id, _ in sequence.target]
    yield from _unsorted("the target", names)
    yield from _unsorted("left out", sequence.left_out)
    yield from _unsorted("undecided", sequence.undecided)
    for person_id, cell_id in sequence.target:
        if person_id not in walk.start:
            yield f"{person_id} of the target is not a person of this scenario"
        if walk.site(cell_id) is None:
            yield f"{person_id} is to come to {cell_id}, which is no cell"
    named = {person_id for hindrance in sequence.hindrances for person_id in hindrance.person_ids}
    for person_id in sequence.left_out:
        if person_id not in walk.target:
            yield f"{person_id} is left out, and no move of this person was asked for"
        elif person_id not in named:
            yield f"{person_id} is left out, and no hindrance names this person"
    for person_id in sequence.undecided:
        if person_id in walk.target:
            yield f"{person_id} is said to be undecided, and has a target"
        if walk.site(walk.start.get(person_id)) is None:
            yield f"{person_id} is said to be undecided, and has no cell to stay in"


def _unsorted(what: str, names: Iterable[str]) -> Iterator[str]:
    names = list(names)
    if names != sorted(set(names)):
        yield f"{what}: people are not sorted or named twice"


def _step(walk: Walk, walked: Walked) -> Iterator[str]:
    step, words = walked.step, walked.words
    if step.from_place != walked.place:
        yield f"{words} is said to leave {step.from_place}, is in {walked.place}"
    if step.to_place == walked.place:
        yield f"{words} goes to {step.to_place} and is there already"
    yield from _destination(walk, walked)
    aim = walk.aim(step.person_id)
    if step.is_temporary != (step.to_place != aim):
        said = "temporary" if step.is_temporary else "final"
        yield f"{words}: the step to {step.to_place} is said to be {said}; the plan says {aim}"
    if _is_frozen(walk, walked):
        yield f"{words} is frozen and may not move"
    if step.to_place != aim:
        yield from _waits(walk, walked)


def _destination(walk: Walk, walked: Walked) -> Iterator[str]:
    """A cell in use or a holding location; temporary ones where the person is or will be."""
    step, words = walked.step, walked.words
    site = walk.site(step.to_place)
    if site is None and not walk.is_holding(step.to_place):
        yield f"{words} goes to {step.to_place}, which is neither a cell nor a holding location"
        return
    if site is not None and not site.in_use:
        yield f"{words} goes to {step.to_place}, which is out of use"
    aim = walk.aim(step.person_id)
    near = {walk.facility(walked.place), walk.facility(aim)}
    if step.to_place != aim and walk.facility(step.to_place) not in near:
        yield f"{words} waits in {step.to_place}, in a facility that is neither start nor target"


def _is_frozen(walk: Walk, walked: Walked) -> bool:
    """R24 where it holds; where it may be signed for, for everything but the planned move."""
    step, enforcement = walked.step, walk.view.setting(RuleId.FROZEN).enforcement
    person = walk.scenario.person_by_id[step.person_id]
    if step.person_id not in walk.view.records.frozen or walk.view.present_site(person) is None:
        return False
    if enforcement is Enforcement.HARD:
        return True
    is_planned = step.to_place == walk.target.get(step.person_id)
    return enforcement is not Enforcement.OFF and not is_planned


def _waits(walk: Walk, walked: Walked) -> Iterator[str]:
    """Nobody waits in a unit above the ordinary regime without authority (R12 to R15).

    Nor where a hard rule of one person and one cell forbids it.
    """
    step = walked.step
    here = View(walk.scenario, {step.person_id: step.to_place}, base=walk.view)
    for check in rule_checks():
        if check.rule in AUTHORITY_RULES and here.applies(check.rule):
            yield from (f"{walked.words} waits without authority: {breach.detail}"
                        for breach in check.check(here))  # fmt: skip
        elif check.rule in CELL_RULES and here.setting(check.rule).enforcement is Enforcement.HARD:
            yield from (f"{walked.words} waits against {check.rule}: {breach.detail}"
                        for breach in check.check(here))  # fmt: skip


def _holding(walk: Walk) -> Iterator[str]:
    """Stays in holding from the end of the batch that begins one to the start of the next move."""
    limits = walk.view.limits
    since: dict[str, int] = {}
    for walked in walk.steps:
        person_id, minute = walked.step.person_id, walked.batch.start_minute
        if walk.is_holding(walked.step.to_place):
            since.setdefault(person_id, minute + limits.minutes_per_move)
        elif person_id in since:
            stay = minute - since.pop(person_id)
            if stay > limits.holding_limit_minutes:
                yield (
                    f"{walked.words} has been held between cells for {stay} minutes; "
                    f"{limits.holding_limit_minutes} allowed"
                )


def _end(walk: Walk) -> Iterator[str]:
    """Where everybody is in the end."""
    left_out = frozenset(walk.sequence.left_out)
    movers = {walked.step.person_id for walked in walk.known_steps()}
    for person_id in sorted((movers | walk.target.keys()) & walk.start.keys()):
        place = walk.end[person_id]
        if person_id in left_out or person_id not in walk.target:
            if place != walk.start[person_id]:
                why = "is left out" if person_id in left_out else "is not asked to move"
                yield f"{person_id} {why} and ends in {place} instead of {walk.start[person_id]}"
        elif place != walk.target[person_id]:
            yield f"{person_id} ends in {place} instead of {walk.target[person_id]}"
        if person_id in movers and walk.is_holding(place):
            yield f"{person_id} ends in the holding location {place}"
        site = walk.site(place)
        if person_id in movers and site is not None and site.cell.buffer:
            yield f"{person_id} ends in {place}, which is kept for swaps"
