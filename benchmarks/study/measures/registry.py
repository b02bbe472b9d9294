"""The measures by name; each is a module with ``measure(spec, seed) -> Row``."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from benchmarks.study.rows import Row
from benchmarks.study.specs import SPECS, Spec

MOST_PEOPLE_OF_PROOFS = 1_000
NIGHTLY = tuple(spec.name for spec in SPECS if spec.family == "nightly")
FULL = tuple(
    spec.name for spec in SPECS if spec.family != "nightly" and spec.people <= MOST_PEOPLE_OF_PROOFS
)
MEASURES: Mapping[str, tuple[str, ...]] = {
    "urgent": ("prison_1000",),
    "scaling": ("prison_300", "prison_1000", "prison_3000", "prison_10000"),
    "proof": (*NIGHTLY, *FULL),
}
"""Names of the measures, and the specs that each is made of when no others are asked for."""


def measure_of(name: str) -> Callable[[Spec, int], Row]:
    """The function of a name."""
    made = import_module(f"benchmarks.study.measures.{name}").measure
    return cast("Callable[[Spec, int], Row]", made)
