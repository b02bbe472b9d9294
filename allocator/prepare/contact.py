"""Contact weights between cells, as a small square table of classes of cells.

Contact of two people in cells c and d (docs/rules.md, κ) is the largest weight among the settings
that both cells share. Cells under one unit that no setting and no explicit contact tells apart have
the same contact to every other cell, so they form a class and contact is classes × classes.

References
----------
.. [1] Planning parameters P1 (weights per setting) and P2 (rooms for more than two).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from allocator.influence import to_points
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import ContactSetting, Level, SharedSettingKind

TREE_SETTINGS = {
    ContactSetting.LANDING: Level.LANDING,
    ContactSetting.WING: Level.WING,
    ContactSetting.YARD: Level.EXERCISE_GROUP,
}
SHARED_SETTINGS = {
    SharedSettingKind.ACTIVITY: ContactSetting.ACTIVITY,
    SharedSettingKind.WORSHIP: ContactSetting.WORSHIP,
}
TALK_GROUP = 4


@dataclass(frozen=True, slots=True, eq=False)
class ContactTables:
    """Contact as `Instance` wants it.

    Parameters
    ----------
    contact_class : shape (n_cells,), numbered in the order of the cells.
    contact : shape (n_classes, n_classes), symmetric; the diagonal is the weight between two
        different cells of the class.
    cell_contact : shape (n_cells,), weight between two people in one cell.
    """

    contact_class: IntArray
    contact: IntArray
    cell_contact: IntArray


def contact_tables(index: ScenarioIndex) -> ContactTables:
    """Classes of cells and the weights between and within them."""
    classes = _CellClasses(index)
    contact = _shared_contact(index, classes)
    cell_contact = _cell_contact(index, contact.diagonal()[classes.of_cell])
    for entry in index.scenario.estate.contacts:
        a, b = classes.under(entry.place_a), classes.under(entry.place_b)
        _raise_block(contact, a, b, entry.weight)
        _raise_block(contact, b, a, entry.weight)
    return ContactTables(classes.of_cell, contact, cell_contact)


class _CellClasses:
    """Cells grouped by nearest unit and by what names the cell itself."""

    def __init__(self, index: ScenarioIndex) -> None:
        cells = index.scenario.estate.cells
        named = _named_cells(index)
        number: dict[Hashable, int] = {}
        keys = [(cell.parent_id, frozenset(named.get(cell.cell_id, ()))) for cell in cells]
        self.of_cell = int_array(number.setdefault(key, len(number)) for key in keys)
        self.first_cell: IntArray = np.unique(self.of_cell, return_index=True)[1].astype(np.int64)
        self._under: dict[str, set[int]] = defaultdict(set)
        for k, c in enumerate(self.first_cell):
            for unit in index.units_above(cells[c]):
                self._under[unit.unit_id].add(k)
        for cell_id in named:
            self._under[cell_id].add(int(self.of_cell[index.cell_at[cell_id]]))

    def under(self, place_id: str) -> IntArray:
        """Classes of the cells under a unit, or of a cell that a setting or contact names."""
        return int_array(sorted(self._under.get(place_id, ())))


def _named_cells(index: ScenarioIndex) -> dict[str, set[Hashable]]:
    """For each cell that a setting or an explicit contact names, everything that names it."""
    estate = index.scenario.estate
    names: dict[str, set[Hashable]] = defaultdict(set)
    for setting in estate.settings:
        for place_id in setting.unit_ids & index.cell_at.keys():
            names[place_id].add(setting.setting_id)
    for entry in estate.contacts:
        for place, other in (
            (entry.place_a, entry.place_b),
            (entry.place_b, entry.place_a),
        ):
            if place in index.cell_at:
                names[place].add((other, entry.weight))
    return names


def _shared_contact(index: ScenarioIndex, classes: _CellClasses) -> IntArray:
    """Contact by the tree and the shared settings; facility last, for sealed units have only it."""
    weights = index.scenario.contact_weights.weights
    n_classes = len(classes.first_cell)
    contact = np.zeros((n_classes, n_classes), dtype=np.int64)
    for setting, level in TREE_SETTINGS.items():
        _raise_units(contact, index.unit_of(level)[classes.first_cell], weights.get(setting, 0))
    for shared in index.scenario.estate.settings:
        users = int_array(sorted({k for unit in shared.unit_ids for k in classes.under(unit)}))
        _raise_block(contact, users, users, weights.get(SHARED_SETTINGS[shared.kind], 0))
    _cut_sealed(contact, [index.scenario.estate.cells[c] for c in classes.first_cell], index)
    facility = index.unit_of(Level.FACILITY)[classes.first_cell]
    _raise_units(contact, facility, weights.get(ContactSetting.FACILITY, 0))
    return contact


def _cut_sealed(contact: IntArray, cells: Iterable[Cell], index: ScenarioIndex) -> None:
    """No contact where a sealed unit is above one of two cells and not above the other."""
    number: dict[frozenset[str], int] = {}
    sealed = int_array(
        number.setdefault(
            frozenset(unit.unit_id for unit in index.units_above(cell) if unit.sealed), len(number)
        )
        for cell in cells
    )
    if len(number) > 1:
        contact[sealed[:, None] != sealed[None, :]] = 0


def _raise_units(contact: IntArray, units: IntArray, weight: int) -> None:
    """Raise the contact within each unit; unit -1 is none."""
    if weight <= 0:
        return
    order = np.argsort(units, kind="stable")
    starts = np.flatnonzero(np.diff(units[order])) + 1
    for members in np.split(order, starts):
        if members.size and units[members[0]] >= 0:
            _raise_block(contact, members, members, weight)


def _raise_block(contact: IntArray, rows: IntArray, columns: IntArray, weight: int) -> None:
    block = np.ix_(rows, columns)
    contact[block] = np.maximum(contact[block], weight)


def _cell_contact(index: ScenarioIndex, nearby: IntArray) -> IntArray:
    r"""Weight between cellmates; `nearby` is what they share outside the cell.

    .. math:: \max(nearby,\ W_{cell} \cdot \min(1, 4 / \max(n - 1, 1)))
    """
    weight = index.scenario.contact_weights.weights.get(ContactSetting.CELL, 0)
    share = {
        n: to_points(weight * min(1.0, TALK_GROUP / max(n - 1, 1)))
        for n in {cell.max_capacity for cell in index.scenario.estate.cells}
    }
    inside = int_array(share[cell.max_capacity] for cell in index.scenario.estate.cells)
    return np.maximum(inside, nearby)
