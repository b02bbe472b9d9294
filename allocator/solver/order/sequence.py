"""The order of moves of a placement: the one entry of this package."""

from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.sequence import Sequence
from allocator.model.shapes import IntArray
from allocator.solver.order.leaving import Leaving
from allocator.solver.order.patience import MOST_WORK, Patience


def order_moves(
    instance: Instance,
    target: IntArray,
    facts: MoveFacts,
    scenario_hash: str = "",
    work: int = MOST_WORK,
) -> Sequence:
    """Batches of steps that bring people from where they are to a target placement.

    No state adds a breach of R02 to R11 or R16 to R18, at any place, to the larger one of start and
    end. Only people whose place changes move, and each waits on the way once at most.

    Parameters
    ----------
    target : shape (n_persons,), cell of each person; -1 for people who get none and stay.
    work : see `Patience`; with less, more people may be left out.

    Returns
    -------
    As few people are left out as were found to be, and as few temporary steps as were found, each
    with a bound that is proved.
    """
    found = Leaving(instance, facts, target, Patience(work))
    attempt, layout = found.run()
    names = instance.person_ids
    return Sequence(
        scenario_hash=scenario_hash,
        target=tuple(sorted((names[p], instance.cell_ids[c]) for p, c in found.asked.items())),
        batches=layout.batches,
        left_out=tuple(sorted(names[p] for p in found.left_out)),
        undecided=tuple(sorted(names[p] for p in found.undecided)),
        hindrances=tuple(found.hindrances),
        temporary_bound=attempt.bound,
        minutes=layout.minutes,
        window_minutes=facts.window_minutes,
        left_out_bound=found.least,
    )
