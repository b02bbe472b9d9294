"""Points of pairs in each of many drawn influence graphs; formulas as in `points`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.influence.draws import EdgeDraws, uncertain_edges
from allocator.influence.evidence import STRONGEST, current_edges
from allocator.influence.people import FloatArray, people_facts
from allocator.influence.points import (
    COERCION_EDGE_SCALE,
    COERCION_KINDS,
    SUPPORT_KINDS,
    TENTHS,
    TIE_KINDS,
    collusion_points,
    role_coercion_points,
    spillover_points,
)
from allocator.influence.rounding import to_points_array
from allocator.model.index import int_array
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import EdgeKind, ExposureKind, NetworkRole


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPairs:
    """Points of the pairs that a draw can change; all other pairs are as recorded.

    Parameters
    ----------
    source, target : shape (n_pairs,), positions of people.
    points : shape (n_draws, n_pairs).
    """

    source: IntArray
    target: IntArray
    points: IntArray


def drawn_points(scenario: Scenario, draws: EdgeDraws) -> Mapping[ExposureKind, DrawnPairs]:
    """Points of every pair that an uncertain edge is between, by kind; explicit points not in."""
    graphs = _Graphs(scenario, draws)
    return {
        ExposureKind.SPILLOVER: _spillover(graphs),
        ExposureKind.COLLUSION: _collusion(graphs),
        ExposureKind.COERCION: _coercion(graphs),
        ExposureKind.SUPPORT: _support(graphs),
    }


class _Graphs:
    """Edges as arrays, and what they come to for pairs of people in each draw."""

    def __init__(self, scenario: Scenario, draws: EdgeDraws) -> None:
        self.draws = draws
        self.facts = people_facts(scenario)
        self.influence = scenario.policy.influence
        edges = uncertain_edges(scenario)
        at = self.facts.position
        self.source = int_array(at[edge.source] for edge in edges)
        self.target = int_array(at[edge.target] for edge in edges)
        self.strength = int_array(edge.strength for edge in edges)
        self.kinds = [edge.kind for edge in edges]
        age_days = np.array([(scenario.day - edge.observed_at).days for edge in edges])
        self.reliability = draws.belief * 0.5 ** (age_days / draws.half_life_days[:, None])
        self.freshness = self.strength / STRONGEST * self.reliability
        given = [edge for edge in current_edges(scenario) if edge.points is not None]
        self.always_linked = {(at[e.source], at[e.target]) for e in given}
        self.always_linked |= {(t, s) for s, t in self.always_linked}

    def among(self, kinds: frozenset[EdgeKind]) -> IntArray:
        """Positions of the edges of some kinds."""
        return np.flatnonzero(np.array([kind in kinds for kind in self.kinds], dtype=np.bool_))

    def ordered(self, edges: IntArray) -> tuple[IntArray, IntArray]:
        """Ordered pairs that edges join, each once."""
        n = self.facts.count
        key: IntArray = np.unique(self.source[edges] * n + self.target[edges])
        return key // n, key % n

    def both_ways(self, edges: IntArray) -> tuple[IntArray, IntArray]:
        """Ordered pairs that edges join either way round, each once."""
        source, target = self.ordered(edges)
        n = self.facts.count
        key: IntArray = np.unique(np.concatenate((source * n + target, target * n + source)))
        return key // n, key % n

    def largest(
        self, values: FloatArray, edges: IntArray, first: IntArray, second: IntArray
    ) -> FloatArray:
        """Largest value of the edges from first to second, 0 without one; (n_draws, n_pairs)."""
        n = self.facts.count
        wanted = first * n + second
        if not wanted.size:
            return np.zeros((len(values), 0), dtype=np.float64)
        keys = self.source[edges] * n + self.target[edges]
        order = np.argsort(wanted)
        place = np.searchsorted(wanted, keys, sorter=order)
        known = np.flatnonzero(wanted[order[np.minimum(place, len(wanted) - 1)]] == keys)
        best = np.zeros((len(wanted), len(values)), dtype=np.float64)
        np.maximum.at(best, order[place[known]], values.T[edges[known]])
        return best.T

    def between(
        self, values: FloatArray, edges: IntArray, first: IntArray, second: IntArray
    ) -> FloatArray:
        """As `largest`, whichever way round the edge is."""
        forth, back = (
            self.largest(values, edges, *pair) for pair in ((first, second), (second, first))
        )
        return np.maximum(forth, back)

    def tie(self, first: IntArray, second: IntArray) -> FloatArray:
        """Multiplier of a prior tie; (n_draws, n_pairs)."""
        fresh = self.between(self.freshness, self.among(TIE_KINDS), first, second)
        return 1 + (self.draws.prior_tie[:, None] - 1) * fresh


def _spillover(graphs: _Graphs) -> DrawnPairs:
    facts, everything = graphs.facts, np.arange(len(graphs.source))
    source, target = graphs.both_ways(everything)
    wanted = (facts.strength[source] > 0) & ~facts.same_network(source, target)
    source, target = source[wanted], target[wanted]
    points = spillover_points(facts, source, target, graphs.tie(source, target))
    linked = graphs.between(graphs.draws.is_there.astype(np.float64), everything, source, target)
    always = [pair in graphs.always_linked for pair in zip(source, target, strict=True)]
    counts = (linked > 0) | facts.in_pool[target] | np.array(always, dtype=np.bool_)
    return DrawnPairs(source, target, np.where(counts, points, 0))


def _collusion(graphs: _Graphs) -> DrawnPairs:
    facts = graphs.facts
    first, second = graphs.both_ways(graphs.among(TIE_KINDS))
    wanted = (
        facts.same_network(first, second)
        & (facts.id_rank[first] < facts.id_rank[second])
        & (facts.strength[first] > 0)
        & (facts.strength[second] > 0)
        & (facts.is_leading[first] | facts.is_leading[second])
    )
    first, second = first[wanted], second[wanted]
    return DrawnPairs(
        first, second, collusion_points(facts, first, second, graphs.tie(first, second))
    )


def _coercion(graphs: _Graphs) -> DrawnPairs:
    facts, edges = graphs.facts, graphs.among(COERCION_KINDS)
    source, target = graphs.ordered(edges)
    enforcer = graphs.influence.role_strength.get(NetworkRole.ENFORCER, 0)
    fresh = graphs.largest(graphs.freshness, edges, source, target)
    of_edges = to_points_array(COERCION_EDGE_SCALE * enforcer * fresh)
    holds = facts.is_enforcer[source] & ~facts.same_network(source, target)
    of_role = np.where(holds, role_coercion_points(facts, source, target), 0)
    return DrawnPairs(source, target, np.maximum(of_edges, of_role))


def _support(graphs: _Graphs) -> DrawnPairs:
    edges = graphs.among(SUPPORT_KINDS)
    source, target = graphs.ordered(edges)
    best = graphs.largest(graphs.strength * graphs.reliability, edges, source, target)
    mentor = graphs.influence.mentor_strength
    return DrawnPairs(source, target, to_points_array(TENTHS * mentor * best))
