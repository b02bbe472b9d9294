r"""R38: good ties and stable pairs stay together.

.. math:: -w \cdot \sum_{(s,t)} support_{st} \cdot \kappa(s, t), \qquad
          -5 w \cdot |\{stable\ pairs\ in\ one\ cell\}|

Unit: points × contact weight in tier exposure, and points in tier preferences; 0 or less unless
explicit points are negative.

References
----------
.. [1] Kreager et al., "Where 'old heads' prevail": mentors with a positive influence exist, so the
   graph has positive ties and parting them costs; 5 for a pair is an assumption.
"""

from collections.abc import Iterator

import numpy as np

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import PairPoints
from allocator.model.vocabulary import ExposureKind, Level, Tier

GOAL = GoalId.SUPPORT
STABLE_PAIR = 5


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[PairPoints]:
    """Support subtracted from exposure, and a preference for each stable pair."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    table = points.of(ExposureKind.SUPPORT)
    if len(table):
        yield PairPoints(GOAL, Tier.EXPOSURE, table.source, table.target, -weight * table.points)
    at = index.person_at
    pairs = index.scenario.stable_pairs
    if pairs:
        yield PairPoints(
            GOAL,
            Tier.PREFERENCES,
            int_array(at[pair.person_a] for pair in pairs),
            int_array(at[pair.person_b] for pair in pairs),
            np.full(len(pairs), -STABLE_PAIR * weight, dtype=np.int64),
            Level.CELL,
        )
