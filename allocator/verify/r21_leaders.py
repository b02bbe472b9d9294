"""R21: few leaders in a wing; leaders of one network apart."""

from collections import defaultdict
from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, NetworkRole, UnitType
from allocator.verify.caps import Capped, cap_breach, wing_leaders
from allocator.verify.view import View

RULE = RuleId.LEADERS


def check(view: View) -> Iterator[Breach]:
    """Wings over `max_leaders_per_unit`, and units with two leaders of one network."""
    for group in wing_leaders(view):
        yield from cap_breach(RULE, group, group.cap)
    for level in sorted(_network_levels(view)):
        for group in _network_leaders(view, level):
            yield from cap_breach(RULE, group, group.cap)


def _network_levels(view: View) -> set[Level]:
    policy, units = view.policy, view.scenario.estate.units
    levels = set() if policy.network_leaders_apart is None else {policy.network_leaders_apart}
    facilities = sum(unit.unit_type is UnitType.FACILITY for unit in units)
    if policy.network_leaders_facility_apart and facilities > 1:
        levels.add(Level.FACILITY)
    return levels


def _network_leaders(view: View, level: Level) -> Iterator[Capped]:
    """Leaders of each network in each unit of a level; one is allowed."""
    groups: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
    wings: dict[str, str] = {}
    network_of, role_of = view.records.network_of, view.records.role_of
    for person, site in view.placed():
        network, unit_id = network_of.get(person.person_id), site.unit_at.get(level)
        is_leader = role_of[person.person_id] is NetworkRole.LEADER
        if is_leader and network is not None and unit_id is not None:
            groups[unit_id, network].append(person)
            wings[unit_id] = site.unit_at[Level.WING]
    for (unit_id, network), people in groups.items():
        what = f"leaders of network {network}"
        yield Capped(unit_id, wings[unit_id], tuple(people), 1, what)
