"""The study's commands: ``python -m benchmarks.study COMMAND``; ``--help`` names them."""

import argparse
import signal
import sys
import time

from benchmarks.study.best import better_of, read_best, write_best
from benchmarks.study.files import store_all
from benchmarks.study.marks.proof import proof_measure_table
from benchmarks.study.marks.text import marks_text, rows_of
from benchmarks.study.options import OUT, read_options
from benchmarks.study.report import table_parts, write_report
from benchmarks.study.rows import Row
from benchmarks.study.run import Job, do_missing, jobs_of
from benchmarks.study.specs import SPECS


def _run(options: argparse.Namespace) -> list[Row]:
    specs = tuple(options.specs or options.default_specs)
    budgets = tuple(options.budgets) if options.budgets else None
    seeds = range(1, options.seeds + 1)
    return do_missing(jobs_of(specs, options.methods, seeds, budgets), options.rows)


def _smoke(options: argparse.Namespace) -> None:
    """Always anew: a smoke test that finds its rows already there tests nothing."""
    started = time.monotonic()
    options.rows.unlink(missing_ok=True)
    rows = _run(options)
    write_report(options.rows, with_plots=False)
    for heading, body in table_parts(rows).items():
        print(f"\n{heading}\n\n{body}")
    print(f"\n{len(rows)} runs in {time.monotonic() - started:.0f} s; written to {options.rows}")


def _study(options: argparse.Namespace) -> None:
    _run(options)
    print(f"Written: {write_report(options.rows, with_plots=not options.no_plots)}")


def _best(options: argparse.Namespace) -> None:
    write_best(better_of(read_best(), _run(options)))
    print("Written: best_known.csv")


def _measure(options: argparse.Namespace) -> None:
    specs = options.specs or options.default_specs
    seeds = range(1, options.seeds + 1)
    jobs = (Job(s, options.command, k, 0.0) for k in seeds for s in specs)
    rows = do_missing(jobs, options.rows)
    if options.command == "proof":
        print(proof_measure_table(rows))
    print(f"Rows: {options.rows}; `marks` reads them.")


def _marks(options: argparse.Namespace) -> None:
    own = [path for name in ("study", "measures") if (path := OUT / f"{name}.csv").exists()]
    rows = rows_of(options.rows or own)
    print(marks_text(rows, better_of(read_best(), rows), SPECS))


def main() -> int:
    """Do what the command line says; an interrupted run ends its child and leaves no row."""
    options = read_options()
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's job in the background ignores SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        _do(options)
    except KeyboardInterrupt:
        print("Interrupted. Whole rows are kept; started again it goes on.", file=sys.stderr)
        return 130
    return 0


def _do(options: argparse.Namespace) -> None:
    match options.command:
        case "smoke":
            _smoke(options)
        case "study":
            _study(options)
        case "best":
            _best(options)
        case "urgent" | "scaling" | "proof":
            _measure(options)
        case "marks":
            _marks(options)
        case "report":
            path = write_report(options.rows, with_plots=not options.no_plots)
            print(f"Written: {path}")
        case _:
            store_all(tuple(options.specs or ()))


if __name__ == "__main__":
    sys.exit(main())
