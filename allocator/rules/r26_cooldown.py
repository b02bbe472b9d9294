r"""R26: no second non-urgent move within the cooldown.

For each person with a present cell :math:`c_p` in use who was last moved :math:`n` days ago:

.. math:: 0 \le n < \text{cooldown} \;\Rightarrow\; x_{p,c} = 0 \quad \forall c \ne c_p

Amount of a breach: 1 per person placed elsewhere.

References
----------
.. [1] Planning parameter P22.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Penalty, Stay

RULE = RuleId.COOLDOWN


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Stay]:
    """One `Stay` over everyone who was moved lately into a cell that can still be used."""
    scenario = index.scenario
    estate, cooldown_days = scenario.estate, scenario.profile.thresholds.cooldown_days

    def must_stay(person: Person) -> bool:
        cell = estate.cell_by_id.get(person.current_place or "")
        if cell is None or person.last_moved_at is None:
            return False
        days = (scenario.day - person.last_moved_at).days
        return 0 <= days < cooldown_days and estate.is_in_use(cell)

    persons = index.people_where(must_stay)
    if persons.size:
        yield Stay(RULE, persons, penalty)
