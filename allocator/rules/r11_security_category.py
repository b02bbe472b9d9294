r"""R11: the cell's security category is at least the person's.

With rank 0 for A, the highest, to 3 for D, and the cell's own category before its units':

.. math:: x_{p,c} \le [\text{rank}(c) \le \text{rank}(p)]

A cell without a category takes everyone.

Amount of a breach: 1 per person.

References
----------
.. [1] HMPPS cell-move validation: category of the location against the prisoner's.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Eligible, Penalty
from allocator.model.vocabulary import SecurityCategory
from allocator.rules._common import barred_blocks

RULE = RuleId.SECURITY_CATEGORY
RANK = {category: rank for rank, category in enumerate(SecurityCategory)}
TAKES_EVERYONE = -1


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """One block per category of people that some cell is too low for."""
    estate = index.scenario.estate

    def cell_rank(cell: Cell) -> int:
        found = cell.security_category or estate.inherited(cell, "security_category")
        return TAKES_EVERYONE if found is None else RANK[SecurityCategory(str(found))]

    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "security category above the cell's",
        lambda person: RANK[person.security_category],
        cell_rank,
        lambda person, cell: cell > person,
    )
