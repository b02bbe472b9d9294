r"""R07: whoever has been below the hard floor for the longest time allowed gets a cell with space.

With consecutive days :math:`d_p` below the floor :math:`s`, the limit :math:`D`, known area
:math:`A_c` and effective capacity :math:`e_c`:

.. math:: d_p \ge D \;\Rightarrow\; x_{p,c} = 0 \text{ where } A_c / \max(e_c, 1) < s

Amount of a breach: 1 per person.

References
----------
.. [1] Muršić v Croatia [GC], 7334/13: 27 consecutive days below 3 m² were a violation.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._common import barred_blocks

RULE = RuleId.SPACE_DAYS


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """People at the limit may be in no cell that is below the floor when full."""
    estate = index.scenario.estate
    thresholds = index.scenario.profile.thresholds

    def is_cramped(cell: Cell) -> bool:
        places = max(estate.effective_capacity(cell), 1)
        return cell.area_m2 is not None and cell.area_m2 / places < thresholds.space_floor_hard_m2

    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "people at the day limit below the space floor",
        lambda person: person.days_below_hard_floor >= thresholds.max_days_below_hard_floor,
        is_cramped,
        lambda at_limit, cramped: at_limit and cramped,
    )
