"""One row per run, in a CSV file that is only ever added to."""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

Values = tuple[int, ...]
Step = tuple[float, Values]
Figure = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One run of one method, or of one measure.

    Parameters
    ----------
    budget : wall-clock seconds given. seconds : used, from the instance in memory to the answer.
    status : done, unsupported, failed or killed; only done rows have values.
    tiers, values, bounds : by tier in the instance's order; `main` is the position of the tier
        with the pair points.
    lawful : the study's judge found no hard shape broken. verified : the scenario's own judge says
        the same and computes the same values; None where there is no scenario.
    path : seconds and values of the placements reported on the way. megabytes : largest resident
        size of the run's process.
    figures : what a measure found, by name; the unit is the end of the name. Runs have none, and
        measures have a budget of 0.
    """

    spec: str
    family: str
    people: int
    method: str
    seed: int
    budget: float
    status: str
    seconds: float = 0.0
    tiers: tuple[str, ...] = ()
    main: int = 0
    values: Values = ()
    bounds: tuple[int | None, ...] = ()
    proved: bool = False
    lawful: bool | None = None
    verified: bool | None = None
    megabytes: int = 0
    note: str = ""
    path: tuple[Step, ...] = ()
    figures: tuple[Figure, ...] = ()
    cpu: str = ""
    cores: str = ""
    python: str = ""
    packages: str = ""
    commit: str = ""
    at: str = ""

    @property
    def key(self) -> tuple[str, str, int, float]:
        """What makes two rows the same run."""
        return self.spec, self.method, self.seed, self.budget

    @property
    def is_late(self) -> bool:
        """True when it took notably more than its budget."""
        return self.budget > 0 and self.seconds > 1.1 * self.budget + 0.5

    @property
    def counts(self) -> bool:
        """True for a placement that may be compared: lawful, and refused by no judge."""
        judged = self.status == "done" and bool(self.values)
        return judged and bool(self.lawful) and self.verified is not False

    def figure(self, name: str) -> float:
        """A figure by name."""
        return dict(self.figures)[name]


NAMES = tuple(field.name for field in fields(Row))
AS_JSON = {"tiers", "values", "bounds", "path", "figures", "proved", "lawful", "verified"}
NUMBERS = {"people": int, "seed": int, "main": int, "megabytes": int, "budget": float,
           "seconds": float}  # fmt: skip


def read_rows(path: Path) -> list[Row]:
    """Rows of a file, none if it is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_row(cells) for cells in csv.DictReader(file)]


def append_rows(path: Path, rows: Iterable[Row]) -> None:
    """Add rows at the end of a file, in its own columns if it is from before there were figures.

    Raises
    ------
    ValueError
        If a row has something to say that the file has no column for.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    names = _columns(path)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if names is None:
            writer.writerow(NAMES)
        for row in rows:
            cells = asdict(row)
            lost = [name for name in set(NAMES) - set(names or NAMES) if cells[name]]
            if lost:
                raise ValueError(f"{path} has no column {lost[0]!r}; write to another file.")
            writer.writerow([_text(name, cells[name]) for name in names or NAMES])


def _columns(path: Path) -> list[str] | None:
    """Names in the first line of a file; None if there is none yet."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), None)


def row_of(document: dict[str, Any]) -> Row:
    """The row of a run's JSON document."""
    lists = {name: tuple(document[name]) for name in ("tiers", "values", "bounds")}
    path = tuple((float(at), tuple(values)) for at, values in document["path"])
    figures = tuple((name, float(value)) for name, value in document.get("figures", ()))
    return Row(**(document | lists | {"path": path, "figures": figures}))


def _text(name: str, value: Any) -> str:
    return json.dumps(value, separators=(",", ":")) if name in AS_JSON else str(value)


def _row(cells: dict[str, str]) -> Row:
    document: dict[str, Any] = {}
    for name in (name for name in NAMES if name in cells):
        if name in AS_JSON:
            document[name] = json.loads(cells[name])
        else:
            document[name] = NUMBERS.get(name, str)(cells[name])
    return row_of(document)
