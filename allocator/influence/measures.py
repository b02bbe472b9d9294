"""Measures of the influence graph for reports; nothing here feeds a solver.

Points stay linear in pairs so that a plan can be checked by hand; these measures help a reader to
see who matters. The graph holds recorded evidence only and says nothing of a prison's climate.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from allocator.influence.graph import InfluenceGraph
from allocator.model.vocabulary import EdgeKind

if TYPE_CHECKING:
    SimpleGraph: TypeAlias = nx.DiGraph[str]
else:
    SimpleGraph = nx.DiGraph

HARMFUL_KINDS = frozenset(EdgeKind) - {EdgeKind.SUPPORTS, EdgeKind.MENTORS}
LARGEST_BROKER_WORK = 5_000_000


def strongest_edges(
    graph: InfluenceGraph, kinds: frozenset[EdgeKind] = HARMFUL_KINDS
) -> SimpleGraph:
    """All people, and one edge for each ordered pair with evidence of the kinds.

    `weight` is the freshness (0-1) of the freshest such evidence.
    """
    simple: SimpleGraph = nx.DiGraph()
    simple.add_nodes_from(graph)
    for source, target, data in graph.edges(data=True):
        if data["kind"] in kinds:
            known = simple.get_edge_data(source, target, {"weight": 0.0})["weight"]
            simple.add_edge(source, target, weight=max(known, data["freshness"]))
    return simple


def out_strength(graph: SimpleGraph) -> Mapping[str, float]:
    r"""Weighted out-strength of each person, 0 to the number of others.

    .. math:: s_i = \sum_j w_{ij}

    References
    ----------
    .. [1] Barrat, Barthélemy, Pastor-Satorras, Vespignani, "The architecture of complex weighted
       networks", PNAS 101 (2004), strength of a vertex; we take outgoing weights only.
    """
    return {person: float(total) for person, total in graph.out_degree(weight="weight")}


def reach(graph: SimpleGraph, steps: int, decay: float) -> Mapping[str, float]:
    r"""People within a number of steps, each step counting less; 0 to the number of others.

    .. math:: r_i = \sum_{j \neq i,\ d(i, j) \le k} \delta^{d(i, j) - 1}

    with :math:`d(i, j)` the fewest steps from i to j along the edges, whatever their weight.

    Parameters
    ----------
    steps : k, at least 1. decay : δ, 0-1; 1 counts the people within reach.

    References
    ----------
    .. [1] M. O. Jackson, "Social and Economic Networks" (2008), section 2.2, decay centrality; we
       follow directed edges, stop after k steps and start at 1 for the first.
    """
    reached = {}
    for person in graph:
        distances = nx.single_source_shortest_path_length(graph, person, cutoff=steps)
        reached[person] = sum((decay ** (d - 1) for d in distances.values() if d > 0), start=0.0)
    return reached


def brokers(graph: SimpleGraph) -> Mapping[str, float] | None:
    r"""Betweenness of each person: the share of shortest paths that pass through, 0-1.

    .. math:: b_i = \frac{1}{(n - 1)(n - 2)}
              \sum_{s \neq i \neq t} \frac{\sigma_{st}(i)}{\sigma_{st}}

    n counts the people with evidence; the others have 0. The work grows with people times edges;
    above 5 million (a few seconds) the answer is None, for a report to say that brokers were not
    computed.

    References
    ----------
    .. [1] L. C. Freeman, "A set of measures of centrality based on betweenness", Sociometry 40
       (1977); U. Brandes, "A faster algorithm for betweenness centrality" (2001), as in networkx.
    """
    linked = graph.subgraph([person for person, degree in graph.degree() if degree])
    if linked.number_of_nodes() * linked.number_of_edges() > LARGEST_BROKER_WORK:
        return None
    found: dict[str, float] = nx.betweenness_centrality(linked)
    return {person: found.get(person, 0.0) for person in graph}
