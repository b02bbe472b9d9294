"""Start-up time of the command line: ``python -m benchmarks.startup [--runs 10]``.

Prints the minimum, median and largest wall-clock time of `allocator --help`; the target is a median
under 0.5 s.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ALLOCATOR = Path(sys.executable).with_name("allocator")


def main() -> int:
    """Time `allocator --help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    seconds = []
    for _ in range(options.runs):
        started = time.perf_counter()
        subprocess.run([str(ALLOCATOR), "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    middle = statistics.median(seconds)
    print(f"allocator --help: {min(seconds):.2f} / {middle:.2f} / {max(seconds):.2f} s")
    return int(middle >= 0.5)


if __name__ == "__main__":
    sys.exit(main())
