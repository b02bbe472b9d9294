"""Plots of rows: quality over time, performance profile, cost against size."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from benchmarks.study.best import Best
from benchmarks.study.marks.cost import middle_by_time
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.rows import Row
from benchmarks.study.table import gap, grouped, middle

mpl.use("Agg")
LEAST, MOST, LOST = 0.01, 500.0, 1_500.0
"""Gaps in per cent that are drawn, and where runs stand that have none."""
GAPS = {0.01: "≤ 0.01", 0.1: "0.1", 1.0: "1", 10.0: "10", 100.0: "100", LOST: "tier"}
FEWEST, COLUMNS, DODGE = 3, 4, 0.04
EARLY = 0.2, 1.0  # seconds named before the first budget; a way is drawn from the first one on
NOTE = "“tier”: an earlier tier is worse than the best known, or there is no lawful placement"
LOOKS: dict[str, dict[str, Any]] = {
    method: {"marker": marker, "color": f"C{k}", "label": method, "markersize": 5}
    for k, (method, marker) in enumerate(zip(METHODS, "osv^DPX", strict=True))
}
QUICK = LOOKS["ours"] | {"label": "ours, quick", "linestyle": ":", "markerfacecolor": "white"}


def write_plots(rows: Sequence[Row], best: dict[str, Best], folder: Path) -> None:
    """One SVG per plot that there are rows for."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = [row for row in rows if row.method in METHODS and row.status != "unsupported"]
    if runs:
        _quality(runs, best, folder / "quality_over_time.svg")
        _profile(runs, best, folder / "performance_profile.svg")
    done = [row for row in rows if row.method in {*METHODS, "scaling"} and row.status == "done"]
    if done:
        _cost(done, folder / "cost_against_size.svg")


def _figure(panels: int, columns: int) -> tuple[Any, Any]:
    from matplotlib import pyplot as plt

    rows = -(-panels // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(3.6 * columns, 2.6 * rows + 0.6), squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for panel in axes.flat[panels:]:
        panel.axis("off")
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot as plt

    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _gap_of(row: Row | None, best: Best | None) -> float:
    """Gap in per cent as it is drawn."""
    distance = None if row is None or best is None else gap(row, best)
    return LOST if distance is None else min(MOST, max(LEAST, distance))


def _plain(axis: Any, ticks: Iterable[float], labels: Iterable[str]) -> None:
    """Ticks with words instead of powers of ten."""
    axis.set_minor_locator(mpl.ticker.NullLocator())
    axis.set_ticks(list(ticks), list(labels))


def _thousands(axis: Any, *steps: float) -> None:
    """Whole numbers on a logarithmic axis."""
    axis.set_major_locator(mpl.ticker.LogLocator(subs=steps))
    axis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    axis.set_minor_locator(mpl.ticker.NullLocator())


def _legend(figure: Any, axes: Any) -> None:
    names = {line.get_label(): line for panel in axes.flat for line in panel.get_lines()}
    shown = {name: names[name] for name in METHODS if name in names}
    figure.legend(
        shown.values(), shown.keys(), loc="outside upper center", ncols=len(shown), frameon=False
    )


def _quality(rows: Sequence[Row], best: dict[str, Best], path: Path) -> None:
    """Median gap over the budgets, every point a run of its own; the way of the longest one."""
    lines: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    ways: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(dict)
    for (spec, budget), by_method in sorted(grouped(rows).items()):
        for method, some in by_method.items():
            row, known = middle(some), best.get(spec)
            lines[spec][method].append((budget, _gap_of(row, known)))
            ways[spec][method] = [] if row is None else way_of(row, known)
    figure, axes = _figure(len(lines), COLUMNS)
    for k, (spec, points) in enumerate(sorted(lines.items())):
        panel = axes.flat[k]
        _quality_panel(panel, points, ways[spec])
        panel.set_title(spec, fontsize="medium")
        if k % COLUMNS == 0:
            panel.set_ylabel("gap, %")
        if k + COLUMNS >= len(lines):
            panel.set_xlabel("seconds")
    _legend(figure, axes)
    words = "Thin lines are the way of the median run of the longest time; the dotted one is 1 %"
    figure.supxlabel(f"{words}; {NOTE}.", fontsize="small")
    _save(figure, path)


def way_of(row: Row, best: Best | None) -> list[tuple[float, float]]:
    """Seconds and gap as it is drawn of each placement that a run reported and that was better."""
    found: list[tuple[float, float]] = []
    least = None
    for at, values in row.path:
        if least is None or values[: row.main + 1] < least:
            least = values[: row.main + 1]
            found.append((at, _gap_of(replace(row, values=values), best)))
    return found


def _quality_panel(
    panel: Any,
    points: dict[str, list[tuple[float, float]]],
    ways: dict[str, list[tuple[float, float]]],
) -> None:
    """One instance; methods stand a little beside one another so that equal ones are seen."""
    methods = [method for method in METHODS if method in points]
    for k, method in enumerate(methods):
        beside = (1 + DODGE) ** (k - (len(methods) - 1) / 2)
        times, gaps = zip(*points[method], strict=True)
        panel.plot(np.array(times) * beside, gaps, **LOOKS[method])
        if len(ways[method]) > 1:
            way = [*ways[method], (times[-1], ways[method][-1][1])]
            color = LOOKS[method]["color"]
            panel.step(*zip(*way, strict=True), where="post", color=color, linewidth=0.6)
    panel.axhline(1, color="0.6", linewidth=0.8, linestyle=":")
    budgets = sorted({budget for some in points.values() for budget, _ in some})
    panel.set(xscale="log", yscale="log", ylim=(LEAST / 2, 2 * LOST))
    began = min([budgets[0], *(max(EARLY[0], way[0][0]) for way in ways.values() if len(way) > 1)])
    panel.set_xlim(began / 1.4, budgets[-1] * 1.4)
    ticks = sorted({*budgets, *(second for second in EARLY if began <= second < budgets[-1])})
    _plain(panel.xaxis, ticks, (f"{second:g}" for second in ticks))
    _plain(panel.yaxis, GAPS.keys(), GAPS.values())


def _profile(rows: Sequence[Row], best: dict[str, Best], path: Path) -> None:
    """Share of a method's runs within a gap of the best known, one panel for each budget."""
    gaps: dict[float, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (spec, budget), by_method in grouped(rows).items():
        for method, some in by_method.items():
            gaps[budget][method] += [
                _gap_of(row if row.counts else None, best.get(spec)) for row in some
            ]
    most = max(len(some) for by_method in gaps.values() for some in by_method.values())
    wide_enough = [b for b in sorted(gaps) if max(map(len, gaps[b].values())) >= min(FEWEST, most)]
    figure, axes = _figure(len(wide_enough), min(COLUMNS, len(wide_enough)))
    for panel, budget in zip(axes.flat, wide_enough, strict=False):
        _profile_panel(panel, gaps[budget])
        panel.set_title(f"after {budget:g} s", fontsize="medium")
        panel.set_xlabel("gap to the best known, at most %")
    axes[0, 0].set_ylabel("share of runs")
    _save(figure, path)


def _profile_panel(panel: Any, gaps: dict[str, list[float]]) -> None:
    """Steps that end below 1 where some runs have no gap."""
    for method in (m for m in METHODS if gaps.get(m)):
        total, some = len(gaps[method]), sorted(g for g in gaps[method] if g < LOST)
        x = [LEAST / 2, *some, 2 * MOST]
        y = np.array([0, *range(1, len(some) + 1), len(some)]) / total
        label = f"{method} ({total})"
        panel.step(x, y, where="post", color=LOOKS[method]["color"], label=label)
    panel.set(xscale="log", xlim=(LEAST / 2, 2 * MOST), ylim=(0, 1.02))
    ticks = [gap_drawn for gap_drawn in GAPS if gap_drawn < LOST]
    _plain(panel.xaxis, ticks, (GAPS[tick] for tick in ticks))
    panel.legend(fontsize="small", title="runs", title_fontsize="small", loc="lower right")


def _cost(rows: Sequence[Row], path: Path) -> None:
    """Largest memory of each method by people; seconds by people where scaling was measured."""
    scaled = [row for row in rows if row.method == "scaling"]
    figure, axes = _figure(1 + bool(scaled), 1 + bool(scaled))
    for method in (*METHODS, "scaling"):
        some = [row for row in rows if row.method == method]
        people = sorted({row.people for row in some})
        memory = [max(r.megabytes for r in some if r.people == n) for n in people]
        look = LOOKS.get(method, QUICK)
        if people:
            axes[0, 0].plot(people, memory, linewidth=1, **look)
    axes[0, 0].set(xscale="log", yscale="log", xlabel="people", ylabel="largest memory, MB")
    axes[0, 0].set_ylim(100, 1.5 * max(row.megabytes for row in rows))
    _thousands(axes[0, 0].yaxis, 1, 2, 5)
    if scaled:
        _cost_panel(axes[0, 1], scaled)
    for panel in axes.flat:
        _thousands(panel.xaxis, 1, 3)
        panel.legend(fontsize="small")
    _save(figure, path)


def _cost_panel(panel: Any, rows: Sequence[Row]) -> None:
    """Milliseconds per person of solving and of making an instance; level where cost is linear."""
    people = sorted({row.people for row in rows})
    rows = [middle_by_time([row for row in rows if row.people == n]) for n in people]
    made = [sum(row.figure(f"{step}_s") for step in ("build", "read", "prepare")) for row in rows]
    each = {"quick solve": [row.seconds for row in rows], "build, read and prepare": made}
    for (label, seconds), marker in zip(each.items(), "os", strict=True):
        panel.plot(people, 1000 * np.array(seconds) / people, marker=marker, label=label)
    panel.set(xscale="log", xlabel="people", ylabel="ms per person")
    panel.set_ylim(bottom=0)
