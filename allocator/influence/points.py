"""Integer points of ordered pairs of people, per kind of exposure.

The formulas are those of docs/rules.md, "Points of ordered pairs". Points say how much is at stake
if two people share a setting; contact weights say how closely they share it.

References
----------
.. [1] Planning parameters P3-P8: role strength, mentor strength, receptivity, prior tie, newcomer
   window and decay. All are assumptions with sweeps; only their order and direction rest on
   studies of prisons.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from allocator.influence.evidence import computed_edges, current_edges, freshness, reliability
from allocator.influence.pairs import (
    PairTable,
    all_pairs,
    joined,
    largest,
    look_up,
    summed,
)
from allocator.influence.people import FloatArray, PeopleFacts, linked_pairs, people_facts
from allocator.influence.rounding import to_points, to_points_array
from allocator.model.index import int_array
from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import EdgeKind, ExposureKind, NetworkRole

TIE_KINDS = frozenset({EdgeKind.DIRECTS, EdgeKind.RECRUITS, EdgeKind.CO_DEFENDANT})
SUPPORT_KINDS = frozenset({EdgeKind.SUPPORTS, EdgeKind.MENTORS})
COERCION_KINDS = frozenset({EdgeKind.COERCES})

TENTHS = 10
COLLUSION_SCALE = 5
COERCION_EDGE_SCALE = 30


@dataclass(frozen=True, slots=True, eq=False)
class InfluencePoints:
    """A `PairTable` for each `ExposureKind`; positions are those of `scenario.people`."""

    by_kind: Mapping[ExposureKind, PairTable]

    def of(self, kind: ExposureKind) -> PairTable:
        """Points of one kind; support is positive here and subtracted by its goal."""
        return self.by_kind[kind]


def influence_points(scenario: Scenario) -> InfluencePoints:
    """Points of all kinds, explicit ones included; everyone counts, placed or not."""
    facts = people_facts(scenario)
    ties = Ties(scenario, facts)
    computed = {
        ExposureKind.SPILLOVER: spillover(scenario, facts, ties),
        ExposureKind.COLLUSION: collusion(facts, ties),
        ExposureKind.COERCION: coercion(scenario, facts),
        ExposureKind.SUPPORT: support(scenario, facts),
    }
    merged = {}
    for kind, table in computed.items():
        given = explicit(scenario, facts, kind)
        merged[kind] = summed(joined((table, given))) if len(given) else table
    return InfluencePoints(merged)


class Ties:
    r"""Prior ties between people, either direction.

    .. math:: tie(s, t) = 1 + (\text{prior tie} - 1) \cdot \max_e freshness(e)
    """

    def __init__(self, scenario: Scenario, facts: PeopleFacts) -> None:
        self._gain = scenario.policy.influence.prior_tie - 1
        self._count = facts.count
        self._freshest: dict[tuple[int, int], float] = {}
        for edge in computed_edges(scenario, TIE_KINDS):
            s, t = facts.position[edge.source], facts.position[edge.target]
            fresh = freshness(scenario, edge)
            for pair in ((s, t), (t, s)):
                self._freshest[pair] = max(fresh, self._freshest.get(pair, 0.0))

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """Multiplier of each pair, 1 without a tie."""
        return 1 + self._gain * look_up(self._freshest, first, second, self._count)


def spillover(scenario: Scenario, facts: PeopleFacts, ties: Ties) -> PairTable:
    r"""Influence of a person with a role on a person in the pool, not of one network.

    .. math:: 10 \cdot strength(s) \cdot receptivity(t) \cdot tie(s, t) \cdot new(t)
    """
    source, target = all_pairs(np.flatnonzero(facts.strength > 0), np.flatnonzero(facts.in_pool))
    linked_source, linked_target = linked_pairs(scenario, facts)
    joins = (facts.strength[linked_source] > 0) & ~facts.in_pool[linked_target]
    source = np.concatenate([source, linked_source[joins]])
    target = np.concatenate([target, linked_target[joins]])
    apart = ~facts.same_network(source, target)
    source, target = source[apart], target[apart]
    points = spillover_points(facts, source, target, ties.between(source, target))
    return summed(PairTable(source, target, points))


def spillover_points(
    facts: PeopleFacts, source: IntArray, target: IntArray, tie: FloatArray
) -> IntArray:
    """The formula of `spillover`; `tie` has one value a pair, with any dimensions before it."""
    strength, multiplier = facts.strength[source], facts.multiplier[target]
    return to_points_array(TENTHS * strength * multiplier * tie * facts.newness[target])


def collusion(facts: PeopleFacts, ties: Ties) -> PairTable:
    r"""Two people with roles in one network, at least one of them leading, a before b by id.

    .. math:: 5 \cdot strength(a) \cdot strength(b) \cdot tie(a, b)
    """
    first, second = _pairs_within_networks(facts)
    leads = facts.is_leading[first] | facts.is_leading[second]
    first, second = first[leads], second[leads]
    points = collusion_points(facts, first, second, ties.between(first, second))
    return summed(PairTable(first, second, points))


def collusion_points(
    facts: PeopleFacts, first: IntArray, second: IntArray, tie: FloatArray
) -> IntArray:
    """The formula of `collusion`; `tie` as in `spillover_points`."""
    strengths = facts.strength[first] * facts.strength[second]
    return to_points_array(COLLUSION_SCALE * strengths * tie)


def _pairs_within_networks(facts: PeopleFacts) -> tuple[IntArray, IntArray]:
    firsts, seconds = [int_array(())], [int_array(())]
    by_id = np.argsort(facts.id_rank)
    active = by_id[(facts.strength[by_id] > 0) & (facts.network[by_id] >= 0)]
    for network in np.unique(facts.network[active]):
        members = active[facts.network[active] == network]
        upper, lower = np.triu_indices(len(members), k=1)
        firsts.append(members[upper])
        seconds.append(members[lower])
    return np.concatenate(firsts), np.concatenate(seconds)


def coercion(scenario: Scenario, facts: PeopleFacts) -> PairTable:
    r"""Enforcers over everyone outside their network, and recorded coercion; the larger.

    .. math:: 10 \cdot strength(s) \cdot new(t), \qquad 30 \cdot strength(enforcer) \cdot freshness
    """
    source, target = all_pairs(np.flatnonzero(facts.is_enforcer), np.arange(facts.count))
    apart = ~facts.same_network(source, target)
    source, target = source[apart], target[apart]
    of_role = PairTable(source, target, role_coercion_points(facts, source, target))
    enforcer = scenario.policy.influence.role_strength.get(NetworkRole.ENFORCER, 0)
    of_edges = _edge_table(
        facts,
        (
            (edge, to_points(COERCION_EDGE_SCALE * enforcer * freshness(scenario, edge)))
            for edge in computed_edges(scenario, COERCION_KINDS)
        ),
    )
    return largest(joined((of_role, of_edges)))


def role_coercion_points(facts: PeopleFacts, source: IntArray, target: IntArray) -> IntArray:
    """What an enforcer's role is worth in `coercion`."""
    return to_points_array(TENTHS * facts.strength[source] * facts.newness[target])


def support(scenario: Scenario, facts: PeopleFacts) -> PairTable:
    r"""Recorded support or mentoring; the largest over the evidence of a pair.

    .. math:: 10 \cdot \text{mentor strength} \cdot strength(e) \cdot reliability(e)
    """
    mentor = scenario.policy.influence.mentor_strength
    table = _edge_table(
        facts,
        (
            (edge, to_points(TENTHS * mentor * edge.strength * reliability(scenario, edge)))
            for edge in computed_edges(scenario, SUPPORT_KINDS)
        ),
    )
    return largest(table)


def explicit(scenario: Scenario, facts: PeopleFacts, kind: ExposureKind) -> PairTable:
    """Points given with the evidence, taken as they are; not merged."""
    return _edge_table(
        facts,
        (
            (edge, edge.points)
            for edge in current_edges(scenario)
            if edge.points is not None and edge.points_kind is kind
        ),
    )


def _edge_table(facts: PeopleFacts, entries: Iterator[tuple[InfluenceEdge, int]]) -> PairTable:
    rows = [(facts.position[e.source], facts.position[e.target], points) for e, points in entries]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return PairTable(table[:, 0], table[:, 1], table[:, 2])
