"""Recorded evidence about influence, turned into sparse integer points and reported measures."""

from allocator.influence.graph import influence_graph
from allocator.influence.pairs import PairTable
from allocator.influence.points import InfluencePoints, influence_points
from allocator.influence.rounding import to_points, to_points_array

__all__ = [
    "InfluencePoints",
    "PairTable",
    "influence_graph",
    "influence_points",
    "to_points",
    "to_points_array",
]
