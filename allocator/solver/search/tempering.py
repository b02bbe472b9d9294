"""A chain that keeps placements of a flat problem at several heats and lets them change heats.

Annealing cools once and starts anew; of a small problem it makes so many trials that it falls into
the same few valleys again and again. Placements that may become hot again leave them.

References
----------
.. [1] Hukushima and Nemoto (1996), Exchange Monte Carlo method and application to spin glass
   simulations, doi 10.1143/JPSJ.65.1604.
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.chain import Chain, Terrain
from allocator.solver.search.flat import Flat
from allocator.solver.search.flat_chain import TRIALS_A_TRIAL
from allocator.solver.search.flat_state import BEST, VALUE
from allocator.solver.search.replica import Replica

REPLICAS, HOT, COLD = 8, 1.0, 0.27  # heats, times that of the peak of the heat capacity
TRIALS_A_PERSON = 50  # of a replica between exchanges of heats


@dataclass(eq=False)
class Ladder:
    """Replicas by heat, the hottest first; they outlive the passes of a search.

    Parameters
    ----------
    heats : of each replica. rounds : how often heats were exchanged.
    """

    replicas: list[Replica]
    heats: list[float]
    rng: np.random.Generator
    rounds: int = 0

    @classmethod
    def start(
        cls, problem: Flat, kinds: float, place: IntArray, peak: float, seed: int
    ) -> "Ladder":
        """All replicas at one placement, shape (n,), from which all values count.

        `peak` : the heat around which the problem is decided (`capacity.py`).
        """
        replicas = [Replica.start(problem, kinds, place) for _ in range(REPLICAS)]
        heats = peak * HOT * (COLD / HOT) ** np.linspace(0.0, 1.0, REPLICAS)
        return cls(replicas, heats.tolist(), np.random.default_rng(seed))

    def run(self, random: IntArray, trials: int) -> IntArray:
        """Make so many trials in all; the best placement so far.

        Parameters
        ----------
        random : a state, for its random numbers.
        """
        each = TRIALS_A_PERSON * len(self.replicas[0].found)
        for _ in range(max(1, trials // (each * REPLICAS))):
            for heat, replica in zip(self.heats, self.replicas, strict=True):
                replica.anneal(random, heat, 1.0, each)
            self._exchange()
        return min(self.replicas, key=lambda replica: replica.number(BEST)).placement

    def _exchange(self) -> None:
        """Let neighbours on the ladder change places as likely as both being where they are."""
        self.rounds += 1
        for k in range(self.rounds % 2, REPLICAS - 1, 2):
            hot, cold = (replica.number(VALUE) for replica in self.replicas[k : k + 2])
            gain = (hot - cold) * (1.0 / self.heats[k] - 1.0 / self.heats[k + 1])
            if gain >= 0.0 or self.rng.random() < np.exp(gain):
                self.replicas[k : k + 2] = self.replicas[k + 1], self.replicas[k]


@dataclass(eq=False)
class FlatTier:
    """What passes of a search know of a tier as a flat problem.

    Parameters
    ----------
    peak : the heat at which it is decided, as a chain found it. ladder : its placements at several
        heats.
    """

    problem: Flat
    peak: float | None = None
    ladder: Ladder | None = None


@dataclass(eq=False, kw_only=True)
class Tempered(Chain):
    """A chain whose trials are made on a ladder."""

    ladder: Ladder

    @classmethod
    def of(cls, chain: Chain, ladder: Ladder) -> "Tempered":
        """In place of a chain."""
        return cls(**chain.parts, ladder=ladder)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Go on for about as long as so many trials of annealing take."""
        del span
        self.show(terrain, self.ladder.run(self.state.flat, TRIALS_A_TRIAL * trials))
