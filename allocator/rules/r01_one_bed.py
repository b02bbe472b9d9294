r"""R01: each person has exactly one place, or is named as unplaced.

.. math:: \sum_{c} x_{p,c} + u_p = 1 \qquad \text{points: } \sum_p u_p

Amount of a breach: 1 per unplaced person, always 1 point in tier *unplaced*, whatever the
setting of the rule. Whoever has a cell in use now keeps a claim to a place: being left without one
costs the weight of R31 in tier *protection* too, so that nobody is turned out because an unplaced
person has no exposure. Whoever had a place in the last plan departs from it by having none: the
weight of R76 in tier *departures*.

References
----------
.. [1] Nelson Mandela Rules, rule 12; European Prison Rules, 18.5.
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Penalty, Placed
from allocator.model.vocabulary import Tier

RULE = RuleId.ONE_BED
UNPLACED = Penalty(Tier.UNPLACED, 1)


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Placed]:  # noqa: ARG001
    """Everyone wants a place, most of all those who have one; the price is fixed."""
    if index.everyone.size:
        yield Placed(RULE, index.everyone, UNPLACED)
    estate = index.scenario.estate
    in_use = np.array([estate.is_in_use(cell) for cell in estate.cells], dtype=np.bool_)
    present = index.current >= 0
    housed = index.everyone[present][in_use[index.current[present]]]
    weight = index.scenario.policy.weights.get(GoalId.TIERS, 0)
    if housed.size and weight > 0:
        yield Placed(RULE, housed, Penalty(Tier.PROTECTION, weight))
    planned = index.people_where(lambda person: person.planned_place is not None)
    weight = index.scenario.policy.weights.get(GoalId.LAST_PLAN, 0)
    if planned.size and weight > 0:
        yield Placed(RULE, planned, Penalty(Tier.DEPARTURES, weight))
