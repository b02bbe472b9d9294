r"""R24: a frozen person stays in the present cell.

For each person with a current freeze, or who is out at court or hospital, with present cell
:math:`c_p`:

.. math:: x_{p,c} = 0 \quad \forall c \ne c_p

Amount of a breach: 1 per person placed elsewhere.

References
----------
.. [1] Medical, court and examination holds; the bed of a person who is out is kept.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Penalty, Stay

RULE = RuleId.FROZEN


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Stay]:
    """One `Stay` over everyone who is frozen in a cell."""
    scenario = index.scenario
    frozen = {freeze.person_id for freeze in scenario.freezes if freeze.is_current(scenario.day)}
    held = index.people_where(lambda person: person.out or person.person_id in frozen)
    persons = held[index.current[held] >= 0]
    if persons.size:
        yield Stay(RULE, persons, penalty)
