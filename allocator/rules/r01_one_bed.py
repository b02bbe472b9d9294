r"""R01: each person has exactly one place, or is named as unplaced.

.. math:: \sum_{c} x_{p,c} + u_p = 1 \qquad \text{points: } \sum_p u_p

Amount of a breach: 1 per unplaced person, always 1 point in tier *unplaced*, whatever the
setting of the rule.

References
----------
.. [1] Nelson Mandela Rules, rule 12; European Prison Rules, 18.5.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Penalty, Placed
from allocator.model.vocabulary import Tier

RULE = RuleId.ONE_BED
UNPLACED = Penalty(Tier.UNPLACED, 1)


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Placed]:  # noqa: ARG001
    """Everyone wants a place; the price is fixed."""
    if index.everyone.size:
        yield Placed(RULE, index.everyone, UNPLACED)
