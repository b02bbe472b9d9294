r"""R05: young adults are held apart from older adults.

In each unit :math:`u` of the profile's level, with young adults from adult age to the profile's
last young-adult year and children in neither class:

.. math:: \min(\text{young}_u, \text{older}_u) = 0

Amount of a breach: people of the smaller class, per unit.

References
----------
.. [1] European Prison Rules, 18.8c.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import OneClass, Penalty
from allocator.rules._common import class_rule

RULE = RuleId.YOUNG_ADULTS


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[OneClass]:
    """The class rule at the profile's level."""
    thresholds = index.scenario.profile.thresholds

    def class_of(person: Person) -> int | None:
        if person.age_years < thresholds.adult_age_years:
            return None
        return int(person.age_years > thresholds.young_adult_until_years)

    yield from class_rule(index, RULE, penalty, thresholds.young_adult_level, class_of)
