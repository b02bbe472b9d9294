"""Marks of proof: how far a value is proved to be from the optimum, from rows of `proof` alone.

A tier's bound says what no plan goes below that keeps the tiers before it at their values. So the
proof of a plan is a chain from the first tier on, as weak as its weakest link: the gap of a mark is
that of the worst tier down to exposure, of the worst seed. Later tiers are shown and not judged.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import inf, isinf
from statistics import median_low

from benchmarks.study.marks.lines import Line, Word
from benchmarks.study.rows import Row
from benchmarks.study.specs import Spec
from benchmarks.study.table import line_of

MARK = "(iv) proven gap"
NIGHTLY_PER_CENT = ((60, 0.0), (300, 5.0), (1_000, 15.0))
SIZES = (60, 300, 1_000, 10_000)


def tier_gaps(row: Row) -> dict[str, float]:
    """Gap between bound and value of every tier in per cent of the value, infinite without one."""
    bounds = row.bounds or (None,) * len(row.values)
    return {
        tier: inf if bound is None else 100 * (value - bound) / max(1, abs(value))
        for tier, value, bound in zip(row.tiers, row.values, bounds, strict=True)
    }


def proven_gap(row: Row) -> tuple[float, str]:
    """Largest gap down to the main tier, in per cent, and its tier."""
    worst = (0.0, row.tiers[row.main])
    for tier, share in list(tier_gaps(row).items())[: row.main + 1]:
        worst = max(worst, (share, tier), key=lambda pair: pair[0])
    return worst


def seconds_of(row: Row) -> float:
    """Seconds that a run takes at most with two cores to itself.

    By the clock, or processor time of all threads where other work on the machine made that less:
    on an idle machine the clock shows no more.
    """
    return min(row.seconds, row.figure("cpu_s"))


def is_over_time(row: Row) -> bool:
    """True where a run takes longer than the limit of its mark."""
    return seconds_of(row) > row.figure("limit_s")


def proved(rows: Sequence[Row], specs: Sequence[Spec]) -> Iterator[Line]:
    """Nightly prisons one by one against their limits, all others by size."""
    found = proofs_of(rows)
    for spec in specs:
        if spec.family == "nightly":
            yield _nightly(found.get(spec.name, []), spec)
    others = [spec for spec in specs if spec.family != "nightly"]
    for low, high in zip((0, *SIZES), SIZES, strict=False):
        members = [spec for spec in others if low < spec.people <= high]
        if members:
            yield _by_size(found, members, f"full mode, {low + 1:,} to {high:,} people")


def proofs_of(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows of `proof` by spec, by seed."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted((r for r in rows if r.method == "proof"), key=lambda r: r.seed):
        found[row.spec].append(row)
    return dict(found)


def _nightly(rows: Sequence[Row], spec: Spec) -> Line:
    if not rows:
        return Line(MARK, spec.name, Word.MISSING)
    lost = [row for row in rows if not row.counts]
    if lost:
        said = f"seed {lost[0].seed} {lost[0].status}: {lost[0].note}"
        return Line(MARK, spec.name, Word.FAILS, said)
    limit = next((most for people, most in NIGHTLY_PER_CENT if spec.people <= people), None)
    if limit is None:
        return Line(MARK, spec.name, Word.NO_LIMIT, _seeds_text(rows))
    held = all(proven_gap(row)[0] <= limit and not is_over_time(row) for row in rows)
    text = f"{_seeds_text(rows)}; at most {limit:g} %"
    return Line(MARK, spec.name, Word.HOLDS if held else Word.FAILS, text)


def _worst(rows: Sequence[Row]) -> Row:
    return max(rows, key=lambda row: (proven_gap(row)[0], seconds_of(row)))


def _seeds_text(rows: Sequence[Row]) -> str:
    seeds = f"the worst of {len(rows)} seed{'s' * (len(rows) > 1)}"
    gaps = [proven_gap(row)[0] for row in rows]
    return (
        f"{_gap_text(_worst(rows))}, {seeds}, median {_per_cent(median_low(gaps))}; "
        f"{sum(gap == 0 for gap in gaps)} proved"
    )


def _gap_text(row: Row) -> str:
    share, tier = proven_gap(row)
    late = ", late" if is_over_time(row) else ""
    if isinf(share):
        return f"no bound of {tier} after {seconds_of(row):.0f} s{late}"
    return f"{share:.2f} % ({tier}) after {seconds_of(row):.0f} s{late}"


def _by_size(found: dict[str, list[Row]], members: Sequence[Spec], size: str) -> Line:
    rows = {
        spec.name: _worst(good)
        for spec in members
        if (good := [row for row in found.get(spec.name, []) if row.counts])
    }
    if not rows:
        return Line(MARK, size, Word.MISSING)
    gaps = {name: proven_gap(row)[0] for name, row in rows.items()}
    least, most = min(gaps, key=gaps.__getitem__), max(gaps, key=gaps.__getitem__)
    text = (
        f"{sum(share == 0 for share in gaps.values())} of {len(gaps)} proved; "
        f"least {least} {_gap_text(rows[least])}, median {_per_cent(median_low(gaps.values()))}, "
        f"most {most} {_gap_text(rows[most])}"
    )
    if len(rows) < len(members):
        text += f"; {len(members) - len(rows)} not measured or without a plan"
    return Line(MARK, size, Word.NO_LIMIT, text)


def proof_measure_table(rows: Sequence[Row]) -> str:
    """Every instance of `proof`: gaps by tier, median of the seeds and the worst in brackets.

    Value and bound are those of exposure in the worst seed.
    """
    found = proofs_of([row for row in rows if row.counts])
    tiers: tuple[str, ...] = max((some[0].tiers for some in found.values()), key=len, default=())
    head = ("instance", "people", "seeds", "value", "bound", *tiers, "seconds", "processor s")
    lines = [line_of(head), line_of(["---"] * len(head))]
    lines += [
        _table_line(name, some, tiers)
        for name, some in sorted(found.items(), key=lambda item: (item[1][0].people, item[0]))
    ]
    return "\n".join(lines)


def _table_line(name: str, rows: Sequence[Row], tiers: Sequence[str]) -> str:
    row = _worst(rows)
    bound = row.bounds[row.main] if row.bounds else None
    cells = (
        name, str(row.people), str(len(rows)), f"{row.values[row.main]:,}",
        "–" if bound is None else f"{bound:,}", *(_tier_cell(rows, tier) for tier in tiers),
        _spread([r.seconds for r in rows]), _spread([r.figure("cpu_s") for r in rows]),
    )  # fmt: skip
    return line_of(cells)


def _tier_cell(rows: Sequence[Row], tier: str) -> str:
    gaps = [tier_gaps(row)[tier] for row in rows if tier in row.tiers]
    if not gaps:
        return ""
    middle, most = _per_cent(median_low(gaps)), _per_cent(max(gaps))
    return middle if middle == most else f"{middle} ({most})"


def _spread(values: Sequence[float]) -> str:
    middle, most = f"{median_low(values):.0f}", f"{max(values):.0f}"
    return middle if middle == most else f"{middle} ({most})"


def _per_cent(share: float) -> str:
    if isinf(share):
        return "no bound"
    return "0" if share == 0 else f"{share:.2f} %"
