"""R21: few leaders in a wing; leaders of one network apart."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, NetworkRole, UnitType
from allocator.verify.caps import Capped, cap_breach, count, wing_leaders
from allocator.verify.view import View

RULE = RuleId.LEADERS


def check(view: View) -> Iterator[Breach]:
    """Wings over `max_leaders_per_unit`, and units with two leaders of one network."""
    for group in wing_leaders(view):
        yield from cap_breach(RULE, group, group.cap)
    for level in sorted(_network_levels(view)):
        for network in sorted(set(_leaders(view).values())):
            for group in _network_leaders(view, level, network):
                yield from cap_breach(RULE, group, group.cap)


def _leaders(view: View) -> dict[str, str]:
    """Network of every leader who has one."""
    role_of = view.records.role_of
    networks = view.records.network_of.items()
    return {key: name for key, name in networks if role_of[key] is NetworkRole.LEADER}


def _network_levels(view: View) -> set[Level]:
    policy, units = view.policy, view.scenario.estate.units
    levels = set() if policy.network_leaders_apart is None else {policy.network_leaders_apart}
    facilities = sum(unit.unit_type is UnitType.FACILITY for unit in units)
    if policy.network_leaders_facility_apart and facilities > 1:
        levels.add(Level.FACILITY)
    return levels


def _network_leaders(view: View, level: Level, network: str) -> Iterator[Capped]:
    network_of = _leaders(view)
    yield from count(
        view,
        level,
        1,
        f"leaders of network {network}",
        lambda person, _: network_of.get(person.person_id) == network,
    )
