"""A chain that cools a problem of groups again and again, and then what the coolings agree on."""

from dataclasses import dataclass, field

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.capacity import HEATS, Sweep
from allocator.solver.search.chain import Terrain
from allocator.solver.search.core_groups import contracted, core_groups
from allocator.solver.search.flat_chain import ABOVE, BELOW, STILL, TRIALS_A_TRIAL, FlatChain
from allocator.solver.search.replica import Replica
from allocator.solver.search.trials import KINDS

STEPS_A_ROUND = 5  # of a cooling, with the one in which it comes to rest and core groups are placed
AGREEING = 6  # placements that core groups agree in
MELT, MELTING_TRIALS = 3.0, 30  # times the peak's heat, and trials of everybody at it
WARM = 0.3  # times the peak's heat, where people leave the core groups they were placed with
# Shares of a round's last step: to come to rest, to heat up core groups, to cool these, and to let
# people leave them.
RESTING, HEATING, COOLING, LEAVING = 0.2, 0.1, 0.3, 0.4
COLD_SHARE = 0.1  # of a cooling in one go, at its end


@dataclass(eq=False, kw_only=True)
class CoreChain(FlatChain):
    """Cools in a few steps, places core groups, melts and begins anew.

    Parameters
    ----------
    steps : since it is known at which heat the problem is decided. placements : where the latest
        coolings ended, each of shape (n,). united : what came of core groups last, the same.
    """

    steps: int = 0
    placements: list[IntArray] = field(default_factory=list)
    united: list[IntArray] = field(default_factory=list)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """A step of heating up or of a round, in twice so many trials."""
        if self.sweep.peak is None:
            super().advance(terrain, span, trials)
            return
        step, number = self.steps % STEPS_A_ROUND, max(1, TRIALS_A_TRIAL * trials)
        self.steps += 1
        if step == 0:
            self._melt(self.sweep.peak)
        if step < STEPS_A_ROUND - 1:
            self._cool(self.sweep.peak, step, number)
        else:
            self._come_to_rest(self.sweep.peak, number)
            self.show(terrain, self.replica.placement)
            self._unite(self.sweep.peak, number)
        self.show(terrain, self.replica.placement)

    def _melt(self, peak: float) -> None:
        """Let everybody leave whatever company they are in."""
        self.replica.hold_together(self.best)
        trials = MELTING_TRIALS * len(self.best)
        self.replica.anneal(self.state.flat, MELT * peak, 1.0, trials)
        self.replica.move_to(self.replica.now)

    def _cool(self, peak: float, step: int, trials: int) -> None:
        """One step of all but the last."""
        steps = STEPS_A_ROUND - 1
        began, ratio = peak * self.above, BELOW / self.above
        heats = began * ratio ** (step / steps), began * ratio ** ((step + 1) / steps)
        self.replica.cool(self.state.flat, heats, trials)

    def _come_to_rest(self, peak: float, trials: int) -> None:
        """Open all cells and cool down; remember the placement."""
        cold = BELOW * peak
        self.replica.open_all()
        self.replica.cool(self.state.flat, (cold, cold * STILL), int(RESTING * trials))
        self.placements = [*self.placements, self.replica.placement][-AGREEING:]

    def _unite(self, peak: float, trials: int) -> None:
        """Place core groups of all that is remembered, then let people leave them."""
        known = self.placements + self.united
        if len(known) == 1:
            return
        core = core_groups(self.problem, known)
        place = np.zeros(int(core.max()) + 1, dtype=np.int64)
        place[core] = known[-1]
        small = Replica.start(contracted(self.problem, core), float(self.rule[KINDS]), place)
        _anneal(small, self.state.flat, trials)
        self.replica.move_to(small.placement[core])
        heats = WARM * peak, BELOW * STILL * peak
        self.replica.cool(self.state.flat, heats, int(LEAVING * trials))
        self.united = [self.replica.placement]


def _anneal(replica: Replica, random: IntArray, trials: int) -> None:
    """Heat a problem up and cool it around its peak, all in one go."""
    sweep = Sweep(replica.usual_rise)
    replica.heat_up(random, sweep, HEATS, int(HEATING * trials))
    if sweep.peak is None:
        return
    replica.hold_together(replica.placement)
    hot, cold = ABOVE[0] * sweep.peak, BELOW * sweep.peak
    resting = int(COLD_SHARE * COOLING * trials)
    replica.cool(random, (hot, cold), int(COOLING * trials) - resting)
    replica.open_all()
    replica.cool(random, (cold, STILL * cold), resting)
