"""Recorded influence evidence: covert networks, approaches to receptive people, ordinary ties.

Ordinary ties of support are drawn within groups of up to 67 people of one wing, with the
statistics of the only published in-prison network; ties within a VEO-linked network have those
of a published covert network (`allocator.simulate.network`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from numpy.random import Generator

from allocator.model.relations import InfluenceEdge
from allocator.model.vocabulary import EdgeKind, EvidenceBasis, NetworkRole, SourceGrade
from allocator.simulate.network import (
    COVERT_NETWORK,
    PRISON_FRIENDSHIP,
    NetworkTarget,
    generate_network,
)
from allocator.simulate.people import ADULT_AGE, Draft, pick
from allocator.simulate.records import days_ago

NETWORK_SIZE = 8
APPROACHES_PER_SOURCE, COERCED_PER_ENFORCER = 2, 2
EDGE_DAYS = 365
GRADES = (SourceGrade.B, SourceGrade.C, SourceGrade.D)


def name_networks(people: Sequence[Draft], rng: Generator) -> None:
    """Divide leaders, recruiters and followers into networks of about 8, leaders in turn."""
    linked = [p for p in people if p.role in ROLES_IN_NETWORKS]
    count = -(-len(linked) // NETWORK_SIZE)
    shuffled = pick(linked, len(linked), rng)
    for number, person in enumerate(sorted(shuffled, key=lambda p: ROLES_IN_NETWORKS[p.role])):
        person.network = f"network_{number % count + 1}"


ROLES_IN_NETWORKS = {NetworkRole.LEADER: 0, NetworkRole.RECRUITER: 1, NetworkRole.FOLLOWER: 2}


def draw_edges(people: Sequence[Draft], tie_share: float, rng: Generator) -> list[InfluenceEdge]:
    """All recorded influence edges of a scenario."""
    edges: list[InfluenceEdge] = []
    networks: dict[str, list[Draft]] = defaultdict(list)
    for person in people:
        if person.network is not None:
            networks[person.network].append(person)
    for name in sorted(networks):
        for source, target in _arcs(networks[name], COVERT_NETWORK, rng):
            if source.person_id < target.person_id or source.role is NetworkRole.LEADER:
                edges.append(_edge(source, target, _covert_kind(source), rng))
    for source, target in _approaches(people, rng):
        edges.append(_edge(source, target, EdgeKind.RECRUITS, rng))
    for source, target in _coercion(people, rng):
        edges.append(_edge(source, target, EdgeKind.COERCES, rng))
    for group in _wing_groups(people, tie_share, rng):
        for source, target in _arcs(group, PRISON_FRIENDSHIP, rng):
            mentor = source.role is NetworkRole.MENTOR
            kind = EdgeKind.MENTORS if mentor else EdgeKind.SUPPORTS
            edges.append(_edge(source, target, kind, rng))
    return edges


def _arcs(
    people: Sequence[Draft], target: NetworkTarget, rng: Generator
) -> Iterator[tuple[Draft, Draft]]:
    graph = generate_network(len(people), target, rng)
    for a, b in sorted(graph.edges()):
        yield people[a], people[b]


def _covert_kind(source: Draft) -> EdgeKind:
    return EdgeKind.DIRECTS if source.role is NetworkRole.LEADER else EdgeKind.CO_DEFENDANT


def _approaches(people: Sequence[Draft], rng: Generator) -> Iterator[tuple[Draft, Draft]]:
    """Recorded approaches of leaders and recruiters to receptive people of the same wing."""
    receptive: dict[str, list[Draft]] = defaultdict(list)
    for person in people:
        if person.receptive and person.cell is not None:
            receptive[person.cell.wing].append(person)
    for source in people:
        if source.leading and source.cell is not None:
            for target in pick(receptive[source.cell.wing], APPROACHES_PER_SOURCE, rng):
                if target is not source:
                    yield source, target


def _coercion(people: Sequence[Draft], rng: Generator) -> Iterator[tuple[Draft, Draft]]:
    """Recorded coercion by enforcers of people on the same wing."""
    by_wing = _by_wing(people)
    for source in people:
        if source.role is NetworkRole.ENFORCER and source.cell is not None:
            for target in pick(by_wing[source.cell.wing], COERCED_PER_ENFORCER, rng):
                if target is not source:
                    yield source, target


def _by_wing(people: Sequence[Draft]) -> dict[str, list[Draft]]:
    wings: dict[str, list[Draft]] = defaultdict(list)
    for person in people:
        if person.cell is not None and person.age >= ADULT_AGE:
            wings[person.cell.wing].append(person)
    return wings


def _wing_groups(
    people: Sequence[Draft], tie_share: float, rng: Generator
) -> Iterator[list[Draft]]:
    """Ordinary people of a wing, as many as the share says, in groups of at most 67."""
    wings = _by_wing([p for p in people if not p.leading])
    size = PRISON_FRIENDSHIP.people
    for wing in sorted(wings):
        chosen = pick(wings[wing], round(tie_share * len(wings[wing])), rng)
        for start in range(0, len(chosen), size):
            yield chosen[start : start + size]


def _edge(source: Draft, target: Draft, kind: EdgeKind, rng: Generator) -> InfluenceEdge:
    """One piece of evidence, up to ten months old; a few have expired."""
    observed = days_ago(int(rng.integers(3, 300)))
    return InfluenceEdge(
        source.person_id,
        target.person_id,
        kind,
        strength=int(rng.choice((1, 2, 3), p=(0.5, 0.35, 0.15))),
        source_grade=GRADES[int(rng.choice(3, p=(0.4, 0.4, 0.2)))],
        basis=EvidenceBasis.FACT
        if kind is EdgeKind.CO_DEFENDANT or rng.random() < 0.3
        else EvidenceBasis.ASSESSMENT,
        observed_at=observed,
        expires_at=observed + timedelta(days=EDGE_DAYS if rng.random() < 0.95 else 180),
        author="staff_member",
    )
