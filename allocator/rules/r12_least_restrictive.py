r"""R12: a unit is no more severe than the person's authority permits.

In a cell of regime level :math:`r` above the ordinary ceiling, for people with a current authority
:math:`a` of a kind :math:`k(a)` among the cell's uses :math:`K_c`:

.. math:: x_{p,c} \le \left[\max_{a \text{ current},\, k(a) \in K_c} \text{level}(a) \ge r\right]

Amount of a breach: 1 per person.

References
----------
.. [1] European Prison Rules, 18.10 and 51.4: least restrictive arrangements.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Authority
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._regime import barred_by_authority

RULE = RuleId.LEAST_RESTRICTIVE
NOT_CURRENT = -1


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """Bar people whose current authorities of the cell's kinds all stop short of its regime."""
    day = index.scenario.day

    def level_now(authority: Authority) -> int:
        return authority.regime_level if authority.is_current(day) else NOT_CURRENT

    yield from barred_by_authority(
        index,
        RULE,
        penalty,
        "authority for a less severe regime",
        level_now,
        lambda regime, levels: NOT_CURRENT < max(levels, default=NOT_CURRENT) < regime.level,
    )
