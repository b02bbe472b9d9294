"""An instance as flat arrays that compiled code can read; nothing here knows a rule by name.

Tiers are numbered in the instance's order from 1; number 0 is the deficit of hard lower limits,
which comes before every tier.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import Level, Tier
from allocator.solver.fields import Fields, fields_until
from allocator.solver.packed import Bytes, Int32, pack

UNLIMITED = 1 << 40
DEFICIT = 0


@dataclass(frozen=True, eq=False)
class Tables:
    """Arrays of one instance; K is the number of tiers plus one.

    CSR triples (`*_ptr` of shape (n + 1,)) list, for each person, the terms that concern them; pair
    terms of a person are sorted by tier, level and the other person.
    """

    places: IntArray  # (n,)
    cap: IntArray  # (m,) places that may never be exceeded
    current: IntArray  # (n,) present cell or -1
    fixed: IntArray  # (n,) only cell of a frozen person or -1
    elig_row: IntArray  # (n,)
    elig: Bytes  # (rows, m) 1 where the person may be
    unplaced: IntArray  # (n, K) points of having no place
    moved: IntArray  # (n, K) points of not being in the present cell
    static_row: IntArray  # (n,)
    static_tiers: IntArray  # (s,)
    static: Int32  # (rows, m, s) points of a person in a cell
    load_row: IntArray  # (m,)
    load_tiers: IntArray  # (s,)
    load_cost: IntArray  # (rows, s, largest cap + 1)
    alone: Bytes  # (n,)
    alone_price: IntArray  # (n, K)
    units: Int32  # (levels, m)
    apart_ptr: IntArray
    apart_other: IntArray
    apart_level: IntArray
    pair_ptr: IntArray
    pair_other: IntArray
    pair_out: IntArray  # points towards the other
    pair_in: IntArray  # points from the other, 0 where contact is symmetric
    pair_tier: IntArray
    pair_level: IntArray  # -1: contact weight, else shared unit
    fields: Fields  # the same terms, sorted for engines
    contact_class: IntArray  # (m,)
    contact: IntArray  # (classes, classes)
    cell_contact: IntArray  # (m,)
    count_ptr: IntArray
    count_group: IntArray
    count_weight: IntArray
    group_level: IntArray
    group_offset: IntArray
    group_tier: IntArray  # -1: hard
    group_price: IntArray
    group_triangular: Bytes
    group_or_none: Bytes
    unit_high: IntArray
    unit_low: IntArray
    class_ptr: IntArray
    class_part: IntArray
    class_index: IntArray
    part_level: IntArray
    part_offset: IntArray
    part_units: IntArray
    part_classes: IntArray
    part_tier: IntArray  # -1: hard
    part_price: IntArray
    limit_ptr: IntArray
    limit_id: IntArray
    limit_weight: IntArray
    limit_high: IntArray
    limit_tier: IntArray  # -1: hard
    limit_price: IntArray
    slot_offset: IntArray  # (m + 1,)

    @cached_property
    def has_move_limit(self) -> bool:
        """True when the number of moves has a hard limit."""
        return bool(np.any(self.limit_tier < 0))

    def contact_rows(self, tier: int) -> BoolArray:
        """Pair terms of a tier that count by contact and not by a shared unit."""
        rows: BoolArray = (self.pair_tier == tier) & (self.pair_level < 0)
        return rows

    def counted(self, groups: IntArray) -> IntArray:
        """What everybody counts in each of some groups, shape (groups, n)."""
        weight = np.zeros((len(groups), len(self.places)), dtype=np.int64)
        person = np.repeat(np.arange(len(self.places)), np.diff(self.count_ptr))
        for k, g in enumerate(groups.tolist()):
            own = self.count_group == g
            np.add.at(weight[k], person[own], self.count_weight[own])
        return weight

    def class_of(self, part: int) -> IntArray:
        """Everybody's class in a partition, shape (n,); -1 for none."""
        of = np.full(len(self.places), -1, dtype=np.int64)
        person = np.repeat(np.arange(len(of)), np.diff(self.class_ptr))
        own = self.class_part == part
        of[person[own]] = self.class_index[own]
        return of

    def loads(self, placement: IntArray) -> IntArray:
        """Places taken in each cell, shape (m,), by those of a placement who are somewhere."""
        inside = placement >= 0
        taken = np.bincount(placement[inside], self.places[inside], len(self.cap))
        return taken.astype(np.int64)

    def until(self, tier: int) -> "Tables":
        """The same tables without pair terms of tiers after one."""
        kept = self.pair_tier <= tier
        fields = fields_until(self.fields, tier)
        ends = np.append(fields.rows[:, 0], int(kept.sum()))
        columns = ("pair_other", "pair_out", "pair_in", "pair_tier", "pair_level")
        own = {name: getattr(self, name)[kept] for name in columns}
        return replace(self, fields=fields, pair_ptr=ends, **own)

    @cached_property
    def whole_units(self) -> Int32:
        """Units whose people may change places as a whole, (levels, m): those of `units`.

        Contact classes that are no level's units are one more level, the last.
        """
        classes = self.contact_class.astype(np.int32)
        number = len(np.unique(classes))
        for units in self.units:
            both = np.unique(np.stack((units, classes)), axis=1).shape[1]
            if both == number == len(np.unique(units)):
                return self.units
        return np.vstack((self.units, classes))

    @cached_property
    def packed(self) -> IntArray:
        """The same data as one array, for compiled code."""
        return pack(self)


def tier_numbers(instance: Instance) -> dict[Tier, int]:
    """Number of each tier, from 1, in the instance's order."""
    return {setting.tier: k + 1 for k, setting in enumerate(instance.tiers)}


def level_numbers(instance: Instance) -> dict[Level, int]:
    """Row of each level in `Tables.units`; the cell level is row 0."""
    levels = [Level.CELL, *sorted(level for level in instance.unit_of if level is not Level.CELL)]
    return {level: row for row, level in enumerate(levels)}
