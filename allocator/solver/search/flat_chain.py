"""Annealing of a flat problem, and the chain that does nothing else.

Its trials cost less than half of the general ones. The chain first heats the problem up, quickly,
to see at which heats it is decided, and then takes the rest of its time to cool it through these.
"""

from dataclasses import dataclass, field
from typing import Self

from allocator.solver.search.capacity import Sweep
from allocator.solver.search.chain import Chain, Terrain
from allocator.solver.search.flat import Flat
from allocator.solver.search.replica import Replica
from allocator.solver.search.trials import KINDS

TRIALS_A_TRIAL = 2  # as many are made in less than the time of one of the general search
ABOVE, BELOW = (1.3, 1.0), 0.16  # times the heat of the peak, where the chains begin and end
COLD = 0.02  # usual rises; no end is hotter, since a broad peak may be seen far above what decides
REST, STILL = 0.05, 0.1  # share of the work after the end in which all comes to rest; to what heat
MELTING = 0.5  # usual rises; what begins colder refines, and is not heated up
SETTLED = 2  # times the trials of the step before: fewer, and steps are as long as they will be
HEATS_A_STEP = 8  # of the sweep
LEAST_TRIALS = 2  # for each person at a heat of the sweep


@dataclass(eq=False, kw_only=True)
class FlatChain(Chain):
    """A chain with tables of its own; its state is loaded with what they find.

    A state that lacks more people than it may is not gone on from, but the chain's best placement.

    Parameters
    ----------
    problem : what is annealed. above : times the peak's heat, where cooling begins.
    sweep : what it sees when it is heated up, which tells its schedule from then on.
    warm : share of the work after which that one begins. trials : of its last step.
    """

    problem: Flat
    above: float
    replica: Replica = field(init=False)
    sweep: Sweep = field(init=False)
    warm: float = 0.0
    trials: int = 0

    @classmethod
    def of(cls, chain: Chain, problem: Flat, above: float) -> Self:
        """In place of a chain, from where that is."""
        return cls(**chain.parts, problem=problem, above=above)

    def __post_init__(self) -> None:
        """Tables at the placement of the state."""
        start = self.state.place if self.keeps_caps else self.best
        self.replica = Replica.start(self.problem, float(self.rule[KINDS]), start)
        self.sweep = Sweep(self.rise)

    def heat(self, share: float) -> float:
        """Temperature when so much of the work is done, 0 to 1."""
        done = (share - self.warm) / (1.0 - self.warm)
        if self.sweep.peak is None:
            return super().heat(done)
        rest = max(0.0, done - (1.0 - REST)) / REST
        return float(super().heat(min(1.0, done / (1.0 - REST))) * STILL**rest)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Go from one share of the schedule to another in twice so many trials."""
        number = max(1, TRIALS_A_TRIAL * trials)
        if self._is_to_heat_up(trials):
            self.replica.heat_up(self.state.flat, self.sweep, HEATS_A_STEP, number)
            self._cool_around_the_peak(span[1])
        else:
            if span[0] >= 1.0 - REST:
                self.replica.open_all()
            self.replica.cool(self.state.flat, (self.heat(span[0]), self.heat(span[1])), number)
        self.trials = trials
        self.show(terrain, self.replica.placement)

    def _is_to_heat_up(self, trials: int) -> bool:
        """Once, in a few steps in a row, where these are long enough to show anything."""
        if self.sweep.begun:
            return not self.sweep.done
        enough = TRIALS_A_TRIAL * trials >= LEAST_TRIALS * HEATS_A_STEP * len(self.best)
        return enough and self.schedule.hot > MELTING and trials < SETTLED * self.trials

    def _cool_around_the_peak(self, share: float) -> None:
        """From that share of the work on, once the peak is known."""
        if self.sweep.peak is not None:
            if self.replica.has_spare_cells:
                self.replica.hold_together(self.replica.placement)
            peak, self.warm = self.sweep.peak / self.rise, share
            cold = min(BELOW * peak, COLD)
            self.schedule = self.schedule._replace(hot=self.above * peak, cold=cold)
