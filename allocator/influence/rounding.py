"""The one place where a decimal becomes integer points."""

from math import floor

import numpy as np
from numpy.typing import NDArray

from allocator.errors import ConfigError
from allocator.model.shapes import IntArray

HALF_UP = 0.5 + 1e-9
LARGEST_POINTS = 10**9


def to_points(value: float) -> int:
    r"""Points of a decimal value, rounded half up.

    .. math:: \lfloor x + \tfrac12 + 10^{-9} \rfloor

    The last term lets two programs that multiply in a different order agree on a tie. One point
    is a tenth of the influence of a source of strength 1 on a person of multiplier 1.

    Parameters
    ----------
    value : points before rounding, from -10^9 to 10^9.

    Raises
    ------
    ConfigError
        If the value is out of range, which only the parameters of a policy can cause.
    """
    return int(to_points_array(np.array([value]))[0])


def to_points_array(values: NDArray[np.float64]) -> IntArray:
    """`to_points` of each value; same shape, unit, rounding and range."""
    too_large = values[~(np.abs(values) <= LARGEST_POINTS)]
    if too_large.size:
        raise ConfigError(
            f"The policy's influence parameters give {floor(too_large[0]):,} points for one pair; "
            f"allowed: up to {LARGEST_POINTS:,}. Lower the strengths or multipliers."
            if np.isfinite(too_large[0])
            else "The policy's influence parameters give points that are not a number."
        )
    return np.floor(values + HALF_UP).astype(np.int64)
