r"""R71: first-time prisoners are not celled with leaders, recruiters or enforcers.

In each cell, one class at a time of first-time prisoners and holders of such a role; a first-time
prisoner who holds one counts as holding it:

.. math:: \min(\text{first time}_c, \text{holders}_c) = 0

Preference: a first-time newcomer in a cell used for ``first_night`` earns the programme's weight,

.. math:: -w_{R37} \sum_{p \text{ new}} \sum_{c \text{ first night}} x_{p,c}
          \quad \text{in tier preferences}

Amount of a breach: people of the smaller class, per cell.

References
----------
.. [1] Council of Europe, Skopje conclusions 2018, on first-time prisoners.
"""

from collections.abc import Iterator

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.facts import is_newcomer, role_of
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import CellPoints, OneClass, Penalty
from allocator.model.vocabulary import Level, NetworkRole, Tier, UsedFor
from allocator.rules._common import class_rule

RULE = RuleId.FIRST_TIME
ROLES = frozenset({NetworkRole.LEADER, NetworkRole.RECRUITER, NetworkRole.ENFORCER})
FIRST, HOLDER = 0, 1


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[OneClass | CellPoints]:
    """The class rule, then the preference for first-night cells."""
    scenario = index.scenario

    def class_of(person: Person) -> int | None:
        if role_of(scenario, person) in ROLES:
            return HOLDER
        return FIRST if person.first_time else None

    yield from class_rule(index, RULE, penalty, Level.CELL, class_of)
    weight = scenario.policy.weights.get(GoalId.PROGRAMME, 0)
    persons = index.people_where(lambda p: p.first_time and is_newcomer(scenario, p))
    cells = index.cells_where(lambda c: UsedFor.FIRST_NIGHT in scenario.estate.uses(c))
    if weight and persons.size and cells.size:
        yield CellPoints(RULE, Tier.PREFERENCES, persons, cells, -weight)
