"""The joint table is suppressed, and sampling follows it."""

import csv
from collections import Counter

import numpy as np

from allocator.model.vocabulary import LegalCategory
from allocator.simulate.custody import TABLE, sample_traits


def test_no_count_below_ten() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 125
    assert min(int(row["people"]) for row in rows) >= 10
    assert sum(int(row["people"]) for row in rows) == 5520


def test_sampling_keeps_the_joint_shares() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["legal_category"] == "remand" and row["age_band"] != "18-20"
        ]
    total = sum(int(row["people"]) for row in rows)
    wanted: Counter[tuple[str, bool]] = Counter()
    for row in rows:
        wanted[row["custody_level"], row["infraction_flag"] == "Y"] += int(row["people"])
    drawn = sample_traits(8000, LegalCategory.REMAND, np.random.default_rng(0), young=False)
    found = Counter((t.custody_level, t.infraction) for t in drawn)
    for key, count in wanted.items():
        assert abs(found[key] / 8000 - count / total) < 0.02


def test_young_sentenced_people_fall_back_on_the_young() -> None:
    drawn = sample_traits(20, LegalCategory.SENTENCED, np.random.default_rng(0), young=True)
    rng = np.random.default_rng(1)
    assert {t.draw_age(rng) for t in drawn} <= {18, 19, 20}
