"""A country: 120 prisons of real sizes in one scenario; synthetic people.

References
----------
.. [1] `benchmarks/data/README.md`: 53 populations of England and Wales and the distribution of the
   sizes of Italian institutes; both are multiplied by one factor.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from allocator.simulate.spec import Facility, Site
from benchmarks.study.instances.prison import prison_facility

DATA = Path(__file__).resolve().parents[2] / "data"
FACILITIES, LEAST_PEOPLE = 120, 60


def facility_sizes(people: int) -> list[int]:
    """People held by each of the 120 prisons; they add up to `people`."""
    real = _column("ew_capacity_2014-08-29.csv", "population")
    shares = _column("italy_places_quantiles_2026-08.csv", "share")
    places = _column("italy_places_quantiles_2026-08.csv", "places")
    others = FACILITIES - len(real)
    drawn = np.interp((np.arange(others) + 0.5) / others, shares, places)
    sizes = np.concatenate((real, drawn))
    scaled = np.maximum(LEAST_PEOPLE, np.floor(sizes * people / sizes.sum())).astype(np.int64)
    scaled[int(np.argmax(scaled))] += people - int(scaled.sum())
    return [int(size) for size in scaled]


def _column(file: str, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    with (DATA / file).open(encoding="utf-8", newline="") as rows:
        return np.array([float(row[name]) for row in csv.DictReader(rows)])


def national_facility(people: int) -> Facility:
    """All prisons as the sites of one specification."""
    parts = [
        prison_facility(size, site_id=f"N{k + 1:03d}")
        for k, size in enumerate(facility_sizes(people))
    ]
    sites: tuple[Site, ...] = tuple(site for part in parts for site in part.sites)
    return replace(
        parts[0],
        name=f"national_{people}",
        title=f"Country of {people}",
        sites=sites,
        young=sum(part.young for part in parts),
        keep_apart_pairs=sum(part.keep_apart_pairs for part in parts),
        dedicated=tuple(unit for part in parts for unit in part.dedicated),
    )
