r"""R23: a sealed unit shares no exercise, activity or worship group with another unit.

With the cells :math:`S` under a sealed unit, and :math:`H` the exercise groups and settings:

.. math:: x_{p,c} = 0 \quad \forall p,\; c \in S \text{ if }
          \exists h \in H, s \in S, o \notin S:\; s, o \in h

Amount of a breach: 1 per person.

References
----------
.. [1] French *quartiers de prise en charge de la radicalisation*: "étanche" by rule.
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import BoolArray, Eligible, Penalty
from allocator.model.vocabulary import Level

RULE = RuleId.SEALED_UNITS


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """Bar everyone from the cells of each sealed unit that is not sealed in fact."""
    closed = np.zeros(len(index.scenario.estate.cells), dtype=np.bool_)
    shared = _shared_groups(index) if _sealed(index) else []
    for unit_id in _sealed(index):
        inside = _cells_under(index, frozenset({unit_id}))
        if any((group & inside).any() and (group & ~inside).any() for group in shared):
            closed |= inside
    if closed.any() and index.everyone.size:
        barred = np.flatnonzero(closed).astype(np.int64)
        yield Eligible(RULE, index.everyone, barred, penalty, "sealed units that share a setting")


def _sealed(index: ScenarioIndex) -> list[str]:
    return [unit.unit_id for unit in index.scenario.estate.units if unit.sealed]


def _cells_under(index: ScenarioIndex, places: frozenset[str]) -> BoolArray:
    """True for the cells that are among the places or under one of them."""
    cells = index.scenario.estate.cells
    found = [
        c.cell_id in places or any(u.unit_id in places for u in index.units_above(c)) for c in cells
    ]
    return np.array(found, dtype=np.bool_)


def _shared_groups(index: ScenarioIndex) -> list[BoolArray]:
    """Cells of each exercise group and of each shared setting."""
    group_of = index.unit_of(Level.EXERCISE_GROUP)
    groups = [group_of == g for g in range(len(index.unit_names(Level.EXERCISE_GROUP)))]
    settings = index.scenario.estate.settings
    return groups + [_cells_under(index, setting.unit_ids) for setting in settings]
