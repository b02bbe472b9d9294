"""Plots of rows: quality over time, performance profile, cost against size."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from benchmarks.study.best import Best
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.rows import Row
from benchmarks.study.table import gap, grouped, middle

mpl.use("Agg")
LEAST_PER_CENT, WORST = 0.01, 1e4
LOOKS = {
    method: {"marker": marker, "color": f"C{k}", "label": method}
    for k, (method, marker) in enumerate(zip(METHODS, "osv^DPX", strict=True))
}


def write_plots(rows: Sequence[Row], best: dict[str, Best], folder: Path) -> None:
    """One SVG per plot; quality over time has one panel per instance."""
    folder.mkdir(parents=True, exist_ok=True)
    _quality(rows, best, folder / "quality_over_time.svg")
    _profile(rows, best, folder / "performance_profile.svg")
    _cost(rows, folder / "cost_against_size.svg")


def _figure(rows: int, columns: int) -> tuple[Any, Any]:
    from matplotlib import pyplot as plt

    made: tuple[Any, Any] = plt.subplots(
        rows, columns, figsize=(4.2 * columns, 3.2 * rows), squeeze=False, layout="constrained"
    )
    return made


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot as plt

    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _gap_of(row: Row | None, best: Best | None) -> float:
    """Gap in per cent, between the least that is drawn and the worst."""
    distance = None if row is None or best is None else gap(row, best)
    return WORST if distance is None else min(WORST, max(LEAST_PER_CENT, distance))


def _quality(rows: Sequence[Row], best: dict[str, Best], path: Path) -> None:
    """Median gap over the budgets; every point is a run of its own with that budget."""
    lines: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for (spec, budget), by_method in sorted(grouped(rows).items()):
        for method, some in by_method.items():
            lines[spec][method].append((budget, _gap_of(middle(some), best.get(spec))))
    columns = 4
    figure, axes = _figure(max(1, -(-len(lines) // columns)), columns)
    for panel, (spec, by_method_points) in zip(axes.flat, sorted(lines.items()), strict=False):
        for method in (m for m in METHODS if m in by_method_points):
            times, gaps = zip(*by_method_points[method], strict=True)
            panel.plot(times, gaps, **LOOKS[method])
        panel.set(title=spec, xscale="log", yscale="log", xlabel="seconds", ylabel="gap, %")
        panel.set_ylim(LEAST_PER_CENT / 2, 2 * WORST)
    for panel in axes.flat[len(lines) :]:
        panel.axis("off")
    names = {line.get_label(): line for panel in axes.flat for line in panel.get_lines()}
    figure.legend(names.values(), names.keys(), loc="outside upper center", ncols=len(METHODS))
    _save(figure, path)


def _profile(rows: Sequence[Row], best: dict[str, Best], path: Path) -> None:
    """Share of runs within a gap of the best known, every spec, budget and seed one run."""
    figure, axes = _figure(1, 1)
    panel = axes[0, 0]
    for method in METHODS:
        gaps = sorted(
            _gap_of(row if row.counts else None, best.get(row.spec))
            for row in rows
            if row.method == method and row.status != "unsupported"
        )
        if gaps:
            shares = np.arange(1, len(gaps) + 1) / len(gaps)
            panel.step(gaps, shares, where="post", color=LOOKS[method]["color"], label=method)
    panel.set(xscale="log", xlabel="gap to the best known, %", ylabel="share of runs", ylim=(0, 1))
    panel.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    _save(figure, path)


def _cost(rows: Sequence[Row], path: Path) -> None:
    """Largest memory, and the time until within 1 % of the run's own last value, by people."""
    figure, axes = _figure(1, 2)
    for method in METHODS:
        some = [row for row in rows if row.method == method and row.counts]
        people = sorted({row.people for row in some})
        if not people:
            continue
        memory = [max(r.megabytes for r in some if r.people == n) for n in people]
        axes[0, 0].plot(people, memory, **LOOKS[method])
        waits = [np.median([_settled(r) for r in some if r.people == n]) for n in people]
        axes[0, 1].plot(people, waits, **LOOKS[method])
    axes[0, 0].set(xscale="log", yscale="log", xlabel="people", ylabel="MB")
    axes[0, 1].set(xscale="log", yscale="log", xlabel="people", ylabel="seconds to within 1 %")
    axes[0, 0].legend(fontsize="small")
    _save(figure, path)


def _settled(row: Row) -> float:
    """Seconds until the first reported placement within 1 % of the last, at least 0.01."""
    last = row.values[row.main]
    for at, values in row.path:
        same = values[: row.main] == row.values[: row.main]
        if same and values[row.main] <= last + 0.01 * abs(last):
            return max(0.01, at)
    return max(0.01, row.seconds)
