"""An annealing chain of a flat problem, whose trials cost less than half of the general ones."""

from dataclasses import dataclass, field, fields

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.chain import Chain, Terrain
from allocator.solver.search.flat import Flat
from allocator.solver.search.flat_anneal import anneal_flat
from allocator.solver.search.flat_state import (
    HEAT,
    NUMBERS,
    Real,
    Whole,
    new_flat_state,
    settle,
)
from allocator.solver.search.trials import PHASE, ROW_CAP

TRIALS_A_TRIAL = 2  # as many are made in less than the time of one of the general search


@dataclass(eq=False, kw_only=True)
class FlatChain(Chain):
    """A chain with tables of its own; its state is loaded with what they find.

    A state that lacks somebody is not gone on from, but the chain's best placement.

    Parameters
    ----------
    problem : what is annealed. kinds : as in `new_flat_state`.
    """

    problem: Flat
    kinds: float
    whole: Whole = field(init=False)
    real: Real = field(init=False)
    linked: IntArray = field(init=False)
    found: IntArray = field(init=False)

    @classmethod
    def of(cls, chain: Chain, problem: Flat, kinds: float) -> "FlatChain":
        """In place of a chain, from where that is."""
        own = {f.name: getattr(chain, f.name) for f in fields(chain)}
        return cls(**own, problem=problem, kinds=kinds)

    def __post_init__(self) -> None:
        """Tables at the placement of the state."""
        self.whole, self.real = new_flat_state(self.problem, self.kinds)
        self.linked = np.flatnonzero(self.problem.points.any(axis=1)).astype(np.int64)
        earlier = int(self.rule[PHASE])
        whole = np.all(self.state.values[:earlier] <= self.rows[ROW_CAP, :earlier])
        self.found = (self.state.place if whole else self.best).copy()
        settle(self.problem, self.whole, self.real, self.found)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Go from one share of the schedule to another in twice so many trials."""
        began, ends = self.heat(span[0]), self.heat(span[1])
        number = max(1, TRIALS_A_TRIAL * trials)
        self.real[NUMBERS][0, HEAT] = began
        anneal_flat(
            self.whole, self.real, self.state.flat, self.linked, self.found,
            (ends / began) ** (1.0 / number), number,
        )  # fmt: skip
        self.show(terrain, self.found)
