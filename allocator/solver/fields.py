"""Pair terms as fields: one contact structure and one tier each, with sorted rows per person.

A field is the set of pair terms of one tier whose factor comes from one contact structure: the
instance's contact table, or "both in one unit of a level". Every structure is a class per cell, a
matrix between classes (a unit has contact with itself only, so nothing is written down) and, where
people in one cell have another weight than two cells of a class, an extra weight per cell. Engines
then know one kind of pair term.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray

FEW_NEIGHBOURS = 8
FEW_NEAR = 16  # classes near one, up to which a sum over them is read class by class
MANY_ENTRIES = 4_000_000
MOST_TABLE_ENTRIES = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """One contact structure.

    Parameters
    ----------
    classes : shape (m,), class of each cell. width : number C of classes.
    matrix : shape (C, C), weight from class to class; of units, shape (0, 0): every class but the
        last has weight 1 with itself, and nothing else has any.
    extra : shape (m,), what people in one cell get more than `matrix` of their class with itself.
    far : weight of classes that are not near each other. gathered : fields keep sums of the points
        with the people of each class; else sums of what a person in each class would have.
    near_ptr, near : CSR of the classes that are near a class, either way.
    near_more : shape of `near`, what the weight of the two exceeds `far` by.
    """

    classes: IntArray
    width: int
    matrix: IntArray
    extra: IntArray
    far: int
    gathered: bool
    near_ptr: IntArray
    near: IntArray
    near_more: IntArray

    @classmethod
    def of(
        cls, classes: IntArray, matrix: IntArray, cell_contact: IntArray, *, directed: bool
    ) -> "Structure":
        """A structure in which a class of one cell needs no extra."""
        matrix = matrix.astype(np.int64).copy()
        alone = np.bincount(classes, minlength=len(matrix))[classes] == 1
        matrix[classes[alone], classes[alone]] = cell_contact[alone]
        extra = cell_contact - matrix[classes, classes]
        weights, number = np.unique(matrix, return_counts=True)
        far = int(weights[number.argmax()]) if len(weights) else 0
        linked = (matrix != far) | (far != matrix.T)
        gathered = not directed and bool(np.all(linked.sum(axis=1) <= FEW_NEAR))
        if not gathered:
            far, linked = 0, (matrix != 0) | (matrix.T != 0)
        ptr = np.concatenate(([0], np.cumsum(linked.sum(axis=1)))).astype(np.int64)
        at, near = np.nonzero(linked)
        more = matrix[at, near] - far
        return cls(
            classes, len(matrix), matrix, extra, far, gathered, ptr, near.astype(np.int64), more
        )

    @property
    def rows(self) -> int:
        """Sums that a field keeps of each person: one for each class, and one of all people."""
        return self.width + (self.far != 0)


def contact_structure(instance: Instance, *, directed: bool) -> Structure:
    """The instance's contact table; flat sets of units without contact get a class per cell."""
    classes, matrix = instance.contact_class, instance.contact
    cells = np.bincount(classes, minlength=len(matrix))
    neighbours = float(((matrix != 0) @ cells)[classes].mean()) if len(classes) else 0.0
    if neighbours <= FEW_NEIGHBOURS and instance.n_persons * len(classes) <= MANY_ENTRIES:
        matrix = matrix[np.ix_(classes, classes)].copy()
        classes = np.arange(len(classes), dtype=np.int64)
    return Structure.of(classes, matrix, instance.cell_contact, directed=directed)


def unit_structure(units: NDArray[np.integer], *, directed: bool) -> Structure:
    """Both in one unit, -1 for none: shape (m,)."""
    width = int(units.max(initial=-1)) + 2
    classes = np.where(units >= 0, units, width - 1).astype(np.int64)
    near = np.arange(width - 1, dtype=np.int64)
    return Structure(
        classes,
        width,
        np.zeros((0, 0), dtype=np.int64),
        np.zeros(len(classes), dtype=np.int64),
        0,
        not directed,
        np.append(near, [width - 1, width - 1]),
        near,
        np.ones_like(near),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """The fields of an instance; F of them over S structures.

    Parameters
    ----------
    tier, structure : shape (F,). structures : S of them.
    rows : shape (n, F + 1), first entry of each person's terms in each field, and the end.
    start : shape (F,), where each field's sums of n people start in a state; -1 where the table
        would be too large, in which case engines add up the terms instead.
    table_entries : entries of all tables.
    """

    tier: IntArray
    structure: IntArray
    structures: tuple[Structure, ...]
    rows: IntArray
    start: IntArray
    table_entries: int


def fields_until(fields: Fields, tier: int) -> Fields:
    """The fields of tiers up to one, whose terms come first in each person's rows."""
    kept = int(np.searchsorted(fields.tier, tier, side="right"))
    rows = fields.rows[:, : kept + 1]
    ends = np.cumsum(rows[:, -1] - rows[:, 0])
    first = np.concatenate(([0], ends[:-1])).astype(np.int64)
    sizes = [len(rows) * fields.structures[q].rows for q in fields.structure[:kept].tolist()]
    start, entries = _table_starts(np.array(sizes, dtype=np.int64))
    return Fields(
        fields.tier[:kept], fields.structure[:kept], fields.structures,
        rows - rows[:, :1] + first[:, None], start, entries,
    )  # fmt: skip


def make_fields(
    instance: Instance,
    units: NDArray[np.integer],
    pair_ptr: IntArray,
    pair_tier: IntArray,
    pair_level: IntArray,
    pair_in: IntArray,
) -> Fields:
    """Fields of pair terms that are sorted by person, tier, level and the other person."""
    n = len(pair_ptr) - 1
    key = pair_tier * (len(units) + 1) + pair_level + 1
    keys = np.unique(key)
    tier, level = keys // (len(units) + 1), keys % (len(units) + 1) - 1
    levels = np.unique(level)
    directed = frozenset(pair_level[pair_in != 0].tolist())
    structures = tuple(
        contact_structure(instance, directed=k in directed)
        if k < 0
        else unit_structure(units[k], directed=k in directed)
        for k in levels.tolist()
    )
    structure = np.searchsorted(levels, level)
    person = np.repeat(np.arange(n), np.diff(pair_ptr))
    field = np.searchsorted(keys, key)
    number = np.bincount(person * len(keys) + field, minlength=n * len(keys))
    rows = np.empty((n, len(keys) + 1), dtype=np.int64)
    rows[:, 0] = pair_ptr[:-1]
    if len(keys):
        rows[:, 1:] = pair_ptr[:-1, None] + np.cumsum(number.reshape(n, len(keys)), axis=1)
    sizes = np.array([n * structures[s].rows for s in structure.tolist()], dtype=np.int64)
    start, entries = _table_starts(sizes)
    return Fields(tier, structure.astype(np.int64), structures, rows, start, entries)


def _table_starts(sizes: IntArray) -> tuple[IntArray, int]:
    """Starts of tables of the given sizes, smallest first as long as they fit, and the total."""
    start = np.full(len(sizes), -1, dtype=np.int64)
    total = 0
    for f in np.argsort(sizes, kind="stable").tolist():
        if total + int(sizes[f]) > MOST_TABLE_ENTRIES:
            break
        start[f] = total
        total += int(sizes[f])
    return start, total
