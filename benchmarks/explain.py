"""Explanations in a loaded prison: ``python -m benchmarks.explain SCENARIO PLAN [--people N]``.

Explains people evenly spread over the prison, one by one, without a cell of interest and with the
first cell of the estate. Prints milliseconds of processor time and of the clock for the explanation
(`Explainer.explain`), the judge's check (`Explainer.check`, which raises where a value differs) and
both. Exit code 1 when the 99th percentile of both takes 1,000 ms of processor time or more.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from allocator.jobs.explain import Explainer
from allocator.jobs.locate import find_plan, find_scenario
from allocator.jobs.verification import scenario_of_plan
from allocator.prepare.plan_document import read_plan
from benchmarks.place import row

MOST_MS = 1000.0
T = TypeVar("T")


def timed(call: Callable[[], T]) -> tuple[float, float, T]:
    """Milliseconds of processor time and of the clock, and what the call gives."""
    processor, clock = time.process_time(), time.perf_counter()
    result = call()
    return 1000 * (time.process_time() - processor), 1000 * (time.perf_counter() - clock), result


def measure(scenario: str, plan: Path, people: int) -> float:
    """Time one plan; the 99th percentile of processor time of explanation and check."""
    given = read_plan(find_plan(plan))
    loaded = scenario_of_plan(find_scenario(scenario), given)
    ready_ms, ready_clock_ms, explainer = timed(lambda: Explainer(loaded, given))
    ids = [person.person_id for person in loaded.people]
    ids = ids[:: max(1, len(ids) // people)][:people]
    cell_id = loaded.estate.cells[0].cell_id
    print(
        f"{scenario}: {len(loaded.people):,} people, {len(loaded.estate.cells):,} cells, "
        f"ready in {ready_ms:.0f} ms of processor time, {ready_clock_ms:.0f} by the clock"
    )
    both, clocks, told, checked = [], [], [], []
    for number, person_id in enumerate(ids):
        asked = cell_id if number % 2 else None
        explain_ms, explain_clock, found = timed(
            lambda p=person_id, c=asked: explainer.explain(p, c)  # type: ignore[misc]
        )
        check_ms, check_clock, _ = timed(lambda f=found: explainer.check(f))  # type: ignore[misc]
        told.append(explain_ms)
        checked.append(check_ms)
        both.append(explain_ms + check_ms)
        clocks.append(explain_clock + check_clock)
    row("explain", told)
    row("check (judge)", checked)
    row("both, by the clock", clocks)
    return row("both", both)


def main() -> int:
    """Time the plan named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--people", type=int, default=100)
    options = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}"
    )
    return int(measure(options.scenario, options.plan, options.people) >= MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
