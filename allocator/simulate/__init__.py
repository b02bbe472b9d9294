"""Synthetic scenarios: a training prison, facilities F01-F21, and shocks to them.

The seed is an argument everywhere and the same seed gives the same document.
"""

from allocator.errors import ConfigError
from allocator.simulate.build import build_facility
from allocator.simulate.facilities import FACILITIES
from allocator.simulate.region import NAME as REGION
from allocator.simulate.region import build_region
from allocator.simulate.rows import Document
from allocator.simulate.shocks import SHOCKS, ShockKind, shock_document
from allocator.simulate.training import TRAINING_PRISON, build_training_prison

__all__ = ["SHOCKS", "ShockKind", "build_document", "facility_names", "shock_document"]


def facility_names() -> tuple[str, ...]:
    """Names of all scenarios that can be built; also the names of the stored folders."""
    return (TRAINING_PRISON.name, *sorted((*FACILITIES, REGION)))


def build_document(name: str, seed: int) -> Document:
    """The scenario document of a facility.

    Raises
    ------
    ConfigError
        If there is no such facility.
    """
    if name == TRAINING_PRISON.name:
        return build_training_prison(seed)
    if name == REGION:
        return build_region(seed)
    if name not in FACILITIES:
        known = ", ".join(facility_names())
        raise ConfigError(f'There is no facility "{name}". Choose one of: {known}.')
    return build_facility(FACILITIES[name], seed)
