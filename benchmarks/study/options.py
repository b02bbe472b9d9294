"""What the command line of the study takes."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from benchmarks.study.environment import ROOT
from benchmarks.study.measures.registry import MEASURES
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.specs import BY_NAME, SMOKE

OUT = ROOT / "out" / "bench"
STRONGEST = ("ours", "annealing", "alns")
SMOKE_SECONDS, BEST_SECONDS = 1.0, 1_800.0
RESUMED = "Started again it does what has no row yet; rows stay when the code changes."
URGENT_SEEDS, SCALING_SEEDS, PROOF_SEEDS = 3, 1, 10

AddCommand: TypeAlias = Callable[..., argparse.ArgumentParser]


def read_options() -> argparse.Namespace:
    """The command and its options, from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.study",
        description="Runs of all methods on frozen instances, and what their rows say.",
        epilog="COMMAND --help names the options of a command. docs/benchmarks.md explains rows.",
    )
    add = parser.add_subparsers(dest="command", required=True, metavar="COMMAND").add_parser
    _add_runs(add)
    _add_measures(add)
    _add_readers(add)
    store = add("store", help="make instance files of new specs, with digests")
    _add_specs(store, "all")
    return parser.parse_args()


def _add_runs(add: AddCommand) -> None:
    smoke = add(
        "smoke", help="every method on three small instances, one second each, in two minutes",
        description="Always anew: the file of rows is begun again.",
    )  # fmt: skip
    _add_run_options(smoke, OUT / "smoke.csv", 1, SMOKE, [SMOKE_SECONDS])
    study = add(
        "study", help="every method, instance and budget, seeds 1-10: many hours",
        description=RESUMED,
    )  # fmt: skip
    _add_run_options(study, OUT / "study.csv", 10, tuple(BY_NAME), None)
    study.add_argument("--no-plots", action="store_true")
    best = add(
        "best", help="30 minutes a run of the strongest methods; improves best_known.csv",
        description=RESUMED,
    )  # fmt: skip
    _add_run_options(best, OUT / "best.csv", 1, tuple(BY_NAME), [BEST_SECONDS], STRONGEST)


def _add_measures(add: AddCommand) -> None:
    urgent = add(
        "urgent", help="everybody of a loaded prison of 1,000 asks for five cells: p50 and p99",
        description=RESUMED,
    )  # fmt: skip
    _add_measure_options(urgent, MEASURES["urgent"], URGENT_SEEDS)
    scaling = add(
        "scaling",
        help="a quick solve of 300 to 10,000 people, with building, compiling and memory",
        description=RESUMED,
    )
    _add_measure_options(scaling, MEASURES["scaling"], SCALING_SEEDS)
    proof = add(
        "proof",
        help="value and bound of every tier at normal effort, in nightly and full mode",
        description="A minute or two for an instance and a seed. " + RESUMED,
    )
    _add_measure_options(proof, MEASURES["proof"], PROOF_SEEDS)


def _add_readers(add: AddCommand) -> None:
    report = add("report", help="tables and plots, beside a file of rows")
    study = OUT / "study.csv"
    report.add_argument(
        "--rows", type=_there, default=str(study), metavar="FILE",
        help=f"default {study.relative_to(ROOT)}",
    )  # fmt: skip
    report.add_argument("--no-plots", action="store_true")
    add(
        "marks", help="print every mark of the solver with what the rows say of it",
        description="Of a run that is in several files the last one counts.",
    ).add_argument(
        "--rows", type=_there, nargs="+", metavar="FILE",
        help="files of rows; the default is those of study and the measures that are there",
    )  # fmt: skip


def _add_run_options(
    parser: argparse.ArgumentParser, rows: Path, seeds: int, specs: tuple[str, ...],
    budgets: list[float] | None, methods: tuple[str, ...] = tuple(METHODS),
) -> None:  # fmt: skip
    said = " ".join(f"{b:g}" for b in budgets) if budgets else "those of each spec"
    _add_specs(parser, "all" if len(specs) == len(BY_NAME) else " ".join(specs))
    parser.add_argument(
        "--methods", nargs="+", choices=tuple(METHODS), default=methods, metavar="METHOD",
        help=f"default {' '.join(methods)}",
    )  # fmt: skip
    parser.add_argument("--seeds", type=int, default=seeds, help=f"1 to this, default {seeds}")
    parser.add_argument(
        "--budgets", nargs="+", type=float, default=budgets, metavar="SECONDS",
        help=f"default {said}",
    )  # fmt: skip
    _add_rows(parser, rows)
    parser.set_defaults(default_specs=specs)


def _add_measure_options(
    parser: argparse.ArgumentParser, specs: tuple[str, ...], seeds: int
) -> None:
    _add_specs(parser, " ".join(specs))
    parser.add_argument("--seeds", type=int, default=seeds, help=f"1 to this, default {seeds}")
    _add_rows(parser, OUT / "measures.csv")
    parser.set_defaults(default_specs=specs)


def _add_specs(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--specs", nargs="+", choices=sorted(BY_NAME), metavar="SPEC", help=f"default {default}"
    )


def _there(name: str) -> Path:
    path = Path(name)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"there is no file {name}")
    return path


def _add_rows(parser: argparse.ArgumentParser, default: Path) -> None:
    shown = default.relative_to(ROOT)
    parser.add_argument(
        "--rows", type=Path, default=default, metavar="FILE", help=f"to add to; default {shown}"
    )
