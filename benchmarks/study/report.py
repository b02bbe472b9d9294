"""The report of a file of rows: Markdown with tables, and plots beside it."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.study import table
from benchmarks.study.best import better_of, read_best
from benchmarks.study.marks.proof import proof_measure_table, proofs_of
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.rows import Row, read_rows


def write_report(rows_path: Path, *, with_plots: bool) -> Path:
    """Write `NAME.md` beside `NAME.csv`, and plots if wanted; the path of the report."""
    rows = read_rows(rows_path)
    best = better_of(read_best(), rows)
    path = rows_path.with_suffix(".md")
    path.write_text(_text(rows_path.stem, rows, table_parts(rows)), encoding="utf-8")
    if with_plots:
        from benchmarks.study.plots import write_plots

        write_plots(rows, best, rows_path.parent / f"{rows_path.stem}_plots")
    return path


def table_parts(rows: list[Row]) -> dict[str, str]:
    """The tables by heading."""
    best = better_of(read_best(), rows)
    proofs = {"Proven gap by tier at normal effort": proof_measure_table(rows)}
    if not proofs_of(rows):
        proofs = {}
    rows = [row for row in rows if row.method in METHODS]
    families = {row.spec: row.family for row in rows}
    return proofs | {
        "Gap to the best known value, median of the seeds": table.gap_table(rows, best),
        "Where ours is beaten": table.beaten_table(rows, best),
        "By family, against annealing and alns": table.ratio_table(rows, best, families),
        "Proven gap of ours at quick effort": table.proof_table(rows),
        "Memory and time": table.cost_table(rows),
        "Not run, not lawful or not verified": table.notes(rows),
    }


def _text(name: str, rows: list[Row], parts: dict[str, str]) -> str:
    late = "An asterisk: a run ended more than 10 % and half a second after its budget."
    lines = [f"# Benchmark: {name}", "", *where_measured(rows), "", late, ""]
    for heading, body in parts.items():
        lines += [f"## {heading}", "", body, ""]
    return "\n".join(lines)


def where_measured(rows: Iterable[Row]) -> list[str]:
    """Machines, versions and commits of the rows, each once."""
    said = {
        f"- {r.cpu}, {r.cores} cores, Python {r.python}, {r.packages}, commit {r.commit}": None
        for r in rows
        if r.cpu
    }
    return list(said)
