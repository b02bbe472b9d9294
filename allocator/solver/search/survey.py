r"""Where a tier's few heavy people might be, judged without placing the others one by one.

Given the contact class :math:`k(h)` of every heavy person, others only weigh what they have with
heavy people, and share the room of the cells that are left: a transportation problem,

.. math:: E(k) = \sum_{h < g} p_{hg} w_{k(h), k(g)}
   + \min_x \Big\{ \sum_{i, b} x_{ib} \sum_h p_{ih} w_{\kappa(b), k(h)} :
   \sum_b x_{ib} = 1,\ \sum_i a_i x_{ib} \le Q_b \Big\}

over groups b of cells that are of one class and open to the same people. What light people have
with one another, and hard shapes that keep people apart, are left out; what is left tells good
wings from bad ones, and a change is priced in far less time than everybody takes to settle.

References
----------
.. [1] Gilmore (1962), Optimal and suboptimal algorithms for the quadratic assignment problem, doi
   10.1137/0110022: those who are not placed yet are priced by a linear problem.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.search.descent import descend
from allocator.solver.search.room_prices import AT, Real, Whole, new_arrays
from allocator.solver.search.terms import Floats
from allocator.solver.tables import UNLIMITED, Tables

MOST_ENTRIES = 200_000  # people times classes; in larger problems a look takes too long
SHAKES = 10  # random changes for each heavy person that are tried before a look


class Deal(NamedTuple):
    """Contact classes of heavy people, shape (h,), and what they are worth; less is better."""

    value: float
    heavy: IntArray
    classes: IntArray


@dataclass(frozen=True, eq=False)
class Survey:
    """Looks around from where people are.

    `heavy` : the people looked at. `classes` : contact class of each group of cells. `whole`,
    `real` : see `room_prices`.
    """

    heavy: IntArray
    classes: IntArray
    whole: Whole
    real: Real

    @classmethod
    def start(cls, t: Tables, tier: int, place: IntArray, heavy: IntArray) -> "Survey | None":
        """From a placement, shape (n,); None where a look would take too long.

        Those whose stay counts in earlier tiers stay; units that hold one class of people only
        go on doing so, and no unit holds more of a counted group than it may or does.
        """
        heavy = heavy[place[heavy] >= 0]
        if not len(heavy) or len(place) * len(np.unique(t.contact_class)) > MOST_ENTRIES:
            return None
        first, group = _groups(t)
        at, weight, stays = group[place], _weights(t), _stay(t, tier, place)
        is_open = _open(t, place, first)
        is_open[stays] = False
        is_open[np.arange(len(place)), at] = True
        light = np.setdiff1d(np.flatnonzero(place >= 0), heavy)
        fixed, free = light[stays[light]], light[~stays[light]]
        rows, start, order = _rows(is_open[free], weight[free])
        kind, contact = _contact(t, first)
        points = _points(t, tier, heavy)
        load = [np.bincount(at[who], weight[who], len(first)) for who in (heavy, fixed, free)]
        room = np.maximum(np.bincount(group, t.cap) - load[0] - load[1], load[2])
        whole, real = new_arrays(
            (kind, at[heavy], is_open[heavy], start, rows[:, :-1]),
            _limits(t, tier, place, heavy, first),
            (
                points[:, free[order]], points[:, heavy],
                points[:, fixed] @ contact[kind[at[fixed]]], contact, rows[:, -1].astype(float),
                weight[heavy].astype(float), room,
            ),
        )  # fmt: skip
        return cls(heavy, t.contact_class[first], whole, real)

    def look(self, random: IntArray, shaken: bool) -> Deal:
        """The next place to settle in, from where people are or from somewhere else.

        Parameters
        ----------
        random : a state, for its random numbers.
        """
        whole, real = tuple(a.copy() for a in self.whole), tuple(a.copy() for a in self.real)
        at = whole[AT][0]
        value = descend(whole, real, random, SHAKES * len(at) if shaken else 0)
        return Deal(value, self.heavy, self.classes[at])


def _groups(t: Tables) -> tuple[IntArray, IntArray]:
    """Cells of one contact class that are open to the same people: first ones, group of each."""
    key = np.vstack((t.contact_class, t.elig)).T
    _, first, group = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return first, group.reshape(-1)


def _contact(t: Tables, first: IntArray) -> tuple[IntArray, Floats]:
    """Class of each group of cells, numbered from 0, and contact between classes.

    What mates have on top of their class counts where a class is one cell.
    """
    classes, kind = np.unique(t.contact_class[first], return_inverse=True)
    contact = t.contact[np.ix_(classes, classes)].astype(np.float64)
    single = np.bincount(t.contact_class)[classes] == 1
    order = first[np.unique(kind, return_index=True)[1]]
    contact[single, single] = t.cell_contact[order][single]
    return kind.reshape(-1), contact


def _rows(is_open: BoolArray, weight: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Rows of people of the same groups and places (the last column), their starts, an order."""
    key = np.column_stack((is_open, weight)).astype(np.int64)
    rows, row, number = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    start = np.concatenate(([0], np.cumsum(number))).astype(np.int64)
    return rows, start, np.argsort(row.reshape(-1), kind="stable").astype(np.int64)


def _stay(t: Tables, tier: int, place: IntArray) -> BoolArray:
    """True for people who may not move, or whose moving costs something in earlier tiers."""
    at_home = (place == t.current) & t.moved[:, :tier].any(axis=1)
    return at_home | (t.fixed >= 0)


def _weights(t: Tables) -> IntArray:
    """Places that everybody takes; who must be alone takes a whole usual cell."""
    usual = int(np.round(t.cap[t.cap > 0].mean())) if np.any(t.cap > 0) else 1
    return np.where(t.alone != 0, np.maximum(t.places, usual), t.places)


def _points(t: Tables, tier: int, heavy: IntArray) -> Floats:
    """Points of heavy people with everybody, both ways together, shape (h, n)."""
    n = len(t.places)
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))
    rows = np.flatnonzero(t.contact_rows(tier) & np.isin(person, heavy))
    points = np.zeros((len(heavy), n))
    own = np.searchsorted(heavy, person[rows])
    np.add.at(points, (own, t.pair_other[rows]), t.pair_out[rows] + t.pair_in[rows])
    return points


def _open(t: Tables, place: IntArray, first: IntArray) -> BoolArray:
    """Who may be in which groups of cells, known by their first one; shape (n, b)."""
    is_open = t.elig[t.elig_row][:, first].astype(bool)
    for q in np.flatnonzero((t.part_tier < 0) & (t.part_level > 0)).tolist():
        own = t.class_of(q)
        units = t.units[t.part_level[q]]
        for u in np.unique(units[place[(own >= 0) & (place >= 0)]]).tolist():
            here = own[(units[place] == u) & (own >= 0) & (place >= 0)]
            if u >= 0:
                is_open[np.ix_((own >= 0) & ~np.isin(own, here), units[first] == u)] = False
    return is_open


def _limits(
    t: Tables, tier: int, place: IntArray, heavy: IntArray, first: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Counted groups up to a tier: weights (d, h), units (d, b), and what a unit may hold."""
    groups = np.flatnonzero(t.group_tier < tier)
    sizes, weight = np.diff(t.group_offset), t.counted(groups)
    unit = np.zeros((len(groups), len(first)), dtype=np.int64)
    high = np.full((len(groups), int(max(sizes, default=0))), UNLIMITED, dtype=np.int64)
    for k, g in enumerate(groups.tolist()):
        unit[k] = t.units[t.group_level[g]][first]
        units = np.where(place >= 0, t.units[t.group_level[g]][place], -1)
        now = np.bincount(units[units >= 0], weight[k][units >= 0], sizes[g]).astype(np.int64)
        limits = t.unit_high[t.group_offset[g] : t.group_offset[g + 1]]
        high[k, : sizes[g]] = np.maximum(limits, now)
    return weight[:, heavy], unit, high
