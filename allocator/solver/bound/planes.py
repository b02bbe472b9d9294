"""Planes below the smaller of two classes in a unit, for as many movers as there can be.

References
----------
.. [1] Barber, Dobkin, Huhdanpaa (1996), The quickhull algorithm for convex hulls: the lower faces
   of the hull are the best planes that see only how the two sizes change.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull, QhullError


@dataclass(frozen=True, slots=True)
class Plane:
    """A function below the smaller size: at home, plus `enter` for each who comes, less `leave`.

    `enter`, `leave` : for each of the two classes.
    """

    at_home: float
    enter: tuple[float, float]
    leave: tuple[float, float]


def planes_below(sizes: list[int], totals: list[int], movers: int) -> list[Plane]:
    """Planes for units with `sizes` of two classes of which there are `totals`.

    The first tells coming from leaving: with D more in the larger class, k of the smaller who come
    and l of the larger who leave add at least k D / K - l (1 - D / K) as long as k + l <= K.
    """
    if min(totals) == 0 or movers == 0:
        return []
    small = int(sizes[0] > sizes[1])
    tilt = min(1.0, abs(sizes[0] - sizes[1]) / movers)
    enter, leave = [0.0, 0.0], [0.0, 0.0]
    enter[small], leave[small], leave[1 - small] = tilt, 1.0, 1.0 - tilt
    first = Plane(float(min(sizes)), (enter[0], enter[1]), (leave[0], leave[1]))
    return [first, *_faces(_reachable(sizes, totals, movers))]


def _reachable(sizes: list[int], totals: list[int], movers: int) -> np.ndarray:
    """Changes of both sizes and the smaller size then, shape (points, 3)."""
    steps = np.arange(-movers, movers + 1)
    first, second = (a.reshape(-1) for a in np.meshgrid(steps, steps))
    new = first + sizes[0], second + sizes[1]
    possible = np.abs(first) + np.abs(second) <= movers
    for size, total in zip(new, totals, strict=True):
        possible &= (size >= 0) & (size <= total)
    return np.column_stack((first, second, np.minimum(*new)))[possible].astype(np.float64)


def _faces(points: np.ndarray) -> list[Plane]:
    """Lower faces of the points' hull but the one at 0, lowered until no point is below."""
    try:
        found = ConvexHull(points).equations
    except QhullError:  # flat: a plane itself, or all points on a line
        found = np.append(np.linalg.lstsq(_lifted(points), points[:, 2])[0], 0.0)[None, :]
        found = np.column_stack((found[:, :2], -np.ones(1), found[:, 2]))
    planes = []
    for a, b, c, _ in found[found[:, 2] < -1e-9].tolist():
        slope = (-a / c, -b / c)
        at_home = float((points[:, 2] - points[:, :2] @ np.array(slope)).min())
        if max(map(abs, slope)) > 1e-9:
            planes.append(Plane(at_home, slope, slope))
    return planes


def _lifted(points: np.ndarray) -> np.ndarray:
    return np.column_stack((points[:, :2], np.ones(len(points))))
