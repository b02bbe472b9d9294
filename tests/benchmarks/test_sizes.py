"""Generated prisons have the size that was asked for, and everybody has a lawful place."""

import numpy as np
import pytest

from benchmarks.study.instances.national import FACILITIES, facility_sizes, national_facility
from benchmarks.study.instances.prison import instance_of, prison_scenario


@pytest.mark.parametrize("people", [47, 310])
def test_a_prison_holds_the_people_asked_for(people: int) -> None:
    instance = instance_of(prison_scenario(people, moves=3, seed=2))
    assert instance.n_persons == people
    assert np.all(instance.current >= 0)
    assert people < instance.max_places.sum() < 1.25 * people


def test_a_country_has_its_people_in_120_prisons() -> None:
    sizes = facility_sizes(100_000)
    assert (len(sizes), sum(sizes)) == (FACILITIES, 100_000)
    assert max(sizes) > 7 * min(sizes)
    assert national_facility(20_000).held == 20_000
