r"""R21: few leaders in a wing; leaders of one network apart.

With :math:`L_u` leaders (role leader) and :math:`L_{u,n}` leaders of network :math:`n` in a unit:

.. math:: L_w \le \text{cap} \;\forall \text{ wings } w; \qquad
          L_{u,n} \le 1 \;\forall n, u \text{ of the policy's level}

and at most one leader of a network per facility, if the policy says so and there are several.

Amount of a breach: people over, per unit and limit.

References
----------
.. [1] Policy parameters ``max_leaders_per_unit`` and ``network_leaders_apart``.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.facts import network_of
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import Count, Penalty
from allocator.model.vocabulary import Level, UnitType
from allocator.rules._caps import all_units, leader_caps, leaders
from allocator.rules._common import cap_on

RULE = RuleId.LEADERS


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Count]:
    """The cap per wing, then one count per network and level."""
    for cap in leader_caps(index):
        yield from cap_on(RULE, penalty, cap.persons, cap.level, cap.units, cap.high)
    people = index.scenario.people
    by_network: dict[str, list[int]] = {}
    for person in leaders(index).tolist():
        network = network_of(index.scenario, people[person])
        if network is not None:
            by_network.setdefault(network, []).append(person)
    for level in _levels(index):
        for network in sorted(by_network):
            persons = int_array(by_network[network])
            yield from cap_on(RULE, penalty, persons, level, all_units(index, level), 1)


def _levels(index: ScenarioIndex) -> list[Level]:
    """Levels at which leaders of one network are apart; one named twice counts once."""
    policy, units = index.scenario.policy, index.scenario.estate.units
    several = sum(unit.unit_type is UnitType.FACILITY for unit in units) > 1
    levels = [] if policy.network_leaders_apart is None else [policy.network_leaders_apart]
    if policy.network_leaders_facility_apart and several:
        levels.append(Level.FACILITY)
    return list(dict.fromkeys(levels))
