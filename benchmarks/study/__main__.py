"""The study's commands: ``python -m benchmarks.study smoke|study|best|report|store``.

smoke : every method on three small instances, one second each, in under two minutes.
study : all of it, seeds 1-10; started again it does what is missing.
best : long runs of the strongest methods; what they improve goes to `best_known.csv`.
report : tables and plots from a file of rows. store : instance files of new specs.
"""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.study.best import better_of, read_best, write_best
from benchmarks.study.environment import ROOT
from benchmarks.study.files import store_all
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.report import table_parts, write_report
from benchmarks.study.rows import Row
from benchmarks.study.run import do_missing, jobs_of
from benchmarks.study.specs import BY_NAME, SMOKE

OUT = ROOT / "out" / "bench"
STRONGEST = ("ours", "annealing", "alns")
SMOKE_SECONDS, BEST_SECONDS = 1.0, 1_800.0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.study", description=__doc__)
    parser.add_argument("command", choices=("smoke", "study", "best", "report", "store"))
    parser.add_argument("--specs", nargs="*", choices=sorted(BY_NAME), metavar="SPEC")
    parser.add_argument("--methods", nargs="*", choices=tuple(METHODS), metavar="METHOD")
    parser.add_argument("--seeds", type=int, default=10, help="seeds 1 to this")
    parser.add_argument("--budgets", nargs="*", type=float, metavar="SECONDS")
    parser.add_argument("--rows", type=Path, help="file of rows to add to or report")
    parser.add_argument("--no-plots", action="store_true")
    return parser.parse_args()


def _run(options: argparse.Namespace, path: Path, methods: tuple[str, ...]) -> list[Row]:
    budgets = tuple(options.budgets) if options.budgets else None
    specs = tuple(options.specs or BY_NAME)
    chosen = tuple(options.methods or methods)
    return do_missing(jobs_of(specs, chosen, range(1, options.seeds + 1), budgets), path)


def _smoke(options: argparse.Namespace) -> None:
    """Always anew: a smoke test that finds its rows already there tests nothing."""
    started, path = time.monotonic(), options.rows or OUT / "smoke.csv"
    path.unlink(missing_ok=True)
    options.specs, options.seeds = options.specs or list(SMOKE), 1
    options.budgets = options.budgets or [SMOKE_SECONDS]
    rows = _run(options, path, tuple(METHODS))
    write_report(path, with_plots=False)
    for heading, body in table_parts(rows).items():
        print(f"\n{heading}\n\n{body}")
    print(f"\n{len(rows)} runs in {time.monotonic() - started:.0f} s; written to {path}")


def _study(options: argparse.Namespace) -> None:
    path = options.rows or OUT / "study.csv"
    _run(options, path, tuple(METHODS))
    print(f"Written: {write_report(path, with_plots=not options.no_plots)}")


def _best(options: argparse.Namespace) -> None:
    options.budgets = options.budgets or [BEST_SECONDS]
    options.seeds = min(options.seeds, 1) if not options.rows else options.seeds
    rows = _run(options, options.rows or OUT / "best.csv", STRONGEST)
    write_best(better_of(read_best(), rows))
    print("Written: best_known.csv")


def main() -> int:
    """Do what the command line says."""
    options = _options()
    match options.command:
        case "smoke":
            _smoke(options)
        case "study":
            _study(options)
        case "best":
            _best(options)
        case "report":
            path = write_report(options.rows or OUT / "study.csv", with_plots=not options.no_plots)
            print(f"Written: {path}")
        case _:
            store_all(tuple(options.specs or ()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
