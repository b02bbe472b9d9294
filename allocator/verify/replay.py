"""The judge's replay of a sequence of moves: every step, every batch, every state."""

from collections import Counter
from collections.abc import Iterator, Mapping

from allocator.model.catalogue import RuleId
from allocator.model.scenario import Scenario
from allocator.model.sequence import Sequence
from allocator.verify.judge import find_breaches
from allocator.verify.replay_escort import escort_faults
from allocator.verify.replay_people import people_faults
from allocator.verify.states import PAIRS, Excess, find_excesses
from allocator.verify.view import View
from allocator.verify.walk import Walk, placed

Unlawful = Counter[tuple[RuleId, str]]


def check_sequence(scenario: Scenario, sequence: Sequence) -> tuple[str, ...]:
    """Replay a sequence from the scenario alone, whatever it says of itself.

    Returns
    -------
    tuple
        Every fault in words; empty means that it can be carried out as it stands and that no
        state adds a breach that neither start nor end has (see `states`).
    """
    walk = Walk(scenario, sequence)
    return (
        *_origin(scenario, sequence),
        *people_faults(walk),
        *escort_faults(walk),
        *_bound(sequence),
        *map(_words, find_excesses(scenario, sequence)),
        *_unlawful_end(walk),
    )


def check_aim(
    scenario: Scenario, placement: Mapping[str, str | None], sequence: Sequence
) -> tuple[str, ...]:
    """Whether a sequence is of a whole placement: all its moves, and all it leaves undecided.

    Parameters
    ----------
    placement : cell id by person id, None for unplaced.
    """
    now = {person.person_id: person.current_place for person in scenario.people}
    cells = scenario.estate.cell_by_id
    moves = {key: cell for key, cell in placement.items() if cell not in {None, now.get(key)}}
    stay = {key for key, cell in placement.items() if cell is None and now.get(key) in cells}
    said, undecided = dict(sequence.target), set(sequence.undecided)
    return (
        *(
            f"{key} is planned into {moves.get(key)}, the sequence says {said.get(key)}"
            for key in sorted(moves.keys() | said.keys())
            if moves.get(key) != said.get(key)
        ),
        *(f"{key} is undecided and not said to be" for key in sorted(stay - undecided)),
        *(f"{key} is said to be undecided and is not" for key in sorted(undecided - stay)),
    )


def _origin(scenario: Scenario, sequence: Sequence) -> Iterator[str]:
    said, true = sequence.scenario_hash, scenario.content_hash
    if said != true:
        yield f"the sequence was made for other data: hash {said[:12]}, these have {true[:12]}"


def _bound(sequence: Sequence) -> Iterator[str]:
    if sequence.temporary_bound > sequence.temporary_steps:
        yield (
            f"no order is said to have fewer than {sequence.temporary_bound} temporary steps; "
            f"this one has {sequence.temporary_steps}"
        )


def _words(excess: Excess) -> str:
    return (
        f"batch {excess.batch}: {excess.rule} at {excess.place} can be broken by "
        f"{excess.amount} on the way; {excess.allowed} at the start or the end"
    )


def _unlawful_end(walk: Walk) -> Iterator[str]:
    """What is unlawful in the end and neither now nor in the plan.

    Without people left out or undecided the end is the plan, which is judged on its own.
    """
    if not (walk.sequence.left_out or walk.sequence.undecided):
        return
    plan = walk.start | walk.target | dict.fromkeys(walk.sequence.undecided)
    now, planned, end = (_unlawful(walk, places) for places in (walk.start, plan, walk.end))
    for (rule, where), amount in sorted((end - (now | planned)).items()):
        yield f"the end adds an unlawful breach of {rule} at {where}, amount {amount}"


def _unlawful(walk: Walk, places: Mapping[str, str | None]) -> Unlawful:
    """Amounts of hard rules by rule and place; pairs by their names, wherever they meet."""
    view = View(walk.scenario, placed(places, walk.view), base=walk.view)
    amounts = Unlawful()
    for breach in find_breaches(view).unlawful:
        where = " and ".join(breach.person_ids) if breach.rule in PAIRS else breach.place
        amounts[breach.rule, where] += breach.amount
    return amounts
