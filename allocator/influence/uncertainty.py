"""The influence graph as it might be: points of pairs in graphs drawn around the record (R41).

What is recorded of an influence may be wrong, and what it is worth rests on assumptions. A draw

- takes each edge for true with the grade weight of its source as probability, and then counts it
  in full; an edge taken for false is not there. On average an edge is worth what its grade says;
- takes one half-life (P8) and one prior tie (P6) for all edges, at random between half and twice
  the policy's, as likely below as above; the prior tie is never below 1;
- takes one mentor strength (P4) from 0 to twice the policy's, each integer as likely.

With the default parameters these are the sweeps of the planning parameters: 90-360 days, 1-4, 0-4.
Not drawn: edges with explicit points, findings about people (roles, receptivity) with P3, P5 and P7,
and ties that nobody recorded. Ranges say nothing of those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from allocator.influence.evidence import STRONGEST, current_edges
from allocator.influence.people import FloatArray, PeopleFacts, people_facts
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
from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import EdgeKind, ExposureKind, NetworkRole

DRAWS = 200
SORTED_BY = attrgetter(
    "source", "target", "kind", "observed_at", "expires_at", "source_grade", "strength", "basis"
)


@dataclass(frozen=True, slots=True, eq=False)
class EdgeDraws:
    """Graphs around the record, one a row; edges in the order of `uncertain_edges`.

    Parameters
    ----------
    belief : shape (n_draws, n_edges), 0-1, what stands in for the grade weight.
    is_there : shape (n_draws, n_edges), whether the edge counts as a link at all.
    half_life_days, prior_tie, mentor_strength : shape (n_draws,), P8, P6 and P4.
    """

    belief: FloatArray
    is_there: BoolArray
    half_life_days: IntArray
    prior_tie: FloatArray
    mentor_strength: IntArray


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


def uncertain_edges(scenario: Scenario) -> tuple[InfluenceEdge, ...]:
    """Current edges without explicit points, in an order that the tables' rows do not decide."""
    return tuple(sorted((e for e in current_edges(scenario) if e.points is None), key=SORTED_BY))


def recorded_graph(scenario: Scenario) -> EdgeDraws:
    """The record itself, as one draw."""
    parameters = scenario.policy.influence
    belief = _grade_weights(scenario)[None, :]
    return EdgeDraws(
        belief,
        np.ones(belief.shape, dtype=np.bool_),
        int_array([parameters.half_life_days]),
        np.array([parameters.prior_tie], dtype=np.float64),
        int_array([parameters.mentor_strength]),
    )


def draw_graphs(scenario: Scenario, seed: int, count: int = DRAWS) -> EdgeDraws:
    """Graphs drawn around the record; the same for the same edges, parameters and seed."""
    rng = np.random.default_rng([seed, *b"edges"])
    parameters, weight = scenario.policy.influence, _grade_weights(scenario)
    half_life, prior_tie = (2.0 ** rng.uniform(-1, 1, count) for _ in range(2))
    mentor = rng.integers(0, 2 * parameters.mentor_strength, count, endpoint=True)
    is_there: BoolArray = rng.random((count, len(weight))) < weight
    return EdgeDraws(
        is_there.astype(np.float64),
        is_there,
        np.maximum(1, np.rint(parameters.half_life_days * half_life)).astype(np.int64),
        np.maximum(1.0, parameters.prior_tie * prior_tie),
        mentor.astype(np.int64),
    )


def drawn_points(scenario: Scenario, draws: EdgeDraws) -> Mapping[ExposureKind, DrawnPairs]:
    """Points of every pair that an uncertain edge is between, by kind; explicit points not in."""
    graphs = _Graphs(scenario, draws)
    return {
        ExposureKind.SPILLOVER: _spillover(graphs),
        ExposureKind.COLLUSION: _collusion(graphs),
        ExposureKind.COERCION: _coercion(graphs),
        ExposureKind.SUPPORT: _support(graphs),
    }


def _grade_weights(scenario: Scenario) -> FloatArray:
    weight = scenario.policy.influence.grade_weight
    return np.array(
        [weight[edge.source_grade] for edge in uncertain_edges(scenario)], dtype=np.float64
    )


class _Graphs:
    """Edges as arrays, and what they come to for pairs of people in each draw."""

    def __init__(self, scenario: Scenario, draws: EdgeDraws) -> None:
        self.draws = draws
        self.facts: PeopleFacts = people_facts(scenario)
        self.influence = scenario.policy.influence
        edges = uncertain_edges(scenario)
        at = self.facts.position
        self.source = int_array(at[edge.source] for edge in edges)
        self.target = int_array(at[edge.target] for edge in edges)
        self.strength = int_array(edge.strength for edge in edges)
        self.kinds: Sequence[EdgeKind] = [edge.kind for edge in edges]
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
    mentor = graphs.draws.mentor_strength[:, None]
    return DrawnPairs(source, target, to_points_array(TENTHS * mentor * best))
