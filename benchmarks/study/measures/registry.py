"""The measures by name; each is a module with ``measure(spec, seed) -> Row``."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from benchmarks.study.rows import Row
from benchmarks.study.specs import Spec

MEASURES: Mapping[str, tuple[str, ...]] = {
    "urgent": ("prison_1000",),
    "scaling": ("prison_300", "prison_1000", "prison_3000", "prison_10000"),
}
"""Names of the measures, and the specs that each is made of when no others are asked for."""


def measure_of(name: str) -> Callable[[Spec, int], Row]:
    """The function of a name."""
    made = import_module(f"benchmarks.study.measures.{name}").measure
    return cast("Callable[[Spec, int], Row]", made)
