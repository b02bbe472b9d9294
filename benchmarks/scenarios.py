"""Plan every stored scenario with the default effort; seconds, memory and results as a table.

Run with ``python -m benchmarks.scenarios [NAME ...] [--effort normal]``. Each plan is
one `allocator plan --json` in a process of its own; memory is the largest resident size of any
process in it. Figures depend on the machine: compare within one run.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ALLOCATOR = Path(sys.executable).with_name("allocator")
HEAD = (
    "| scenario | people | seconds | MB | exit | unplaced | derogations | moves "
    "| spillover before | after | collusion before | after | verified |"
)


def measure(name: str, effort: str) -> dict[str, Any]:
    """One row: run the plan in a child and read its summary."""
    started = time.perf_counter()
    command = [str(ALLOCATOR), "plan", f"scenarios/{name}", "--json", "--effort", effort]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    summary: dict[str, Any] = json.loads(done.stdout)
    return {
        "scenario": name,
        "seconds": round(time.perf_counter() - started, 1),
        "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "exit": done.returncode,
        "summary": summary,
    }


def row(found: dict[str, Any]) -> str:
    """The row as Markdown."""
    s = found["summary"]
    people = sum(1 for _ in (ROOT / "scenarios" / found["scenario"] / "people.csv").open()) - 1
    exposure = [
        s["exposure"][w][k] for k in ("spillover", "collusion") for w in ("before", "after")
    ]
    cells = (
        found["scenario"], people, found["seconds"], found["megabytes"], found["exit"],
        len(s["unplaced"]), len(s["derogations"]), len(s["moves"]), *exposure, s["verified"],
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> int:
    """Measure the named scenarios, or all; a process each keeps the memory figure its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.names[0], options.effort)))
        return 0
    names = options.names or sorted(p.parent.name for p in ROOT.glob("scenarios/*/scenario.yaml"))
    print(f"{platform.machine()}, Python {platform.python_version()}, effort {options.effort}\n")
    print(HEAD + "\n" + "|---" * HEAD.count(" |") + "|")
    for name in names:
        command = [sys.executable, "-m", "benchmarks.scenarios", name, "--one"]
        command += ["--effort", options.effort]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        print(row(json.loads(done.stdout)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
