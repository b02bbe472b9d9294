r"""R22: few people with VEO status in a wing or facility, or only in dedicated units.

With :math:`V_u` people with VEO status (monitored, charged, convicted) and :math:`V_u'` charged or
convicted in a unit :math:`u`:

.. math:: V_w \le \text{wing cap}; \quad V_f \le \text{facility cap}; \quad
          V_w' = 0 \text{ outside dedicated wings}; \quad V_f = 0 \text{ outside satellites}

Dedicated wings are exempt from the wing cap, and so are wings all of whose cells are used for
assessment, intervention or separation. The last two apply when the policy uses dedicated
units or satellites and the scenario names some.

Amount of a breach: k(k + 1)/2 for k people over, per unit and limit, so that what no placement
can avoid is spread over the units and not gathered in one.

References
----------
.. [1] Policy parameters ``max_veo_per_wing`` and ``max_veo_per_facility`` (P11).
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Count, Penalty
from allocator.model.vocabulary import Level
from allocator.rules._caps import (
    VEO,
    VEO_BY_LAW,
    Cap,
    all_units,
    dedicated_wings,
    units_under,
    veo_caps,
    with_veo,
)
from allocator.rules._common import cap_on

RULE = RuleId.DISPERSAL_CAP


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Count]:
    """Caps per wing and facility, then the places where nobody with VEO status may be."""
    for cap in (*veo_caps(index), *_facility_caps(index), *_elsewhere(index)):
        yield from cap_on(
            RULE, penalty, cap.persons, cap.level, cap.units, cap.high, triangular=True
        )


def _facility_caps(index: ScenarioIndex) -> Iterator[Cap]:
    high = index.scenario.policy.max_veo_per_facility
    if high is not None:
        units = all_units(index, Level.FACILITY)
        yield Cap(RULE, with_veo(index, VEO), Level.FACILITY, units, high)


def _elsewhere(index: ScenarioIndex) -> Iterator[Cap]:
    """Nobody outside dedicated wings and satellites."""
    scenario = index.scenario
    if scenario.policy.dedicated_units_used and scenario.dedicated_units:
        wings = np.setdiff1d(all_units(index, Level.WING), dedicated_wings(index))
        yield Cap(RULE, with_veo(index, VEO_BY_LAW), Level.WING, wings, 0)
    if scenario.policy.satellites_used and scenario.satellite_facilities:
        satellites = units_under(index, Level.FACILITY, scenario.satellite_facilities)
        others = np.setdiff1d(all_units(index, Level.FACILITY), satellites)
        yield Cap(RULE, with_veo(index, VEO), Level.FACILITY, others, 0)
