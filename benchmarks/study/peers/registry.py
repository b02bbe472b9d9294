"""The methods by name; a method's module is imported only where it runs."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from benchmarks.study.peers.method import Method

METHODS: Mapping[str, tuple[str, str]] = {
    "ours": ("ours", "Ours"),
    "first_fit": ("first_fit", "FirstFit"),
    "annealing": ("annealing", "Annealing"),
    "alns": ("alns_peer", "Alns"),
    "cpsat": ("cpsat_monolith", "CpSatMonolith"),
    "highs": ("highs_monolith", "HighsMonolith"),
    "timefold": ("timefold_peer", "TimefoldPeer"),
}
WITHOUT_PRISONS = {"timefold": "Its model here has no rules of a prison."}
"""Methods that no prison is given to, and why."""


def method_of(name: str) -> Method:
    """The method of a name; its packages must be installed."""
    module, kind = METHODS[name]
    made = getattr(import_module(f"benchmarks.study.peers.{module}"), kind)()
    return cast("Method", made)
