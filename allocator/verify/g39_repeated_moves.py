r"""R39, moves: nobody carries repeated moves.

.. math:: \min(k, 5)^2

for a person with k moves in the last 90 days who is moved again.
"""

from allocator.model.catalogue import GoalId
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

GOAL = GoalId.BURDEN
TIER = Tier.MOVES
MOST_MOVES = 5


def value(view: View) -> int:
    """The weight for each point of repeated moves."""
    moves = (min(person.moves_last_90_days, MOST_MOVES) for person, _ in view.moved)
    return view.weight(GOAL) * sum(count**2 for count in moves)
