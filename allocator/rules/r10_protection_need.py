r"""R10: a person with a protection need is out of reach of the named source of danger.

For every need of :math:`p` from a person, or from each member of a group, :math:`q`, with reach
:math:`L` and :math:`u_L(c)` the unit of cell :math:`c`:

.. math:: x_{p,c} + x_{q,d} \le 1 \quad \forall c, d: u_L(c) = u_L(d)

EXERCISE_GROUP forbids a shared group and a shared wing. A need holds until it is withdrawn: a
review that is due does not end it.

Amount of a breach: 1 per pair, once however many needs name it.

References
----------
.. [1] Rodić and others v Bosnia and Herzegovina, 22893/05: duty to protect from a known danger.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.scenario import Scenario
from allocator.model.shapes import Apart, Count, Penalty
from allocator.model.vocabulary import Restriction
from allocator.rules._apart import keep_apart, members_by_group

RULE = RuleId.PROTECTION_NEED


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Apart | Count]:
    """Every person in need with every source of danger, at the widest reach."""
    yield from keep_apart(index, RULE, penalty, _pairs(index.scenario))


def _pairs(scenario: Scenario) -> Iterator[tuple[str, str, Restriction]]:
    members = members_by_group(scenario.keep_apart_memberships)
    for need in scenario.protection_needs:
        if need.from_person is not None:
            yield need.person_id, need.from_person, need.reach
        for source in members.get(need.from_group or "", ()):
            yield need.person_id, source, need.reach
