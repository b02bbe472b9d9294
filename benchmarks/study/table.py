"""Rows as Markdown: gaps to the best known, where ours is beaten, and what was measured."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.study.best import Best
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.rows import Row

Group = tuple[str, float]


def grouped(rows: Iterable[Row]) -> dict[Group, dict[str, list[Row]]]:
    """Rows of methods by spec and budget, then by method; first fit stands in every budget."""
    found: dict[Group, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    whole = [row for row in rows if row.method in METHODS]
    for row in whole:
        found[row.spec, row.budget][row.method].append(row)
    for row in whole:
        if row.method == "first_fit":
            for spec, budget in list(found):
                if spec == row.spec and not found[spec, budget]["first_fit"]:
                    found[spec, budget]["first_fit"].append(row)
    return found


def middle(rows: Sequence[Row]) -> Row | None:
    """The lower median by tier values among lawful placements, runs without one being worst."""
    good = sorted((row for row in rows if row.counts), key=lambda row: row.values)
    place = (len(rows) - 1) // 2
    return good[place] if 0 <= place < len(good) else None


def gap(row: Row, best: Best) -> float | None:
    """Per cent from the best known in the main tier; None if an earlier tier is worse."""
    if row.values[: row.main] != best.values[: best.main]:
        return None
    value, least = row.values[row.main], best.values[best.main]
    return 100.0 * (value - least) / max(1, abs(least))


def gap_table(rows: Iterable[Row], best: dict[str, Best]) -> str:
    """Median gap of every method for each spec and budget."""
    found = grouped(rows)
    methods = [m for m in METHODS if any(m in by_method for by_method in found.values())]
    head = ("instance", "seconds", "seeds", "best known", *methods)
    lines = [line_of(head), line_of(["---"] * len(head))]
    for spec, budget in sorted(found):
        by_method = found[spec, budget]
        known = best.get(spec)
        value = "–" if known is None else str(known.values[known.main])
        seeds = max(len(r) for r in by_method.values())
        cells = [cell_of(by_method.get(m, []), known) for m in methods]
        lines.append(line_of([spec, f"{budget:g}", str(seeds), value, *cells]))
    return "\n".join(lines)


def cell_of(rows: Sequence[Row], best: Best | None) -> str:
    """Median gap with marks: * late, a tier's name where an earlier tier is worse."""
    if not rows:
        return ""
    row = middle(rows)
    if row is None or best is None:
        return rows[0].status if rows[0].status != "done" else "unlawful"
    distance = gap(row, best)
    late = "*" if any(r.is_late for r in rows) else ""
    if distance is None:
        first = next(k for k, v in enumerate(row.values) if v != best.values[k])
        return f"{row.tiers[first]} +{row.values[first] - best.values[first]}{late}"
    return f"{distance:.2f} %{late}"


def beaten_table(rows: Iterable[Row], best: dict[str, Best]) -> str:
    """Every spec and budget where the median of a peer is better than the median of ours."""
    head = ("instance", "seconds", "peer", "ours", "peer's", "worse by", "ours by seed")
    lines = [line_of(head), line_of(["---"] * len(head))]
    found = sorted(grouped(rows).items())
    if not any("ours" in by_method and len(by_method) > 1 for _, by_method in found):
        return "Nothing was compared."
    for (spec, budget), by_method in found:
        mine = by_method.get("ours", [])
        for method, theirs in by_method.items():
            if mine and method != "ours" and is_better(middle(theirs), middle(mine)):
                known = best.get(spec)
                cells = (cell_of(mine, known), cell_of(theirs, known), worse_by(mine, theirs))
                lines.append(line_of((spec, f"{budget:g}", method, *cells, _by_seed(mine, theirs))))
    return "\n".join(lines) if len(lines) > 2 else "Nowhere."


def worse_by(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    """How much worse the median of ours is: points of an earlier tier, or per cent of the main."""
    mine, better = middle(ours), middle(theirs)
    if mine is None or better is None:
        return "no lawful placement"
    first = next(k for k, v in enumerate(mine.values) if v != better.values[k])
    lost = mine.values[first] - better.values[first]
    if first < mine.main:
        return f"{mine.tiers[first]} +{lost}"
    return f"{100 * lost / max(1, abs(better.values[first])):.2f} %"


def is_better(row: Row | None, ours: Row | None) -> bool:
    """Whether a peer's row is better than ours, down to the main tier."""
    if row is None or ours is None:
        return row is not None
    return row.values[: row.main + 1] < ours.values[: ours.main + 1]


def _by_seed(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    """Won, equal and lost seeds of ours, down to the main tier."""
    score = [0, 0, 0]
    by_seed = {row.seed: row for row in theirs if row.counts}
    for row in ours:
        if row.counts and row.seed in by_seed:
            a, b = row.values[: row.main + 1], by_seed[row.seed].values[: row.main + 1]
            score[0 if a < b else 1 if a == b else 2] += 1
    return "{} won, {} equal, {} lost".format(*score)


def ratio_table(rows: Iterable[Row], best: dict[str, Best], families: dict[str, str]) -> str:
    """By family and budget: median gaps over the instances, of ours and of two peers."""
    gaps: dict[tuple[str, float], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (spec, budget), by_method in grouped(rows).items():
        for method, some in by_method.items():
            row = middle(some)
            distance = gap(row, best[spec]) if row and spec in best else None
            gaps[families[spec], budget][method].append(
                float("inf") if distance is None else distance
            )
    lines = [line_of(("family", "seconds", "ours", "annealing", "alns")), line_of(["---"] * 5)]
    for (family, budget), by_method_gaps in sorted(gaps.items()):
        cells = [_median(by_method_gaps.get(m, [])) for m in ("ours", "annealing", "alns")]
        lines.append(line_of((family, f"{budget:g}", *cells)))
    return "\n".join(lines)


def _median(values: Sequence[float]) -> str:
    if not values:
        return ""
    middle_value = median(values)
    return "earlier tier worse" if middle_value == float("inf") else f"{middle_value:.2f} %"


def proof_table(rows: Iterable[Row]) -> str:
    """Proven gap of ours in the main tier: from its bound to its value, median of seeds."""
    lines = [line_of(("instance", "seconds", "value", "bound", "gap")), line_of(["---"] * 5)]
    for (spec, budget), by_method in sorted(grouped(rows).items()):
        row = middle(by_method.get("ours", []))
        if row is None or not row.bounds:
            continue
        value, bound = row.values[row.main], row.bounds[row.main]
        share = "–" if bound is None else f"{100 * (value - bound) / max(1, abs(value)):.1f} %"
        lines.append(line_of((spec, f"{budget:g}", str(value), str(bound), share)))
    return "\n".join(lines)


def cost_table(rows: Iterable[Row]) -> str:
    """Largest memory and latest end of every method on every spec."""
    lines = [line_of(("instance", "people", "method", "MB", "latest end, s of budget"))]
    lines.append(line_of(["---"] * 5))
    by_run: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.status == "done":
            by_run[row.people, row.spec, row.method].append(row)
    for (people, spec, method), some in sorted(by_run.items()):
        worst = max(some, key=lambda row: row.seconds - row.budget)
        most = str(max(row.megabytes for row in some))
        end = f"{worst.seconds:.1f} of {worst.budget:g}"
        lines.append(line_of((spec, str(people), method, most, end)))
    return "\n".join(lines)


def notes(rows: Iterable[Row]) -> str:
    """What could not be run or compared, each once."""
    said: dict[str, None] = {}
    for row in rows:
        if row.status != "done":
            said[f"- {row.spec}, {row.method}: {row.status}: {row.note}"] = None
        elif not row.lawful:
            said[f"- {row.spec}, {row.method}, seed {row.seed}: not lawful: {row.note}"] = None
        elif row.verified is False:
            said[f"- {row.spec}, {row.method}, seed {row.seed}: NOT VERIFIED"] = None
    return "\n".join(said) or "Nothing."


def line_of(cells: Iterable[str]) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(cells) + " |"
