r"""Contact weight of two people from the cells they are in: the closest setting they share.

.. math:: \kappa(c, d) = \max\{W_s : c \text{ and } d \text{ share the setting } s\}

The largest weight that applies, 0 if none. A cell of more than five dilutes the cell weight. Behind
a sealed unit only the facility and explicit contacts count.
"""

import math

from allocator.model.scenario import Scenario
from allocator.model.vocabulary import ContactSetting, Level, SharedSettingKind
from allocator.verify.sites import Site

FULL_CONTACT_CELLMATES = 4
ROUNDING = 1e-9
OPEN_LEVELS = (
    (ContactSetting.LANDING, Level.LANDING),
    (ContactSetting.WING, Level.WING),
    (ContactSetting.YARD, Level.EXERCISE_GROUP),
)
OPEN_SETTINGS = (
    (ContactSetting.ACTIVITY, SharedSettingKind.ACTIVITY),
    (ContactSetting.WORSHIP, SharedSettingKind.WORSHIP),
)


def round_half_up(value: float) -> int:
    """Nearest integer, halves upwards; a hair below a half counts as a half."""
    return math.floor(value + 0.5 + ROUNDING)


class Contact:
    """Contact weights of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.weight = {s: scenario.contact_weights.weights.get(s, 0) for s in ContactSetting}
        self.explicit: dict[tuple[str, str], int] = {}
        for entry in scenario.estate.contacts:
            for pair in ((entry.place_a, entry.place_b), (entry.place_b, entry.place_a)):
                self.explicit[pair] = max(entry.weight, self.explicit.get(pair, 0))
        self.named = frozenset(place for pair in self.explicit for place in pair)

    def between(self, one: Site, other: Site) -> int:
        """Contact weight of a person in one cell and a person in another, or in the same."""
        weight = self._closed(one, other)
        if one.sealed == other.sealed:
            weight = max(weight, self._open(one, other))
        if one is other:
            return max(weight, self._cellmates(one))
        return max(weight, self._named(one, other)) if self.explicit else weight

    def _closed(self, one: Site, other: Site) -> int:
        same = one.unit_at[Level.FACILITY] == other.unit_at[Level.FACILITY]
        return self.weight[ContactSetting.FACILITY] if same else 0

    def _open(self, one: Site, other: Site) -> int:
        best = 0
        for setting, level in OPEN_LEVELS:
            unit = one.unit_at.get(level)
            if unit is not None and unit == other.unit_at.get(level):
                best = max(best, self.weight[setting])
        for setting, kind in OPEN_SETTINGS:
            if one.settings[kind] & other.settings[kind]:
                best = max(best, self.weight[setting])
        return best

    def _cellmates(self, site: Site) -> int:
        cellmates = max(site.cell.max_capacity - 1, 1)
        share = min(1.0, FULL_CONTACT_CELLMATES / cellmates)
        return round_half_up(self.weight[ContactSetting.CELL] * share)

    def _named(self, one: Site, other: Site) -> int:
        here = self.named.intersection(one.places)
        there = self.named.intersection(other.places)
        return max((self.explicit.get((a, b), 0) for a in here for b in there), default=0)
