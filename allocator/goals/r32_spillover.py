r"""R32: least exposure of receptive people to leaders and recruiters, and to coercion.

.. math:: w \cdot \sum_{(s,t)} (spillover_{st} + coercion_{st}) \cdot \kappa(s, t)

Unit: points × contact weight in tier exposure; 0 or more unless explicit points are negative.

References
----------
.. [1] GCTF, additional guidance on the role of psychology in rehabilitation: consider separating
   group leaders and influential ideologues. We take the direction, from a source to a receptive
   person; nobody has measured magnitudes, so they are the policy's.
"""

from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import PairPoints
from allocator.model.vocabulary import ExposureKind, Tier

GOAL = GoalId.SPILLOVER


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[PairPoints]:
    """One shape per kind; the engine multiplies by the contact of the plan."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    for kind in (ExposureKind.SPILLOVER, ExposureKind.COERCION):
        table = points.of(kind)
        if len(table):
            yield PairPoints(GOAL, Tier.EXPOSURE, table.source, table.target, weight * table.points)
