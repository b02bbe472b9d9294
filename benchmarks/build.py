"""Seconds and memory of building and preparing: ``python -m benchmarks.build 300 1000 10000``.

A number of people makes one prison; ``national:100000`` makes 120 prisons. Each size runs in a
process of its own. ``--limit-gb`` ends one that wants more memory than that.
"""

import argparse
import resource
import subprocess
import sys
import time
from itertools import pairwise

from allocator.model.shapes import Apart, PairPoints
from allocator.prepare.instance import prepare_instance
from allocator.prepare.read import read_scenario_document
from allocator.simulate.build import build_facility
from benchmarks.study.instances.national import national_facility
from benchmarks.study.instances.prison import prison_facility

HEAD = "| size | cells | pair terms | apart pairs | build s | read s | prepare s | MB read | MB |"


def measure(size: str) -> str:
    """One row as Markdown."""
    kind, _, people = size.rpartition(":")
    facility = national_facility(int(people)) if kind else prison_facility(int(people))
    times = [time.perf_counter()]
    document = build_facility(facility, 1)
    times.append(time.perf_counter())
    scenario = read_scenario_document(document)
    times.append(time.perf_counter())
    before = _megabytes()
    instance = prepare_instance(scenario)
    times.append(time.perf_counter())
    pairs = sum(len(s.first) for s in instance.shapes if isinstance(s, PairPoints))
    aparts = sum(len(s.first) for s in instance.shapes if isinstance(s, Apart))
    took = [f"{b - a:.1f}" for a, b in pairwise(times)]
    cells = [size, instance.n_cells, pairs, aparts, *took, before, _megabytes()]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+")
    parser.add_argument("--limit-gb", type=float, default=14.0)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        most = int(options.limit_gb * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        print(measure(options.sizes[0]))
        return 0
    print(HEAD + "\n" + "|---" * HEAD.count(" |") + "|", flush=True)
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.build", size, "--one"]
        command += ["--limit-gb", str(options.limit_gb)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lost = (done.stderr.strip().splitlines() or ["killed"])[-1]
        print(done.stdout.strip() or f"| {size} | ended: {lost} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
