"""All marks as Markdown, from the rows of one or more files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.study.best import Best
from benchmarks.study.marks import cost, proof, quality
from benchmarks.study.marks.lines import Line
from benchmarks.study.report import where_measured
from benchmarks.study.rows import Row, read_rows
from benchmarks.study.specs import Spec
from benchmarks.study.table import beaten_table, grouped, line_of

NOTES = (
    "A mark holds only where every run that it needs is there, and (i) and (iii) only where "
    "somebody has searched for longer. Medians over the seeds are lower medians in the order of "
    "tiers. A late run (*) holds at no time. Who is equal at the best known counts as close "
    "enough. (iv) is read from the measure `proof` alone: the worst tier down to exposure, the "
    "worst seed."
)


def rows_of(paths: Sequence[Path]) -> list[Row]:
    """Rows of all files; of a run that is in several of them, the last file's row."""
    found: dict[object, Row] = {}
    for path in paths:
        found |= {row.key: row for row in read_rows(path)}
    return list(found.values())


def mark_lines(rows: Sequence[Row], best: dict[str, Best], specs: Sequence[Spec]) -> list[Line]:
    """Every mark of every family, size or instance."""
    found = grouped(rows)
    return [
        *quality.near_best(found, best, specs),
        *quality.never_worse(found, specs),
        *quality.many_times_closer(found, best, specs),
        *proof.proved(rows, specs),
        *cost.urgent(rows),
        *cost.scaling(rows),
    ]


def marks_text(rows: Sequence[Row], best: dict[str, Best], specs: Sequence[Spec]) -> str:
    """The table of marks, and the list of comparisons in which ours is worse."""
    late_enough = [row for row in rows if row.budget >= quality.FIRST_SECONDS]
    late_enough += [row for row in rows if row.method == "first_fit" and row not in late_enough]
    return "\n".join(
        (
            "# Marks", "", *where_measured(rows), "", NOTES, "",
            _table(mark_lines(rows, best, specs)), "",
            "## Where ours is worse, from 2 s on", "", beaten_table(late_enough, best),
        )
    )  # fmt: skip


def _table(lines: Iterable[Line]) -> str:
    head = [line_of(("mark", "of", "", "")), line_of(["---"] * 4)]
    return "\n".join([*head, *(line_of((m.mark, m.of, m.word, m.detail)) for m in lines)])
