"""The influence graph as it might be: graphs drawn around the record (R41).

What is recorded of an influence may be wrong, and what it is worth rests on assumptions. A draw

- takes each edge for true with the grade weight of its source as probability, and then counts it
  in full; an edge taken for false is not there. On average an edge is worth what its grade says;
- takes one half-life (P8) and one prior tie (P6) for all edges, at random between half and twice
  the policy's, as likely below as above; the prior tie is never below 1. With the default
  parameters these are the sweeps of the planning parameters, 90-360 days and 1-4.

Not drawn: edges with explicit points; findings about people and their strengths (P3, P4, P5, P7);
ties that nobody recorded. Ranges say nothing of those.
"""

from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from allocator.influence.evidence import current_edges
from allocator.influence.people import FloatArray
from allocator.model.index import int_array
from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.shapes import BoolArray, IntArray

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
    half_life_days, prior_tie : shape (n_draws,), P8 and P6.
    """

    belief: FloatArray
    is_there: BoolArray
    half_life_days: IntArray
    prior_tie: FloatArray


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
    )


def draw_graphs(scenario: Scenario, seed: int, count: int = DRAWS) -> EdgeDraws:
    """Graphs drawn around the record; the same for the same edges, parameters and seed."""
    rng = np.random.default_rng([seed, *b"edges"])
    parameters, weight = scenario.policy.influence, _grade_weights(scenario)
    half_life, prior_tie = (2.0 ** rng.uniform(-1, 1, count) for _ in range(2))
    is_there = rng.random((count, len(weight))) < weight
    return EdgeDraws(
        is_there.astype(np.float64),
        is_there,
        np.maximum(1, np.rint(parameters.half_life_days * half_life)).astype(np.int64),
        np.maximum(1.0, parameters.prior_tie * prior_tie),
    )


def _grade_weights(scenario: Scenario) -> FloatArray:
    weight = scenario.policy.influence.grade_weight
    return np.array(
        [weight[edge.source_grade] for edge in uncertain_edges(scenario)], dtype=np.float64
    )
