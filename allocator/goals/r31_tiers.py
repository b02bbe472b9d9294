r"""R31: people with an authority are in a unit of its kind, where the policy uses it.

.. math:: \sum_p w \cdot [K_p \neq \emptyset \wedge K_p \cap uses(c_p) = \emptyset]

with :math:`K_p` the kinds of p's current authorities that record medical considerations and that
the policy uses. Unit: points in tier protection, 0 or w per placed person. The order of the tiers
itself is `policy.tiers`.

References
----------
.. [1] IADSS 2017, on placement by assessed need: we take the preference for the ordered unit and
   leave the choice among units of one kind to the other tiers.
"""

from collections import defaultdict
from collections.abc import Iterator

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.facts import authorities_of
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.person import Person
from allocator.model.scenario import Scenario
from allocator.model.shapes import CellPoints
from allocator.model.vocabulary import Tier, UsedFor

GOAL = GoalId.TIERS


def compile_goal(index: ScenarioIndex, points: InfluencePoints) -> Iterator[CellPoints]:  # noqa: ARG001
    """Points for the people of each set of kinds in all cells without such a use."""
    weight = index.scenario.policy.weights.get(GOAL, 0)
    if weight == 0:
        return
    uses = [index.scenario.estate.uses(cell) for cell in index.scenario.estate.cells]
    for kinds, persons in sorted(_people_by_kinds(index).items(), key=lambda item: item[1]):
        elsewhere = int_array(c for c, used in enumerate(uses) if not used & kinds)
        if elsewhere.size:
            yield CellPoints(GOAL, Tier.PROTECTION, int_array(persons), elsewhere, weight)


def _people_by_kinds(index: ScenarioIndex) -> dict[frozenset[UsedFor], list[int]]:
    """People with the same non-empty set of uses that their authorities order."""
    people: dict[frozenset[UsedFor], list[int]] = defaultdict(list)
    for p, person in enumerate(index.scenario.people):
        kinds = _kinds_ordered(index.scenario, person)
        if kinds:
            people[kinds].append(p)
    return people


def _kinds_ordered(scenario: Scenario, person: Person) -> frozenset[UsedFor]:
    """Uses that the current authorities with medical considerations order, where in policy."""
    return frozenset(
        UsedFor(act.kind.value)
        for act in authorities_of(scenario, person)
        if act.kind in scenario.policy.authorities_used
        and act.is_current(scenario.day)
        and act.has_medical(scenario.day)
    )
