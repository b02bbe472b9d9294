r"""R33: least exposure of people in one network to one another.

.. math:: w \cdot \sum_{(a,b)} collusion_{ab} \cdot \kappa(a, b)

Unit: points × contact weight in tier exposure; 0 or more unless explicit points are negative.

References
----------
.. [1] French National Assembly on the sealed groups of Lille-Annœullin, and P. Neumann: people who
   are concentrated may organise. The harm trades off against R32's; P9 sets the two weights.
"""

from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import PairPoints
from allocator.model.vocabulary import ExposureKind, Tier

GOAL = GoalId.COLLUSION


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[PairPoints]:
    """Pairs of one network with at least one leading member, and explicit pairs."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    table = points.of(ExposureKind.COLLUSION)
    if len(table):
        yield PairPoints(GOAL, Tier.EXPOSURE, table.source, table.target, weight * table.points)
