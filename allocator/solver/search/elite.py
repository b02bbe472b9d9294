"""The best placements of earlier passes, and children of two of them to set out from.

What two good placements agree on is kept, the rest is mixed person by person; whoever then fits
nowhere is placed anew by the search.

References
----------
.. [1] Cordeau, Gaudioso, Laporte and Moccia (2006), A memetic heuristic for the generalized
   quadratic assignment problem, doi 10.1287/ijoc.1040.0128.
"""

from dataclasses import dataclass, field

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.alike import renamed

MOST = 8


@dataclass(eq=False)
class Elite:
    """A few placements of different values, the best first; chains of two threads may share it.

    No list is changed once others can see it, so that a reader meets a whole one.

    `members` : tier values up to the tier that was minimised, and the placement, shape (n,).
    `most` : how many there may be. `children` : how many were made since the best one came.
    """

    members: list[tuple[tuple[int, ...], IntArray]] = field(default_factory=list)
    most: int = MOST
    children: int = 0

    def add(self, values: IntArray, placement: IntArray) -> None:
        """Take a placement in unless one of the same values is there."""
        key, members = tuple(int(v) for v in values), self.members
        if all(key != other for other, _ in members):
            if not members or key < members[0][0]:
                self.children = 0
            mixed = [*members, (key, placement.copy())]
            self.members = sorted(mixed, key=lambda member: member[0])[: self.most]

    def child(self, seed: int, alike: tuple[IntArray, ...] = ()) -> IntArray | None:
        """Everybody's cell from one of two members, at random; None while there are fewer.

        `alike` : sets of cells that differ by name only; both members are made to name them alike.
        """
        members = self.members
        if len(members) < 2:
            return None
        rng = np.random.default_rng(seed)
        first, second = rng.choice(len(members), 2, replace=False)
        mother = members[first][1]
        father = renamed(members[second][1], mother, alike)
        return np.where(rng.random(len(mother)) < 0.5, mother, father)
