r"""R20: groups in assessment, intervention, separation and dedicated units stay small.

With the policy's cap :math:`g` and :math:`N_u` people in a landing :math:`u`:

.. math:: N_u \le g \text{ where all cells of } u \text{ are so used}; \qquad
          N_u^{\text{VEO by law}} \le g \text{ where } u \text{ is under a dedicated unit}

The second part applies when the policy uses dedicated units.

Amount of a breach: people over the cap, per landing and limit.

References
----------
.. [1] Inspectie Justitie en Veiligheid, 2019: terrorist units in small groups; PI Vught practice.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Count, Penalty
from allocator.rules._caps import landing_caps
from allocator.rules._common import cap_on

RULE = RuleId.UNIT_GROUP_CAP


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Count]:
    """One count per kind of landing."""
    for cap in landing_caps(index):
        yield from cap_on(RULE, penalty, cap.persons, cap.level, cap.units, cap.high)
