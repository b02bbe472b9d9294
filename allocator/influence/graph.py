"""The influence graph: people, and an edge for each current piece of evidence."""

from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from allocator.influence.evidence import current_edges, freshness
from allocator.model.scenario import Scenario

if TYPE_CHECKING:
    InfluenceGraph: TypeAlias = nx.MultiDiGraph[str]
else:
    InfluenceGraph = nx.MultiDiGraph


def influence_graph(scenario: Scenario) -> InfluenceGraph:
    """Everyone as nodes, current evidence as parallel directed edges.

    Nothing is learned or inferred: an edge is a record that a named author made. Attributes of an
    edge: `kind`, `strength` (1-3), `grade`, `basis`, `observed`, `expires`, `author`, `freshness`
    (0-1, see `allocator.influence.evidence`), and `points` with `points_kind` where given.
    """
    graph: InfluenceGraph = nx.MultiDiGraph()
    graph.add_nodes_from(person.person_id for person in scenario.people)
    for edge in current_edges(scenario):
        graph.add_edge(
            edge.source,
            edge.target,
            kind=edge.kind,
            strength=edge.strength,
            grade=edge.source_grade,
            basis=edge.basis,
            observed=edge.observed_at,
            expires=edge.expires_at,
            author=edge.author,
            freshness=freshness(scenario, edge),
            points=edge.points,
            points_kind=edge.points_kind,
        )
    return graph
