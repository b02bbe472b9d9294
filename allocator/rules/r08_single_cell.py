r"""R08: people with high sharing risk, and people who are not yet assessed, are alone in the cell.

.. math:: x_{p,c} = 1 \;\Rightarrow\; x_{q,c} = 0 \quad \forall q \ne p
          \quad \text{for } p \text{ with risk high or no assessment up to the day}

Amount of a breach: 1 per such person in company.

References
----------
.. [1] Cell sharing risk assessment (CSRA), England and Wales; SACRA, European practice.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Alone, Penalty
from allocator.model.vocabulary import SharingRisk

RULE = RuleId.SINGLE_CELL


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Alone]:
    """One `Alone` over everyone who may not share."""
    day = index.scenario.day

    def must_be_alone(person: Person) -> bool:
        assessed_at = person.sharing_assessed_at
        is_assessed = assessed_at is not None and assessed_at <= day
        return person.sharing_risk is SharingRisk.HIGH or not is_assessed

    persons = index.people_where(must_be_alone)
    if persons.size:
        yield Alone(RULE, persons, penalty)
