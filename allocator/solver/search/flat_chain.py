"""Annealing of a flat problem, and the chain that does nothing else.

Its trials cost less than half of the general ones.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.chain import Chain, Terrain
from allocator.solver.search.flat import Flat
from allocator.solver.search.flat_anneal import anneal_flat
from allocator.solver.search.flat_state import (
    FIRST,
    HEAT,
    NUMBERS,
    PLACE,
    Real,
    Whole,
    new_flat_state,
    settle,
)
from allocator.solver.search.trials import KINDS

TRIALS_A_TRIAL = 2  # as many are made in less than the time of one of the general search


class Replica(NamedTuple):
    """Tables of one placement, the best one they have held, shape (n,), and whom to try most.

    `outside` : the cell that means having none.
    """

    whole: Whole
    real: Real
    found: IntArray
    linked: IntArray
    outside: int

    @classmethod
    def start(cls, problem: Flat, kinds: float, place: IntArray) -> "Replica":
        """At a placement, from which its values count; `kinds` as in `new_flat_state`."""
        whole, real = new_flat_state(problem, kinds)
        settle(problem, whole, real, place)
        linked = np.flatnonzero(np.diff(whole[FIRST][0])).astype(np.int64)
        return cls(whole, real, whole[PLACE][0].copy(), linked, problem.outside)

    def anneal(self, random: IntArray, heat: float, cooling: float, trials: int) -> None:
        """Make trials, the heat being multiplied by `cooling` each; `random` : a state."""
        self.real[NUMBERS][0, HEAT] = heat
        anneal_flat(self.whole, self.real, random, self.linked, self.found, cooling, trials)

    @property
    def placement(self) -> IntArray:
        """The best one so far, -1 for people without a cell; shape (n,)."""
        return np.where(self.found == self.outside, -1, self.found)

    def number(self, which: int) -> float:
        """Its value or the best one so far."""
        return float(self.real[NUMBERS][0, which])


@dataclass(eq=False, kw_only=True)
class FlatChain(Chain):
    """A chain with tables of its own; its state is loaded with what they find.

    A state that lacks more people than it may is not gone on from, but the chain's best placement.

    Parameters
    ----------
    problem : what is annealed.
    """

    problem: Flat
    replica: Replica = field(init=False)

    @classmethod
    def of(cls, chain: Chain, problem: Flat) -> "FlatChain":
        """In place of a chain, from where that is."""
        return cls(**chain.parts, problem=problem)

    def __post_init__(self) -> None:
        """Tables at the placement of the state."""
        start = self.state.place if self.keeps_caps else self.best
        self.replica = Replica.start(self.problem, float(self.rule[KINDS]), start)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Go from one share of the schedule to another in twice so many trials."""
        began, ends = self.heat(span[0]), self.heat(span[1])
        number = max(1, TRIALS_A_TRIAL * trials)
        self.replica.anneal(self.state.flat, began, (ends / began) ** (1.0 / number), number)
        self.show(terrain, self.replica.placement)
