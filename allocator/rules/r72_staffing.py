r"""R72: caps fall in wings without enough trained staff.

In a wing whose own or inherited trained staff per shift :math:`s` is below the profile's minimum
:math:`M`, each cap :math:`g` of R20 (per landing), R21 (leaders per wing) and R22 (VEO per wing)
whose rule is not off has a lower companion:

.. math:: N_u \le \lfloor g s / M \rfloor

The ordinary cap stays. Wings without a value are not judged.

Amount of a breach: people over the lower cap, per unit and limit.

References
----------
.. [1] Council of Europe, Sarajevo conclusions, on dynamic security and trained staff.
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Count, IntArray, Penalty
from allocator.model.vocabulary import Enforcement, Level
from allocator.rules._caps import landing_caps, leader_caps, veo_caps
from allocator.rules._common import cap_on, setting_of

RULE = RuleId.STAFFING
NOT_JUDGED = -1


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Count]:
    """Every cap again, lower, in the units that lack trained staff."""
    minimum = index.scenario.profile.thresholds.min_trained_staff_per_shift
    for cap in (*landing_caps(index), *leader_caps(index), *veo_caps(index)):
        if setting_of(index.scenario, cap.rule).enforcement is Enforcement.OFF:
            continue
        staff = _staff_of_units(index, cap.level)[cap.units]
        short = (staff != NOT_JUDGED) & (staff < minimum)
        high = cap.high * staff[short] // minimum
        yield from cap_on(RULE, penalty, cap.persons, cap.level, cap.units[short], high)


def _staff_of_units(index: ScenarioIndex, level: Level) -> IntArray:
    """Trained staff of the wing that each unit of a level belongs to."""
    of_wing = [_staff_of_wing(index, wing_id) for wing_id in index.unit_names(Level.WING)]
    staff = np.full(len(index.unit_names(level)), NOT_JUDGED, dtype=np.int64)
    staff[index.unit_of(level)] = np.array(of_wing, dtype=np.int64)[index.unit_of(Level.WING)]
    return staff


def _staff_of_wing(index: ScenarioIndex, wing_id: str) -> int:
    """A wing's own value, else that of the nearest unit above it."""
    estate = index.scenario.estate
    wing = estate.unit_by_id[wing_id]
    values = (unit.trained_staff_per_shift for unit in (wing, *estate.ancestors(wing)))
    return next((value for value in values if value is not None), NOT_JUDGED)
