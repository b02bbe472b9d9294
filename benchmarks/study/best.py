"""The best value known of each instance, from any method and any run."""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.study.rows import Row, Values

PATH = Path(__file__).resolve().parents[1] / "best_known.csv"
HEAD = ("spec", "values", "main", "proved", "method", "seconds", "seed", "commit", "at")


@dataclass(frozen=True, slots=True)
class Best:
    """A value by tier and where it came from; `main` is the position of the tier of exposure.

    `proved` : the method that found it says that nothing is better.
    """

    spec: str
    values: Values
    main: int
    proved: bool
    method: str
    seconds: float
    seed: int
    commit: str
    at: str


def read_best(path: Path = PATH) -> dict[str, Best]:
    """Best known by spec."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["spec"]: _best(row) for row in csv.DictReader(file)}


def _best(row: dict[str, str]) -> Best:
    return Best(
        row["spec"], tuple(json.loads(row["values"])), int(row["main"]), row["proved"] == "true",
        row["method"], float(row["seconds"]), int(row["seed"]), row["commit"], row["at"],
    )  # fmt: skip


def better_of(known: dict[str, Best], rows: Iterable[Row]) -> dict[str, Best]:
    """The known ones and what rows improve; tiers in order decide, then the earlier find."""
    best = dict(known)
    for row in rows:
        old = best.get(row.spec)
        if row.counts and (old is None or row.values < old.values):
            best[row.spec] = Best(
                row.spec, row.values, row.main, row.proved, row.method, row.seconds, row.seed,
                row.commit, row.at,
            )  # fmt: skip
    return best


def write_best(best: dict[str, Best], path: Path = PATH) -> None:
    """Write them, sorted by spec."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for name in sorted(best):
            b = best[name]
            values, proved = json.dumps(list(b.values)), json.dumps(b.proved)
            writer.writerow(
                (name, values, b.main, proved, b.method, b.seconds, b.seed, b.commit, b.at)
            )
