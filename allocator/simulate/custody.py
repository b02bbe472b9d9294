"""Joint attributes of people in custody, sampled from counts of a real custody snapshot.

The stored table counts men by custody level, gang flag, mental-observation flag, age band, legal
category, stay band and infraction flag; counts below 10 are left out (11 % of the men). Legal
category and the band 18-20 are imposed by the scenario; the rest is drawn given these two.

Mapping (each an assumption of ours):

- status codes CS, CSP, SSR are sentenced; DE, DEP, DNS, DPV are remand;
- custody level MAX, MED, MIN is security category B, C, D, never above the facility's own;
- a gang flag makes a person a candidate for a keep-apart group, nothing more;
- a mental-observation flag (two of three men) makes a person a candidate for healthcare, for
  constant supervision and for being contra-indicated for solitary confinement;
- an infraction flag and custody level MAX make a high sharing risk more likely;
- the stay band gives the date of arrival.

References
----------
.. [1] City of New York, NYC Open Data, "Daily Inmates In Custody", snapshots of 17 to 21 August
   2026; only counts derived from it are stored.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.random import Generator

from allocator.model.vocabulary import LegalCategory, SecurityCategory

TABLE = Path(__file__).parent / "data" / "custody_joint_counts.csv"
YOUNG_BAND = "18-20"
CATEGORY_OF_LEVEL = {
    "MAX": SecurityCategory.B,
    "MED": SecurityCategory.C,
    "MIN": SecurityCategory.D,
}


@dataclass(frozen=True, slots=True)
class Traits:
    """One line of the joint table."""

    custody_level: str
    gang_flag: bool
    mental_observation: bool
    age_band: str
    legal: LegalCategory
    stay_band: str
    infraction: bool

    def draw_age(self, rng: Generator) -> int:
        """An age within the band, in whole years."""
        return _draw_within(self.age_band, rng)

    def draw_stay_days(self, rng: Generator) -> int:
        """Days in custody so far; "181+" is up to four years."""
        return _draw_within(self.stay_band.replace("181+", "181-1460"), rng)


def _draw_within(band: str, rng: Generator) -> int:
    low, high = (int(part) for part in band.split("-"))
    return int(rng.integers(low, high + 1))


@cache
def _table() -> tuple[tuple[Traits, int], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (
                Traits(
                    row["custody_level"],
                    row["gang_flag"] == "Y",
                    row["mental_observation_flag"] == "Y",
                    row["age_band"],
                    LegalCategory(row["legal_category"]),
                    row["stay_band_days"],
                    row["infraction_flag"] == "Y",
                ),
                int(row["people"]),
            )
            for row in csv.DictReader(file)
        )


def sample_traits(count: int, legal: LegalCategory, rng: Generator, *, young: bool) -> list[Traits]:
    """Traits of `count` people of a legal category, aged 18 to 20 or older."""
    rows = [(t, n) for t, n in _table() if (t.age_band == YOUNG_BAND) is young and t.legal is legal]
    if not rows:
        rows = [(t, n) for t, n in _table() if (t.age_band == YOUNG_BAND) is young]
    weights = np.array([n for _, n in rows], dtype=np.float64)
    drawn = rng.choice(len(rows), size=count, p=weights / weights.sum())
    return [rows[int(k)][0] for k in drawn]
