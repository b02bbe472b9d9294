r"""R73: a person under a monitoring order is where the order can be carried out.

For each person whose order runs to the day or beyond:

.. math:: x_{p,c} \le [\text{communications monitoring of } c]

with the cell's monitoring inherited from the nearest unit that says.

Amount of a breach: 1 per person.

References
----------
.. [1] US State Department, CT Bureau: lawful monitoring orders; only the order's expiry is stored.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._common import barred_blocks

RULE = RuleId.COMMUNICATIONS


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """Bar people under a current order from cells without monitoring."""
    scenario = index.scenario

    def has_order(person: Person) -> bool:
        until = person.communications_order_until
        return until is not None and until >= scenario.day

    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "people under a monitoring order",
        has_order,
        lambda cell: scenario.estate.inherited(cell, "communications_monitoring") is True,
        lambda ordered, monitored: ordered and not monitored,
    )
