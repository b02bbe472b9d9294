"""Random networks with the degrees, reciprocity, clustering and core of observed ones.

A degree sequence with the target's mean, spread and maximum is drawn and realised as a simple
graph; degree-preserving double edge swaps then move its transitivity to the target; last, a share
of the ties is made mutual and the others get one direction.

Only summary statistics of the observed networks are stored here, no edges.

References
----------
.. [1] MacRae, D. (1960). Direct factor analysis of sociometric data. Sociometry 23, 360-371:
   friendship choices of 67 men in one prison (data of J. Gagnon). Ordinary ties.
.. [2] Rhodes, C. J. and Jones, P. (2009). Inferring missing links in partially observed social
   networks. Journal of the Operational Research Society 60, 1373-1383: a covert network of 22.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
from numpy.random import Generator
from scipy.special import ndtri

SWAPS_PER_TIE = 10
CLOSING_SWAPS_PER_TIE = 200
DEGREE_DRAWS, DENSEST = 10, 0.7


@dataclass(frozen=True, slots=True)
class NetworkTarget:
    """Statistics to reproduce; degrees are those of the undirected network.

    Parameters
    ----------
    people : size of the observed network.
    mean_degree, degree_sd, max_degree : undirected degrees.
    reciprocity : share of arcs that are returned, 0-1.
    transitivity : 3 x triangles / connected triples, 0-1.
    core : largest k for which there is a k-core.
    """

    people: int
    mean_degree: float
    degree_sd: float
    max_degree: int
    reciprocity: float
    transitivity: float
    core: int


PRISON_FRIENDSHIP = NetworkTarget(67, 4.2388, 2.0739, 11, 0.4396, 0.2881, 4)
COVERT_NETWORK = NetworkTarget(22, 6.0, 3.5803, 14, 1.0, 0.5287, 5)


def describe(graph: "nx.DiGraph[Any]") -> dict[str, float]:
    """Statistics of a directed network under the names of `NetworkTarget`."""
    ties = graph.to_undirected()
    degrees = [degree for _, degree in ties.degree()]
    return {
        "people": len(degrees),
        "mean_degree": float(np.mean(degrees)),
        "degree_sd": float(np.std(degrees)),
        "max_degree": max(degrees),
        "reciprocity": float(nx.overall_reciprocity(graph)),
        "transitivity": float(nx.transitivity(ties)),
        "core": max(nx.core_number(ties).values()),
    }


def generate_network(people: int, target: NetworkTarget, rng: Generator) -> "nx.DiGraph[int]":
    """A directed network on nodes 0 to `people` - 1 with the target's statistics.

    Smaller groups than the observed one keep its mean degree as long as there are enough others.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(people))
    if people < 2:
        return graph
    ties = _realise(_draw_degrees(people, target, rng), rng)
    _close_triads(ties, target.transitivity, rng)
    pairs = sorted((min(a, b), max(a, b)) for a, b in ties.edges())
    mutual = round(target.reciprocity * len(pairs) / (2 - target.reciprocity))
    order = rng.permutation(len(pairs))
    for rank, k in enumerate(order):
        a, b = pairs[k]
        if rank < mutual:
            graph.add_edges_from(((a, b), (b, a)))
        else:
            graph.add_edge(*((a, b) if rng.random() < 0.5 else (b, a)))
    return graph


def _draw_degrees(people: int, target: NetworkTarget, rng: Generator) -> list[int]:
    """The draw, of several, whose spread relative to the mean is nearest to the target's."""
    wanted = target.degree_sd / target.mean_degree
    draws = [_draw_once(people, target, rng) for _ in range(DEGREE_DRAWS)]
    return min(draws, key=lambda degrees: abs(np.std(degrees) / np.mean(degrees) - wanted))


def _draw_once(people: int, target: NetworkTarget, rng: Generator) -> list[int]:
    """Log-normal degrees with the target's moments, at least 1, mended until graphical."""
    highest = min(target.max_degree, people - 1)
    mean = min(target.mean_degree, DENSEST * (people - 1))
    variance = np.log(1 + (target.degree_sd / target.mean_degree) ** 2)
    strata = (rng.permutation(people) + rng.random(people)) / people
    drawn = np.exp(ndtri(strata) * np.sqrt(variance) + (np.log(mean) - variance / 2))
    degrees = [int(degree) for degree in np.clip(np.rint(drawn), 1, highest)]
    total = max(2 * round(people * mean / 2), people + people % 2)
    while sum(degrees) != total:
        step = 1 if sum(degrees) < total else -1
        movable = [i for i, degree in enumerate(degrees) if 1 <= degree + step <= highest]
        degrees[int(rng.choice(movable))] += step
    while not nx.is_graphical(degrees):
        degrees[int(np.argmax(degrees))] -= 1
        degrees[int(np.argmin(degrees))] += 1
    return degrees


def _realise(degrees: list[int], rng: Generator) -> "nx.Graph[int]":
    """A simple graph with the degrees, mixed by random swaps."""
    ties: nx.Graph[int] = nx.havel_hakimi_graph(degrees)
    edges = sorted(ties.edges())
    for _ in range(SWAPS_PER_TIE * len(edges)):
        swap = _draw_swap(ties, edges, rng)
        if swap is not None:
            _apply(ties, edges, swap)
    return ties


Swap: TypeAlias = tuple[int, int, tuple[int, int], tuple[int, int]]


def _draw_swap(ties: "nx.Graph[int]", edges: list[tuple[int, int]], rng: Generator) -> Swap | None:
    """Two ties a-b and c-d to be replaced by a-d and c-b, where that keeps the graph simple."""
    first, second = (int(k) for k in rng.integers(len(edges), size=2))
    (a, b), (c, d) = edges[first], edges[second]
    if rng.random() < 0.5:
        c, d = d, c
    if len({a, b, c, d}) < 4 or ties.has_edge(a, d) or ties.has_edge(c, b):
        return None
    return first, second, (a, d), (c, b)


def _apply(ties: "nx.Graph[int]", edges: list[tuple[int, int]], swap: Swap) -> None:
    first, second, one, other = swap
    ties.remove_edges_from((edges[first], edges[second]))
    ties.add_edges_from((one, other))
    edges[first], edges[second] = one, other


def _triangles_at(ties: "nx.Graph[int]", tie: tuple[int, int]) -> int:
    return len(set(ties[tie[0]]) & set(ties[tie[1]]))


def _close_triads(ties: "nx.Graph[int]", transitivity: float, rng: Generator) -> None:
    """Swap ties, keeping degrees, as long as the number of triangles comes nearer to the target."""
    edges = sorted(ties.edges())
    triples = sum(degree * (degree - 1) // 2 for _, degree in ties.degree())
    wanted = round(transitivity * triples / 3)
    triangles = sum(_triangles_at(ties, tie) for tie in edges) // 3
    for _ in range(CLOSING_SWAPS_PER_TIE * len(edges)):
        if triangles == wanted:
            return
        swap = _draw_swap(ties, edges, rng)
        if swap is None:
            continue
        first, second, one, other = swap
        old = edges[first], edges[second]
        lost = _triangles_at(ties, old[0])
        ties.remove_edge(*old[0])
        lost += _triangles_at(ties, old[1])
        ties.remove_edge(*old[1])
        gained = _triangles_at(ties, one)
        ties.add_edge(*one)
        gained += _triangles_at(ties, other)
        ties.add_edge(*other)
        if abs(triangles + gained - lost - wanted) <= abs(triangles - wanted):
            triangles += gained - lost
            edges[first], edges[second] = one, other
        else:
            ties.remove_edges_from((one, other))
            ties.add_edges_from(old)
