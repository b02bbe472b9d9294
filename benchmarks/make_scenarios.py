"""Rebuild the stored scenario files with seed 1: each scenario and its shocks.

    python -m benchmarks.make_scenarios [NAME ...]

Without names everything in `scenarios/` is rebuilt; the folders of the scenarios are replaced.
"""

import shutil
import sys
import time
from pathlib import Path

from allocator.prepare.write import write_scenario_folder
from allocator.simulate import SHOCKS, build_document, facility_names, shock_document

SEED = 1
SCENARIOS = Path(__file__).parent.parent / "scenarios"


def store(name: str, root: Path) -> None:
    """Write one scenario and, under `shocks/`, what each shock makes of it."""
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    document = build_document(name, SEED)
    write_scenario_folder(document, folder)
    for kind in SHOCKS:
        shocked = shock_document(document, kind, SEED)
        write_scenario_folder(shocked, folder / "shocks" / kind)


def main() -> None:
    """Store the scenarios named on the command line, or all of them."""
    for name in sys.argv[1:] or facility_names():
        started = time.perf_counter()
        store(name, SCENARIOS)
        print(f"{name}: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
