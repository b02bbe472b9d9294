"""The same plan, byte for byte: plan a scenario several times and compare what was written.

Run with ``python -m benchmarks.replay [SCENARIO ...] [--runs 3] [--effort quick]``. Exit code 1
when any file differs between runs; workers alternate between 1 and 2, which must not matter. Every
file that a plan writes is compared.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOCATOR = Path(sys.executable).with_name("allocator")
COMPARED = ("plan.json", "report.html", "moves.csv", "moves.xlsx")


def digests(scenario: str, effort: str, workers: int) -> dict[str, str]:
    """SHA-256 of each file that one run writes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plan"
        command = [str(ALLOCATOR), "plan", f"scenarios/{scenario}", "--out", str(out), "--quiet"]
        command += ["--effort", effort, "--workers", str(workers)]
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
        return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in COMPARED}


def main() -> int:
    """Compare the runs of each scenario."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["training_prison", "f01_grad_hs"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--effort", default="quick")
    options = parser.parse_args()
    differs = False
    for name in options.names:
        runs = [digests(name, options.effort, 1 + run % 2) for run in range(options.runs)]
        for file in runs[0]:
            same = len({run.get(file) for run in runs}) == 1
            differs = differs or not same
            print(f"{name}/{file}: {'same' if same else 'DIFFERS'} in {options.runs} runs")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
