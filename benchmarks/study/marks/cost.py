"""Marks of time and memory: urgent placements, and cost against size."""

from collections.abc import Iterator, Sequence

from benchmarks.study.marks.lines import Line, Word
from benchmarks.study.measures.registry import MEASURES
from benchmarks.study.rows import Row

URGENT_MS = 50.0
COMPARED_WITH = "prison_1000"


def urgent(rows: Sequence[Row]) -> Iterator[Line]:
    """99th percentile of one answer, the worst of the seeds; the limit is for 1,000 people."""
    mark = "(v) urgent placement"
    for spec, some in _of_measure(rows, "urgent"):
        done, lost = _done_and_lost(some)
        if lost or not done:
            yield Line(mark, spec, Word.FAILS if lost else Word.MISSING, lost)
            continue
        worst = max(row.figure("p99_ms") for row in done)
        word, text = Word.NO_LIMIT, _urgent_text(done)
        if spec in MEASURES["urgent"]:
            word = Word.HOLDS if worst < URGENT_MS else Word.FAILS
            text += f"; p99 below {URGENT_MS:g} ms"
        yield Line(mark, spec, word, text)


def _urgent_text(done: Sequence[Row]) -> str:
    """Figures of the seed with the largest 99th percentile."""
    row = max(done, key=lambda row: row.figure("p99_ms"))
    p50, p99, first, most = (row.figure(f"{name}_ms") for name in ("p50", "p99", "first", "most"))
    return (
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, first {first:.1f} ms, most {most:.1f} ms of "
        f"{row.figure('calls'):.0f} calls, the worst of {len(done)} seed{'s' * (len(done) > 1)}"
    )


def scaling(rows: Sequence[Row]) -> Iterator[Line]:
    """Seconds per person of a quick solve with its ratio to 1,000 people, and largest memory."""
    mark, found = "(vi) cost against size", _of_measure(rows, "scaling")
    base = next((_done_and_lost(some)[0] for spec, some in found if spec == COMPARED_WITH), [])
    for spec, some in found:
        done, lost = _done_and_lost(some)
        if lost or not done:
            yield Line(mark, spec, Word.FAILS if lost else Word.MISSING, lost)
            continue
        yield Line(mark, spec, Word.NO_LIMIT, _cost_text(done, base))


def _cost_text(done: Sequence[Row], base: Sequence[Row]) -> str:
    row, memory = middle_by_time(done), max(row.megabytes for row in done)
    each = row.seconds / row.people
    ratio = ""
    if base:
        per_person = middle_by_time(base)
        ratio = f", {each / (per_person.seconds / per_person.people):.2f} times that at 1,000"
    making = sum(row.figure(name) for name in ("build_s", "read_s", "prepare_s"))
    return (
        f"{1000 * each:.2f} ms per person{ratio}; {row.seconds:.1f} s to solve, {making:.1f} s to "
        f"build and prepare, {row.figure('tables_s'):.2f} s to compile, "
        f"{row.figure('start_s'):.0f} s to start; {memory:,} MB"
    )


def middle_by_time(rows: Sequence[Row]) -> Row:
    """The row of the lower median of seconds."""
    return sorted(rows, key=lambda row: row.seconds)[(len(rows) - 1) // 2]


def _of_measure(rows: Sequence[Row], measure: str) -> list[tuple[str, list[Row]]]:
    """Rows of a measure by spec, those that the mark asks for first."""
    some = [row for row in rows if row.method == measure]
    names = dict.fromkeys((*MEASURES[measure], *sorted({row.spec for row in some})))
    return [(name, [row for row in some if row.spec == name]) for name in names]


def _done_and_lost(rows: Sequence[Row]) -> tuple[list[Row], str]:
    """Rows that ended lawfully, and what is said of the first that did not."""
    lost = [row for row in rows if row.status != "done" or not row.lawful or row.verified is False]
    done = [row for row in rows if row not in lost]
    return done, f"seed {lost[0].seed} {lost[0].status}: {lost[0].note}" if lost else ""
