"""Marks of proof: how far a value is proved to be from the optimum, by size."""

from collections.abc import Iterator, Sequence
from math import inf, isinf
from statistics import median_low

from benchmarks.study.marks.lines import Found, Line, Word, rows_at
from benchmarks.study.rows import Row
from benchmarks.study.specs import Spec
from benchmarks.study.table import middle

MOST_SECONDS = 120.0
NIGHTLY_PER_CENT = ((60, 0.0), (300, 5.0), (1_000, 15.0))
SIZES = (60, 300, 1_000, 10_000)


def proven_gap(row: Row) -> tuple[float, str]:
    """Largest gap between bound and value down to the main tier, in per cent, and its tier.

    Earlier tiers count too: a bound of exposure holds for the values that they have, so that it
    says nothing of a plan that is better in one of them.
    """
    worst = (0.0, row.tiers[row.main])
    bounds = row.bounds or (None,) * len(row.values)
    for k in range(row.main + 1):
        value, bound = row.values[k], bounds[k]
        share = inf if bound is None else 100 * (value - bound) / max(1, abs(value))
        worst = max(worst, (share, row.tiers[k]), key=lambda pair: pair[0])
    return worst


def proved(found: Found, specs: Sequence[Spec]) -> Iterator[Line]:
    """Nightly prisons one by one against their limits, all others by size."""
    for spec in specs:
        if spec.family == "nightly":
            yield _nightly(found, spec)
    others = [spec for spec in specs if spec.family != "nightly"]
    for low, high in zip((0, *SIZES), SIZES, strict=False):
        members = [spec for spec in others if low < spec.people <= high]
        if members:
            yield _by_size(found, members, f"full mode, {low + 1:,} to {high:,} people")


def _longest(found: Found, spec: Spec) -> list[Row]:
    """Runs of ours in the most time up to 120 s."""
    times = sorted(b for name, b in found if name == spec.name and b <= MOST_SECONDS)
    for budget in reversed(times):
        if rows := rows_at(found, spec.name, budget, "ours"):
            return rows
    return []


def _nightly(found: Found, spec: Spec) -> Line:
    mark, rows = "(iv) proven gap", _longest(found, spec)
    row = middle(rows)
    if row is None:
        return Line(
            mark, spec.name, Word.FAILS if rows else Word.MISSING, rows[0].note if rows else ""
        )
    share, _ = proven_gap(row)
    limit = next((most for people, most in NIGHTLY_PER_CENT if spec.people <= people), None)
    if limit is None:
        return Line(mark, spec.name, Word.NO_LIMIT, _gap_text(row))
    word = Word.HOLDS if share <= limit and not row.is_late else Word.FAILS
    return Line(mark, spec.name, word, f"{_gap_text(row)}; at most {limit:g} %")


def _gap_text(row: Row) -> str:
    share, tier = proven_gap(row)
    late = ", late" if row.is_late else ""
    if isinf(share):
        return f"no bound of {tier} after {row.seconds:.0f} s{late}"
    return f"{share:.2f} % ({tier}) after {row.seconds:.0f} s{late}"


def _by_size(found: Found, members: Sequence[Spec], size: str) -> Line:
    rows = {spec.name: row for spec in members if (row := middle(_longest(found, spec)))}
    if not rows:
        return Line("(iv) proven gap", size, Word.MISSING)
    gaps = {name: proven_gap(row)[0] for name, row in rows.items()}
    least, most = min(gaps, key=gaps.__getitem__), max(gaps, key=gaps.__getitem__)
    middle_gap = median_low(gaps.values())
    text = (
        f"{sum(share == 0 for share in gaps.values())} of {len(gaps)} proved; "
        f"least {least} {_gap_text(rows[least])}, median {_per_cent(middle_gap)}, "
        f"most {most} {_gap_text(rows[most])}"
    )
    if len(rows) < len(members):
        text += f"; {len(members) - len(rows)} not measured or without a plan"
    return Line("(iv) proven gap", size, Word.NO_LIMIT, text)


def _per_cent(share: float) -> str:
    return "no bound" if isinf(share) else f"{share:.2f} %"
