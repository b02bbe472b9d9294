"""A mark's line, and what may be said of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.study.rows import Row
from benchmarks.study.specs import Spec


class Word(StrEnum):
    """What the rows say of a mark: it holds only where every row that it needs is there."""

    HOLDS = "holds"
    FAILS = "fails"
    PARTLY = "no failure, partly measured"
    MISSING = "not measured"
    NO_LIMIT = "measured, no limit set"


@dataclass(frozen=True, slots=True)
class Line:
    """One mark of one family, size or instance."""

    mark: str
    of: str
    word: Word
    detail: str = ""


Found = Mapping[tuple[str, float], Mapping[str, list[Row]]]
"""Rows by spec and budget, then by method, as `table.grouped` gives them."""


def word_of(*, held: int, failed: int, missing: int) -> Word:
    """One failure is enough; without any, everything must have been measured."""
    if failed:
        return Word.FAILS
    if not held:
        return Word.MISSING
    return Word.PARTLY if missing else Word.HOLDS


def by_family(specs: Sequence[Spec]) -> dict[str, list[Spec]]:
    """Specs by family, in their order."""
    found: dict[str, list[Spec]] = defaultdict(list)
    for spec in specs:
        found[spec.family].append(spec)
    return found


def rows_at(found: Found, spec: str, budget: float, method: str) -> list[Row]:
    """Rows of one method, none if it was not run."""
    return found.get((spec, float(budget)), {}).get(method, [])
