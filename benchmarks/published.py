"""Published quadratic assignments: ``python -m benchmarks.published FILE.dat ... [--seconds 10]``.

Reads QAPLIB's files [1]_: a number n, then n rows of flows and n rows of distances. A solution file
(`.sln`) beside one tells the best known value, or `--known FILE` with lines `name,value`. Every
file is solved in the seconds with every seed; the value is summed up anew from the placement and
printed with its gap. `--rows FILE` gets the same lines as CSV.

References
----------
.. [1] Burkard, Karisch and Rendl (1997), QAPLIB, a quadratic assignment problem library, doi
   10.1023/A:1008293323270.
"""

import argparse
import csv
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from allocator.errors import ConfigError
from allocator.model.flat import cell_points, flat_instance, pair_points, table
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.options import SolveOptions
from allocator.solver.solve import solve

HEADER = ("name", "people", "seed", "value", "best known", "gap in %", "seconds")
WARM_PEOPLE, WARM_SECONDS = 12, 1.0  # of what is solved first, so that nothing timed compiles


@dataclass(frozen=True, slots=True)
class Assignment:
    """The sum of flow[i, j] x distance[cell of i, cell of j], both ways; shape (n, n) each."""

    flow: IntArray
    distance: IntArray

    def value(self, cells: IntArray) -> int:
        """Of a permutation, shape (n,)."""
        return int((self.flow * self.distance[np.ix_(cells, cells)]).sum())

    def instance(self) -> Instance:
        """As the solver gets it: what the diagonals say is the cost of being in a cell."""
        ones = np.ones(len(self.flow), dtype=np.int64)
        own = np.outer(self.flow.diagonal(), self.distance.diagonal())
        mutual = np.array_equal(self.flow, self.flow.T) and np.array_equal(
            self.distance, self.distance.T
        )
        flow = 2 * self.flow if mutual else self.flow  # such pairs count once
        return flat_instance(
            ones, ones, table(self.distance), (pair_points(flow), *cell_points(own))
        )


def read(file: Path) -> Assignment:
    """An assignment of a QAPLIB file.

    Raises
    ------
    ConfigError
        If it is not one number and two whole square matrices of that size.
    """
    words = file.read_text().split()
    try:
        n, *numbers = (int(word) for word in words)
    except ValueError as e:
        raise ConfigError(
            f"{file}: found {e.args[0].split(': ')[-1]}, allowed are integers."
        ) from e
    if n < 1 or len(numbers) != 2 * n * n:
        raise ConfigError(
            f"{file}: {len(numbers)} numbers after n = {n}; there should be {2 * n * n} for two"
            " matrices of n rows."
        )
    flow, distance = np.array(numbers, dtype=np.int64).reshape(2, n, n)
    return Assignment(flow, distance)


def known_value(file: Path, known: dict[str, int]) -> int | None:
    """The best known value: of the solution file beside a file, or by its name."""
    solution = file.with_suffix(".sln")
    return int(solution.read_text().split()[1]) if solution.exists() else known.get(file.stem)


def row(file: Path, seconds: float, seed: int, best: int | None) -> tuple[object, ...]:
    """Solve a file and say what came out, in the order of `HEADER`."""
    one = read(file)
    began = time.monotonic()
    cells = solve(one.instance(), SolveOptions.within(seconds, seed)).placement
    took = round(time.monotonic() - began, 1)
    value = one.value(cells)
    gap = "" if best is None else round(100 * (value - best) / max(1, abs(best)), 3)
    return file.stem, len(cells), seed, value, "" if best is None else best, gap, took


def warm_up() -> None:
    """Solve small assignments with and without a direction and costs, as later ones may have."""
    rng = np.random.default_rng(1)
    flow, distance = rng.integers(0, 9, (2, WARM_PEOPLE, WARM_PEOPLE))
    for one in (Assignment(flow, distance), Assignment(flow + flow.T, distance + distance.T)):
        solve(one.instance(), SolveOptions.within(WARM_SECONDS))


def main() -> None:
    """Read the command line and print a line for each file and seed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=1, help="1 to this")
    parser.add_argument("--known", type=Path, help="CSV without a header: name,value")
    parser.add_argument("--rows", type=Path, help="CSV to write")
    given = parser.parse_args()
    lines = given.known.read_text().split() if given.known else []
    known = {name: int(value) for name, value in (line.split(",") for line in lines)}
    warm_up()
    rows = []
    for file in given.files:
        for seed in range(1, given.seeds + 1):
            rows.append(row(file, given.seconds, seed, known_value(file, known)))
            print("  ".join(f"{word!s:>12}" for word in rows[-1]), flush=True)
    if given.rows:
        with given.rows.open("w", newline="") as to:
            csv.writer(to).writerows([HEADER, *rows])


if __name__ == "__main__":
    main()
