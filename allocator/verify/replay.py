"""The judge's replay of a sequence of moves: every step, every batch, every state."""

from collections.abc import Iterator, Mapping

from allocator.model.scenario import Scenario
from allocator.model.sequence import Sequence
from allocator.verify.replay_escort import escort_faults
from allocator.verify.replay_holding import holding_faults
from allocator.verify.replay_people import people_faults
from allocator.verify.replay_windows import end_faults, window_faults
from allocator.verify.states import Excess, find_excesses
from allocator.verify.walk import Walk


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
        *window_faults(walk),
        *_bound(sequence),
        *map(_words, find_excesses(scenario, sequence)),
        *end_faults(walk),
    )


def check_holding(scenario: Scenario, sequence: Sequence) -> tuple[str, ...]:
    """Who is kept in a holding location longer than allowed and could have left it in time (R29).

    Of a sequence without faults, which can be carried out even so: a better one exists.
    """
    return tuple(holding_faults(scenario, sequence, check_sequence))


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
    if sequence.left_out_bound > len(sequence.left_out):
        yield (
            f"no order is said to leave out fewer than {sequence.left_out_bound} people; this one "
            f"leaves out {len(sequence.left_out)}"
        )


def _words(excess: Excess) -> str:
    return (
        f"batch {excess.batch}: {excess.rule} at {excess.place} can be broken by "
        f"{excess.amount} on the way; {excess.allowed} at the start or the end"
    )
