r"""Exposure of a placement: points of pairs times their contact, by kind.

.. math:: E_k = \sum_{(s,t)} P_k(s, t)\; \kappa(c_s, c_t)

over pairs of people who both have a cell. Only pairs that can have points are looked at, and only
within one facility, or among facilities that something joins.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from allocator.model.scenario import Scenario
from allocator.model.vocabulary import ExposureKind, Level, UnitType
from allocator.verify.contact import Contact
from allocator.verify.people import Records
from allocator.verify.points import Pair, Points
from allocator.verify.sites import Site

Valued = Iterator[tuple[Pair, int]]


def sum_exposure(
    scenario: Scenario, records: Records, site_of: Mapping[str, Site]
) -> dict[ExposureKind, int]:
    """Points times contact by kind; support counted as positive."""
    points, contact = Points(scenario, records), Contact(scenario)
    total = dict.fromkeys(ExposureKind, 0)
    for people in people_in_reach(scenario, site_of):
        for kind, pairs in points_by_kind(points, people).items():
            total[kind] += sum(
                value * contact.between(site_of[one], site_of[other])
                for (one, other), value in pairs
            )
    return total


class PairsOfPeople:
    """Every pair of a scenario that has points, by person: what one person's move may change."""

    def __init__(self, scenario: Scenario, records: Records) -> None:
        self._contact = Contact(scenario)
        self._of: defaultdict[str, list[tuple[ExposureKind, Pair, int]]] = defaultdict(list)
        people = sorted(scenario.person_by_id)
        for kind, pairs in points_by_kind(Points(scenario, records), people).items():
            for pair, value in pairs:
                for person in pair:
                    self._of[person].append((kind, pair, value))

    def sum_of(self, person: str, site_of: Mapping[str, Site]) -> dict[ExposureKind, int]:
        """Points times contact of one person's pairs by kind, as `sum_exposure` counts them."""
        total = dict.fromkeys(ExposureKind, 0)
        for kind, (one, other), value in self._of.get(person, ()):
            if one in site_of and other in site_of:
                total[kind] += value * self._contact.between(site_of[one], site_of[other])
        return total


def points_by_kind(points: Points, people: Sequence[str]) -> Mapping[ExposureKind, Valued]:
    """Pairs among some people that have points, with derived and explicit points apart."""
    here = frozenset(people)
    return {
        ExposureKind.SPILLOVER: _spillover(points, people, here),
        ExposureKind.COLLUSION: _collusion(points, people, here),
        ExposureKind.COERCION: _coercion(points, people, here),
        ExposureKind.SUPPORT: _support(points, here),
    }


def people_in_reach(scenario: Scenario, site_of: Mapping[str, Site]) -> list[list[str]]:
    """People with a cell by facility; together where a setting or contact joins facilities."""
    label = _reach_labels(scenario)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for person_id in sorted(site_of):
        groups[label[site_of[person_id].unit_at[Level.FACILITY]]].append(person_id)
    return list(groups.values())


def _reach_labels(scenario: Scenario) -> dict[str, str]:
    """A label for each facility, the same for those that something joins."""
    estate = scenario.estate
    places = estate.unit_by_id | estate.cell_by_id
    joined = [set(setting.unit_ids) for setting in estate.settings]
    joined += [{entry.place_a, entry.place_b} for entry in estate.contacts]
    label = {u.unit_id: u.unit_id for u in estate.units if u.unit_type is UnitType.FACILITY}
    for ids in joined:
        labels = {label[estate.facility_of(places[i]).unit_id] for i in ids if i in places}
        if len(labels) > 1:
            label = {key: min(labels) if old in labels else old for key, old in label.items()}
    return label


def _spillover(points: Points, people: Sequence[str], here: frozenset[str]) -> Valued:
    sources = [person for person in people if points.strength_of[person] > 0]
    for source, target in product(sources, people):
        value = points.spillover(source, target) if source != target else 0
        if value:
            yield (source, target), value
    yield from _explicit(points, ExposureKind.SPILLOVER, here)


def _collusion(points: Points, people: Sequence[str], here: frozenset[str]) -> Valued:
    networks: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        network = points.records.network_of.get(person)
        if network is not None:
            networks[network].append(person)
    for members in networks.values():
        for one, other in combinations(members, 2):
            value = points.collusion(one, other)
            if value:
                yield (one, other), value
    yield from _explicit(points, ExposureKind.COLLUSION, here)


def _coercion(points: Points, people: Sequence[str], here: frozenset[str]) -> Valued:
    enforcers = [person for person in people if person in points.enforcers]
    for source, target in product(enforcers, people):
        value = points.coercion(source, target) if source != target else 0
        if value:
            yield (source, target), value
    for pair, value in points.coercing.items():
        if pair[0] not in points.enforcers and here.issuperset(pair):
            yield pair, value
    yield from _explicit(points, ExposureKind.COERCION, here)


def _support(points: Points, here: frozenset[str]) -> Valued:
    yield from ((pair, v) for pair, v in points.supporting.items() if here.issuperset(pair))
    yield from _explicit(points, ExposureKind.SUPPORT, here)


def _explicit(points: Points, kind: ExposureKind, here: frozenset[str]) -> Valued:
    yield from ((pair, v) for pair, v in points.explicit[kind].items() if here.issuperset(pair))
