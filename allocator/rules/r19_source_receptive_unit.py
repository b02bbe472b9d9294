r"""R19: leaders and recruiters are kept off the unit of receptive people.

In each unit :math:`u` of the policy's level, if it names one, with people of recorded moderate or
high receptivity (newcomers of unknown receptivity are R18's):

.. math:: \min(\text{leading}_u, \text{receptive}_u) = 0

A person who is both counts as leading.

Amount of a breach: people of the smaller class, per unit.

References
----------
.. [1] Policy parameter ``sources_receptive_apart``; the wider form of R18.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.facts import is_leading, is_receptive
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import OneClass, Penalty
from allocator.rules._common import class_rule

RULE = RuleId.SOURCE_RECEPTIVE_UNIT
LEADING, RECEPTIVE = 0, 1


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[OneClass]:
    """The class rule at the policy's level."""
    scenario = index.scenario
    level = scenario.policy.sources_receptive_apart
    if level is None:
        return

    def class_of(person: Person) -> int | None:
        if is_leading(scenario, person):
            return LEADING
        return RECEPTIVE if is_receptive(scenario, person) else None

    yield from class_rule(index, RULE, penalty, level, class_of)
