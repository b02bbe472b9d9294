"""Urgent placements in loaded prisons: ``python -m benchmarks.place [SCENARIO ...] [--people N]``.

Places everybody who has no cell and then others, evenly spread over the prison, one by one. Prints
median, 99th percentile and largest milliseconds of the answer (`Placer.place`) and of the judge's
check of its five offers (`Placer.check`), which raises where a single value differs. Exit code 1
when a 99th percentile of the answer is 50 ms or more. ``python -m benchmarks.study urgent`` makes a
row of the generated prison of 1,000.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from allocator.jobs.place import Placer
from allocator.model.scenario import Scenario
from allocator.prepare.read import read_scenario

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
DEFAULT = ("f11_zabel", "f11_zabel/shocks/arrivals", "f11_zabel/shocks/wing_closes")
MOST_MS = 50.0
T = TypeVar("T")


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds of a call, and what it gives."""
    started = time.perf_counter()
    result = call()
    return 1000 * (time.perf_counter() - started), result


def asked(scenario: Scenario, people: int) -> list[str]:
    """Ids of those without a cell, then of others evenly spread; at most `people`."""
    cells = scenario.estate.cell_by_id
    ids = [p.person_id for p in scenario.people if p.current_place not in cells]
    others = [p.person_id for p in scenario.people if p.current_place in cells]
    step = max(1, len(others) // max(1, people - len(ids)))
    return [*ids, *others[::step]][:people]


def percentile_99(values: Iterable[float]) -> float:
    """The value that 1 in 100 exceeds."""
    ordered = sorted(values)
    return ordered[-(len(ordered) // 100) - 1]


def row(name: str, values: list[float]) -> float:
    """Print one line and return the 99th percentile."""
    p99 = percentile_99(values)
    print(
        f"  {name:<28} median {statistics.median(values):7.2f}  p99 {p99:7.2f}  "
        f"most {max(values):7.2f} ms  ({len(values)} calls)"
    )
    return p99


def measure(name: str, people: int, checks: int) -> float:
    """Time one scenario; the 99th percentile of the answers in milliseconds."""
    scenario = read_scenario(SCENARIOS / name)
    load_ms, placer = timed(lambda: Placer(scenario))
    ids = asked(scenario, people)
    print(
        f"{name}: {len(scenario.people):,} people, {len(scenario.estate.cells):,} cells, "
        f"ready in {load_ms:.0f} ms"
    )
    answered = [timed(lambda p=person_id: placer.place(p)) for person_id in ids]  # type: ignore[misc]
    p99 = row("place", [ms for ms, _ in answered])
    offered = [answer for _, answer in answered if answer.offers][:: max(1, len(ids) // checks)]
    row("check (judge)", [timed(lambda a=answer: placer.check(a))[0] for answer in offered])  # type: ignore[misc]
    print(f"  {sum(len(a.offers) for a in offered)} offers checked, no value differs")
    return p99


def main() -> int:
    """Time every scenario named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=DEFAULT)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--checks", type=int, default=50)
    options = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, numpy {version('numpy')}"
    )
    worst = max(measure(name, options.people, options.checks) for name in options.scenarios)
    return int(worst >= MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
