"""What a row says about where it was measured."""

import os
import platform
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.study.peers.method import CORES

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB")
}
"""Variables for children: linear algebra adds no threads to those that a method starts itself."""
PACKAGES = ("ortools", "numba", "numpy", "alns", "highspy", "timefold")


def environment() -> dict[str, Any]:
    """Processor, cores, versions, commit and the time now, by the names of a row."""
    return {
        "cpu": _cpu(),
        "cores": str(CORES),
        "python": platform.python_version(),
        "packages": " ".join(f"{name}={_version(name)}" for name in PACKAGES),
        "commit": commit(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def keep_to_cores() -> None:
    """Let this process and its children use as many cores as every method may."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor()
    fields = dict(
        line.split(":", 1) for line in info.read_text(encoding="utf-8").splitlines() if ":" in line
    )
    names = {key.strip(): value.strip() for key, value in fields.items()}
    return f"{names.get('model name', platform.machine())} (model {names.get('model', '?')})"


def commit() -> str:
    """Abbreviated commit, with a plus sign where the code has changed since."""
    asked = ("describe", "--always", "--dirty=+", "--abbrev=10")
    done = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
