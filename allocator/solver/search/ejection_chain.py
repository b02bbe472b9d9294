"""A chain that puts people out of cells to place others, in the place of one that anneals."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.chain import Chain, Terrain
from allocator.solver.search.ejection import put_out
from allocator.solver.search.flat import Flat
from allocator.solver.search.replica import Replica
from allocator.solver.search.trials import KINDS

TRIALS_A_STEP = 8  # that take about as long


@dataclass(eq=False, kw_only=True)
class EjectionChain(Chain):
    """A chain whose trials are steps of a walk among placements that lack somebody.

    Parameters
    ----------
    problem : without points, some people kept apart. until, walk : as `put_out` leaves them.
    """

    problem: Flat
    replica: Replica = field(init=False)
    until: IntArray = field(init=False)
    walk: IntArray = field(init=False)

    @classmethod
    def of(cls, chain: Chain, problem: Flat) -> Self:
        """In place of a chain, from the best placement of that."""
        return cls(**chain.parts, problem=problem)

    def __post_init__(self) -> None:
        """Tables at the best placement; anybody may be put into any cell."""
        self.replica = Replica.start(self.problem, float(self.rule[KINDS]), self.best)
        self.walk = np.zeros(4, dtype=np.int64)
        self.until = np.zeros((len(self.problem.row), len(self.problem.kind)), dtype=np.int64)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Walk for about as long as so many trials of annealing take."""
        del span
        replica, number = self.replica, max(1, trials // TRIALS_A_STEP)
        put_out(
            replica.whole, replica.real, self.state.flat, self.until, self.walk, replica.found,
            number,
        )  # fmt: skip
        self.show(terrain, replica.placement)
