"""Value, bound and gap of every tier: ``python -m benchmarks.bounds [SCENARIO ...] [--full]``.

Nightly mode by default: at most 10 moves per 1,000 people (P20), rounded up. With ``--full`` as
many moves as one likes. The gap is the value less the bound, over the size of the value. Seconds
depend on the machine and on what else it does.
"""

import argparse
import sys
from math import ceil
from pathlib import Path

from allocator.prepare.instance import prepare_instance
from allocator.prepare.read import ScenarioOverrides, read_scenario
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
DEFAULT = ("training_prison", "f01_grad_hs", "f11_zabel", "f12_north_r", "f13_high_d")
MOVES_PER_1000 = 10
HEAD = "| scenario | people | moves | tier | value | bound | gap | seconds |"


def gap_text(value: int, bound: int | None) -> str:
    """Gap in per cent of the value's size; a dash where there is no bound or no size."""
    if bound is None:
        return "–"
    if value == bound:
        return "0 %"
    return f"{100 * (value - bound) / abs(value):.2f} %" if value else "–"


def measure(name: str, options: SolveOptions, *, full: bool) -> None:
    """Print the rows of one scenario."""
    path = SCENARIOS / name
    people = len(read_scenario(path).people)
    moves = None if full else ceil(MOVES_PER_1000 * people / 1000)
    overrides = ScenarioOverrides(max_moves=moves)
    instance = prepare_instance(read_scenario(path, overrides))
    found = solve(instance, options)
    rows = zip(instance.tiers, found.values, found.bounds, strict=True)
    for setting, value, bound in rows:
        cells = (
            name, people, "free" if moves is None else moves, setting.tier, f"{value:,}",
            "–" if bound is None else f"{bound:,}", gap_text(value, bound), f"{found.seconds:.0f}",
        )  # fmt: skip
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def main() -> int:
    """Measure every scenario named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=DEFAULT)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--effort", default="normal", choices=[str(e) for e in Effort])
    parser.add_argument("--time-limit", type=float, default=None)
    asked = parser.parse_args()
    options = SolveOptions(Effort(asked.effort), asked.time_limit)
    print(HEAD)
    print("|" + "---|" * (HEAD.count("|") - 1))
    for name in asked.scenarios:
        measure(name, options, full=asked.full)
    return 0


if __name__ == "__main__":
    sys.exit(main())
