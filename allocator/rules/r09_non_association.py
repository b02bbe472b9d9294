r"""R09: people with a non-association, and members of rival groups, are kept apart at its level.

For every open non-association and every pair of members of two rival groups, with
:math:`u_L(c)` the unit of cell :math:`c` at level :math:`L`:

.. math:: x_{a,c} + x_{b,d} \le 1 \quad \forall c, d: u_L(c) = u_L(d)

EXERCISE_GROUP forbids a shared group and a shared wing; other levels include the narrower by
nesting. A person in both rival groups is no pair with himself.

Amount of a breach: 1 per pair, once however often and at however many levels it is named.

References
----------
.. [1] hmpps-non-associations-api: restriction types and open non-associations; we add the
   exercise group and the facility.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.scenario import Scenario
from allocator.model.shapes import Apart, Count, Penalty
from allocator.model.vocabulary import Restriction
from allocator.rules._apart import keep_apart, members_by_group

RULE = RuleId.NON_ASSOCIATION


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Apart | Count]:
    """Every named pair at its widest level."""
    yield from keep_apart(index, RULE, penalty, _pairs(index.scenario))


def _pairs(scenario: Scenario) -> Iterator[tuple[str, str, Restriction]]:
    for known in scenario.non_associations:
        if known.is_open:
            yield known.person_a, known.person_b, known.restriction
    members = members_by_group(scenario.keep_apart_memberships)
    for rivalry in scenario.group_rivalries:
        for one in members.get(rivalry.group_a, ()):
            for other in members.get(rivalry.group_b, ()):
                yield one, other, rivalry.restriction
