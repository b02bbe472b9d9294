"""Tables of one placement of a flat problem, and what annealing does with them."""

from typing import NamedTuple

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.capacity import Sweep
from allocator.solver.search.flat import Flat
from allocator.solver.search.flat_anneal import anneal_flat
from allocator.solver.search.flat_state import (
    FIRST,
    HEAT,
    KIND,
    KINDS,
    MOST,
    NUMBERS,
    PLACE,
    SUMS,
    TAKEN,
    VALUE,
    Real,
    Whole,
    new_flat_state,
    settle,
)

READINGS = 4  # of the value at one heat


class Replica(NamedTuple):
    """Tables of one placement, the best one they have held, shape (n,), and whom to try most."""

    problem: Flat
    whole: Whole
    real: Real
    found: IntArray
    linked: IntArray

    @classmethod
    def start(cls, problem: Flat, kinds: float, place: IntArray) -> "Replica":
        """At a placement, from which its values count; `kinds` as in `new_flat_state`."""
        whole, real = new_flat_state(problem, kinds)
        settle(problem, whole, real, place)
        linked = np.flatnonzero(np.diff(whole[FIRST][0])).astype(np.int64)
        return cls(problem, whole, real, whole[PLACE][0].copy(), linked)

    def move_to(self, place: IntArray) -> None:
        """Go to a placement, (n,), and count values and the best one from there."""
        settle(self.problem, self.whole, self.real, place)
        self.found[:] = self.whole[PLACE][0]

    def anneal(self, random: IntArray, heat: float, cooling: float, trials: int) -> None:
        """Make trials, the heat being multiplied by `cooling` each; `random` : a state."""
        self.real[NUMBERS][0, HEAT] = heat
        anneal_flat(self.whole, self.real, random, self.linked, self.found, cooling, trials)

    def cool(self, random: IntArray, heats: tuple[float, float], trials: int) -> None:
        """Go from one heat to another in so many trials."""
        began, ends = heats
        self.anneal(random, began, (ends / began) ** (1.0 / max(1, trials)), trials)

    def heat_up(self, random: IntArray, sweep: Sweep, heats: int, trials: int) -> None:
        """Let a sweep go through so many heats in so many trials in all."""
        each = max(1, trials // heats // READINGS)
        for _ in range(heats):
            total = 0.0
            for _ in range(READINGS):
                self.anneal(random, sweep.heat, 1.0, each)
                total += self.number(VALUE)
            sweep.values.append(total / READINGS)

    def hold_together(self, place: IntArray) -> None:
        """Go to a placement, (n,), and open no more cells than it has, and one for each other kind.

        Where there are many more cells than are needed, people scatter over them as soon as it is
        hot, for there are more ways to be apart than to be together, and come together again in
        whatever company is found first.
        """
        self.move_to(place)
        numbers = self.real[NUMBERS][0]
        numbers[MOST] = min(numbers[TAKEN] + numbers[KINDS] - 1, self._cells)

    def open_all(self) -> None:
        """Let all cells be opened again."""
        self.real[NUMBERS][0, MOST] = self._cells

    @property
    def has_spare_cells(self) -> bool:
        """True where empty cells are counted by kind, since there are many of them."""
        return bool(self.real[NUMBERS][0, KINDS] < self._cells)

    @property
    def usual_rise(self) -> float:
        """Geometric mean of what people would cost more in others' cells, where they would."""
        sums, place = self.real[SUMS], self.whole[PLACE][0]
        kind = self.whole[KIND][0]
        rises = sums[kind[np.unique(place)]] - sums[kind[place], np.arange(len(place))]
        return float(np.exp(np.mean(np.log(rises[rises > 0.0])))) if np.any(rises > 0.0) else 1.0

    @property
    def placement(self) -> IntArray:
        """The best one so far, -1 for people without a cell; shape (n,)."""
        return self._in_cells(self.found)

    @property
    def now(self) -> IntArray:
        """The placement as it is, the same."""
        return self._in_cells(self.whole[PLACE][0])

    def _in_cells(self, place: IntArray) -> IntArray:
        return np.where(place == self.problem.outside, -1, place)

    def number(self, which: int) -> float:
        """One of its numbers: the value, the best one so far, how many cells have people."""
        return float(self.real[NUMBERS][0, which])

    @property
    def _cells(self) -> int:
        return self.whole[KIND].shape[1]
