"""Groups of people that a policy cap limits, so that R20, R21, R22 and R72 count the same heads."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, NetworkRole, UsedFor
from allocator.verify.people import has_veo, has_veo_by_law
from allocator.verify.sites import Site
from allocator.verify.view import View, ids_of

SMALL_GROUP_USES = frozenset({UsedFor.ASSESSMENT, UsedFor.INTERVENTION, UsedFor.SEPARATION})
Counted = Callable[[Person, Site], bool]


@dataclass(frozen=True, slots=True)
class Capped:
    """People counted in one unit, and how many are allowed.

    `wing` : id of the wing that the unit lies in. `what` : who is counted, in the plural.
    """

    place: str
    wing: str
    people: tuple[Person, ...]
    cap: int
    what: str


def cap_breach(
    rule: RuleId, group: Capped, cap: int, *, triangular: bool = False
) -> Iterator[Breach]:
    """One breach when a group is larger than a cap; amount k or k(k + 1)/2 for k over it."""
    over = len(group.people) - cap
    if over > 0:
        words = f"{group.place} holds {len(group.people)} {group.what}; {cap} allowed"
        amount = over * (over + 1) // 2 if triangular else over
        yield Breach(rule, ids_of(group.people), group.place, amount, words)


def count(view: View, level: Level, cap: int, what: str, counted: Counted) -> Iterator[Capped]:
    """People counted in each unit of a level; units with none of them are left out."""
    units: defaultdict[str, list[Person]] = defaultdict(list)
    wings: dict[str, str] = {}
    for person, site in view.placed():
        unit_id = site.unit_at.get(level)
        if unit_id is not None and counted(person, site):
            units[unit_id].append(person)
            wings[unit_id] = site.unit_at[Level.WING]
    for unit_id, people in units.items():
        yield Capped(unit_id, wings[unit_id], tuple(people), cap, what)


def dedicated_units(view: View) -> frozenset[str]:
    """Dedicated units that are in use as such; none when the policy does not use them."""
    return view.scenario.dedicated_units if view.policy.dedicated_units_used else frozenset()


def dedicated_wings(view: View) -> frozenset[str]:
    """Wings with a dedicated unit in them or above them, and those that are one."""
    estate, dedicated = view.scenario.estate, dedicated_units(view)
    above = {
        unit.unit_id
        for unit_id in dedicated
        if unit_id in estate.unit_by_id
        for unit in estate.ancestors(estate.unit_by_id[unit_id])
    }
    wings = {site.unit_at[Level.WING] for site in view.sites.values()}
    return frozenset(w for w in wings if w in above or _is_within(view, w, dedicated))


def _is_within(view: View, unit_id: str, others: frozenset[str]) -> bool:
    estate = view.scenario.estate
    ids = {unit_id} | {unit.unit_id for unit in estate.ancestors(estate.unit_by_id[unit_id])}
    return not ids.isdisjoint(others)


def _mixed(view: View, level: Level) -> set[str]:
    """Units with a cell that is not used for assessment, intervention or separation."""
    return {
        site.unit_at[level]
        for site in view.sites.values()
        if SMALL_GROUP_USES.isdisjoint(site.uses)
    }


def small_groups(view: View) -> Iterator[Capped]:
    """R20: people per wholly restrictive landing, and VEO by law per dedicated landing."""
    cap, dedicated = view.policy.unit_group_cap, dedicated_units(view)
    if cap is None:
        return
    mixed = _mixed(view, Level.LANDING)
    yield from count(
        view,
        Level.LANDING,
        cap,
        "people in assessment, intervention or separation",
        lambda _, site: site.unit_at[Level.LANDING] not in mixed,
    )
    yield from count(
        view,
        Level.LANDING,
        cap,
        "people with VEO by law in a dedicated unit",
        lambda person, site: has_veo_by_law(person) and site.is_under(dedicated),
    )


def wing_leaders(view: View) -> Iterator[Capped]:
    """R21: leaders per wing."""
    cap, role_of = view.policy.max_leaders_per_unit, view.records.role_of
    if cap is not None:
        yield from count(
            view,
            Level.WING,
            cap,
            "leaders",
            lambda person, _: role_of[person.person_id] is NetworkRole.LEADER,
        )


def wing_veo(view: View) -> Iterator[Capped]:
    """R22: people with VEO status per wing; dedicated and wholly restrictive wings apart."""
    cap, wings = view.policy.max_veo_per_wing, {s.unit_at[Level.WING] for s in view.sites.values()}
    exempt = dedicated_wings(view) | (wings - _mixed(view, Level.WING))
    if cap is not None:
        yield from count(
            view,
            Level.WING,
            cap,
            "people with VEO status",
            lambda person, site: has_veo(person) and site.unit_at[Level.WING] not in exempt,
        )
