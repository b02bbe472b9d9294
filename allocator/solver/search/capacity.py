"""Where a flat problem is decided: around the heat at which its heat capacity is largest.

Cooled through all heats alike, a problem gets most of its trials where everything moves or nothing
does. Heated up once, quickly, it shows where its value rises most for each unit of heat: a little
too hot where the sweep is short, while one that cools would miss the peak by far.

References
----------
.. [1] Kirkpatrick, Gelatt and Vecchi (1983), Optimization by simulated annealing, doi
   10.1126/science.220.4598.671: cool slowly where the specific heat is large.
"""

from dataclasses import dataclass, field

import numpy as np

LEAST, MOST, HEATS = 0.004, 1.0, 32  # of the sweep, in usual rises
SMOOTHING = np.array([0.25, 0.5, 0.25])


@dataclass(eq=False)
class Sweep:
    """Mean values at rising heats.

    Parameters
    ----------
    rise : usual increase of the value in a trial that increases it.
    """

    rise: float
    values: list[float] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        """True from the first reading on."""
        return len(self.values) > 0

    @property
    def done(self) -> bool:
        """True when all heats have been gone through."""
        return len(self.values) == HEATS

    @property
    def heat(self) -> float:
        """Where the next reading is due."""
        return float(self._heats[len(self.values)])

    @property
    def peak(self) -> float | None:
        """The heat of the largest capacity; None until all is done, and where no value rose.

        The capacity is the change of the value for each unit of heat, over two readings and
        smoothed.
        """
        if not self.done:
            return None
        heats, values = self._heats, np.array(self.values)
        risen = np.maximum(values[2:] - values[:-2], 0.0) / (heats[2:] - heats[:-2])
        capacity = np.convolve(risen, SMOOTHING, "same")
        peak = int(np.argmax(capacity))
        return float(heats[1 + peak]) if capacity[peak] > 0.0 else None

    @property
    def _heats(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return self.rise * np.geomspace(LEAST, MOST, HEATS)
