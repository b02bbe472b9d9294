"""What one piece of recorded evidence is worth on the scenario's day."""

from collections.abc import Iterator

from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import EdgeKind

STRONGEST = 3


def current_edges(scenario: Scenario) -> Iterator[InfluenceEdge]:
    """Evidence between two different people of the scenario that is valid on the day."""
    for edge in scenario.influence_edges:
        known = edge.source in scenario.person_by_id and edge.target in scenario.person_by_id
        if known and edge.source != edge.target and edge.is_current(scenario.day):
            yield edge


def computed_edges(scenario: Scenario, kinds: frozenset[EdgeKind]) -> Iterator[InfluenceEdge]:
    """Current evidence of some kinds whose points are computed and not given."""
    return (e for e in current_edges(scenario) if e.points is None and e.kind in kinds)


def reliability(scenario: Scenario, edge: InfluenceEdge) -> float:
    r"""Grade weight times decay, 0-1.

    .. math:: g \cdot 2^{-\text{age} / \text{half life}}

    References
    ----------
    .. [1] Planning parameter P8: a half-life of 180 days by default. An assumption, swept 90-365.
    """
    parameters = scenario.policy.influence
    age_days = (scenario.day - edge.observed_at).days
    decay: float = 0.5 ** (age_days / parameters.half_life_days)
    return parameters.grade_weight[edge.source_grade] * decay


def freshness(scenario: Scenario, edge: InfluenceEdge) -> float:
    """Strength as a share of the strongest, times `reliability`; 0-1."""
    return edge.strength / STRONGEST * reliability(scenario, edge)
