"""Exposure points of ordered pairs of people, derived from the records alone.

Each method is one line of the page of rules: `spillover`, `collusion`, `coercion` and `support`
give the points of one pair, 0 for none. Points are integers; halves are rounded up.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import EdgeKind, ExposureKind, FindingKind, Grade, NetworkRole
from allocator.verify.contact import round_half_up
from allocator.verify.people import LEADING, Records

Pair = tuple[str, str]
TIES = frozenset({EdgeKind.DIRECTS, EdgeKind.RECRUITS, EdgeKind.CO_DEFENDANT})
SUPPORTING = frozenset({EdgeKind.SUPPORTS, EdgeKind.MENTORS})
STRONGEST_EDGE = 3


class Points:
    """Points of pairs of people; everyone in the scenario counts, placed or not."""

    def __init__(self, scenario: Scenario, records: Records) -> None:
        self.scenario = scenario
        self.records = records
        self.parameters = scenario.policy.influence
        known = scenario.person_by_id
        self.edges = [
            edge
            for edge in scenario.influence_edges
            if edge.is_current(scenario.day)
            and edge.source != edge.target
            and edge.source in known
            and edge.target in known
        ]

    def spillover(self, source: str, target: str) -> int:
        """Points of a source with a role on a person in the pool, outside the source's network."""
        strength = self.strength_of[source]
        if strength <= 0 or self.share_network(source, target):
            return 0
        if target not in self.pool and (source, target) not in self.linked:
            return 0
        receptivity = self.receptivity_of[target]
        return round_half_up(
            10 * strength * receptivity * self.tie(source, target) * self.new_of[target]
        )

    def collusion(self, one: str, other: str) -> int:
        """Points of two people with roles in one network, one of them leading; by id, once."""
        roles = {self.records.role_of[one], self.records.role_of[other]}
        if not self.share_network(one, other) or LEADING.isdisjoint(roles):
            return 0
        product = self.strength_of[one] * self.strength_of[other]
        return round_half_up(5 * product * self.tie(one, other))

    def coercion(self, source: str, target: str) -> int:
        """Points of an enforcer outside the network, or of recorded coercion; the larger."""
        points = self.coercing.get((source, target), 0)
        if source in self.enforcers and not self.share_network(source, target):
            points = max(points, round_half_up(10 * self.strength_of[source] * self.new_of[target]))
        return points

    def support(self, source: str, target: str) -> int:
        """Points of the strongest supporting evidence from one person to another."""
        return self.supporting.get((source, target), 0)

    def tie(self, one: str, other: str) -> float:
        """Multiplier of a prior tie: 1 without one, up to `prior_tie` for the freshest."""
        freshness = self.tie_freshness.get((one, other))
        return 1.0 if freshness is None else 1.0 + (self.parameters.prior_tie - 1.0) * freshness

    def share_network(self, one: str, other: str) -> bool:
        """True when both are known members of the same network."""
        network = self.records.network_of.get(one)
        return network is not None and network == self.records.network_of.get(other)

    def freshness(self, edge: InfluenceEdge) -> float:
        """Weight of a piece of evidence, 0-1: strength, reliability of the source, age."""
        return edge.strength / STRONGEST_EDGE * self.reliability(edge)

    def reliability(self, edge: InfluenceEdge) -> float:
        """Grade of the source times the half-life decay."""
        age_days = (self.scenario.day - edge.observed_at).days
        decay: float = 0.5 ** (age_days / self.parameters.half_life_days)
        return self.parameters.grade_weight[edge.source_grade] * decay

    @cached_property
    def strength_of(self) -> dict[str, int]:
        """Strength of everyone's role."""
        strength = self.parameters.role_strength
        return {key: strength.get(role, 0) for key, role in self.records.role_of.items()}

    @cached_property
    def receptivity_of(self) -> dict[str, int]:
        """Multiplier of everyone's receptivity."""
        multiplier = self.parameters.receptivity
        return {key: multiplier.get(grade, 0) for key, grade in self.records.receptivity_of.items()}

    @cached_property
    def new_of(self) -> dict[str, float]:
        """Multiplier of newcomers and first-time prisoners, 1 for others."""
        new = self.parameters.newcomer
        return {
            p.person_id: new if p.first_time or self.records.is_newcomer(p) else 1.0
            for p in self.scenario.people
        }

    @cached_property
    def pool(self) -> frozenset[str]:
        """People whose receptivity counts whoever the source is."""
        return frozenset(
            p.person_id
            for p in self.scenario.people
            if self.records.receptivity_of[p.person_id] is not Grade.UNKNOWN
            or self.scenario.has_finding(p.person_id, FindingKind.RECEPTIVITY)
            or self.records.is_newcomer(p)
        )

    @cached_property
    def enforcers(self) -> frozenset[str]:
        """People whose current role is enforcer."""
        roles = self.records.role_of.items()
        return frozenset(key for key, role in roles if role is NetworkRole.ENFORCER)

    @cached_property
    def linked(self) -> frozenset[Pair]:
        """Pairs with any current edge between them, both ways round."""
        ways = {(edge.source, edge.target) for edge in self.edges}
        return frozenset(ways | {(target, source) for source, target in ways})

    @cached_property
    def tie_freshness(self) -> dict[Pair, float]:
        """Largest freshness of the ties of a pair, both ways round."""
        best: defaultdict[Pair, float] = defaultdict(float)
        for edge in self._derived(TIES):
            for pair in ((edge.source, edge.target), (edge.target, edge.source)):
                best[pair] = max(best[pair], self.freshness(edge))
        return dict(best)

    @cached_property
    def coercing(self) -> dict[Pair, int]:
        """Points of recorded coercion."""
        strength = self.parameters.role_strength.get(NetworkRole.ENFORCER, 0)
        edges = self._derived({EdgeKind.COERCES})
        return _largest((e, round_half_up(30 * strength * self.freshness(e))) for e in edges)

    @cached_property
    def supporting(self) -> dict[Pair, int]:
        """Points of recorded support."""
        strength = 10 * self.parameters.mentor_strength
        edges = self._derived(SUPPORTING)
        return _largest(
            (e, round_half_up(strength * e.strength * self.reliability(e))) for e in edges
        )

    @cached_property
    def explicit(self) -> dict[ExposureKind, dict[Pair, int]]:
        """Points given as they are, by kind, added to what is derived."""
        given: dict[ExposureKind, defaultdict[Pair, int]]
        given = {kind: defaultdict(int) for kind in ExposureKind}
        for edge in self.edges:
            if edge.points is not None and edge.points_kind is not None:
                given[edge.points_kind][edge.source, edge.target] += edge.points
        return {kind: dict(pairs) for kind, pairs in given.items()}

    def _derived(self, kinds: Iterable[EdgeKind]) -> list[InfluenceEdge]:
        return [edge for edge in self.edges if edge.points is None and edge.kind in kinds]


def _largest(valued: Iterable[tuple[InfluenceEdge, int]]) -> dict[Pair, int]:
    best: dict[Pair, int] = {}
    for edge, points in valued:
        pair = (edge.source, edge.target)
        best[pair] = max(points, best.get(pair, 0))
    return best
