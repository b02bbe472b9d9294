"""Which people and cells a neighbourhood frees; the kinds take turns.

References
----------
.. [1] Pisinger and Ropke (2010), Large neighborhood search: related, worst and random removal.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.incumbent import Incumbent
from allocator.solver.tables import Tables

FREE_PEOPLE = 26
GIVE_UP = 5  # people who may give up their moves, in every neighbourhood where moves are limited
SPARE_CELLS, UNPLACED = 8, 6
Shares = NDArray[np.float64]
Order = tuple[IntArray, IntArray]


def choose(inc: Incumbent, share: Shares, rng: np.random.Generator, number: int) -> Order:
    """People and cells of the neighbourhood with this number, at most `FREE_PEOPLE` placed ones.

    Parameters
    ----------
    share : shape (n,), each person's part of the tier, at least 0.
    """
    t, place = inc.tables, inc.placement
    placed = np.flatnonzero((place >= 0) & (t.fixed < 0))
    if len(placed) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    odds = share[placed] + share[placed].mean() + 1.0
    seed = int(rng.choice(placed, p=odds / odds.sum()))
    people, spare = KINDS[number % len(KINDS)](At(t, place, share, seed, rng))
    wanted = place[np.concatenate(([seed], people))]
    if t.has_move_limit:
        wanted = np.concatenate((wanted[:1], _given_up(t, place, rng), wanted[1:]))
    cells = _within_reach(t, place, wanted)
    free = np.flatnonzero(np.isin(place, cells) & (t.fixed < 0))
    unplaced = rng.permutation(np.flatnonzero(place < 0))[:UNPLACED]
    load = t.loads(place)
    roomy = rng.permutation(spare[load[spare] < t.cap[spare]])[:SPARE_CELLS]
    return (
        np.sort(np.concatenate((free, unplaced))).astype(np.int64),
        np.unique(np.concatenate((cells, roomy))).astype(np.int64),
    )


def _given_up(t: Tables, place: IntArray, rng: np.random.Generator) -> IntArray:
    """Cells of some people who have moved, and those that they came from.

    Where all moves are used, whoever is at home can only leave if somebody returns.
    """
    away = np.flatnonzero((place >= 0) & (t.current >= 0) & (place != t.current) & (t.fixed < 0))
    some = rng.permutation(away)[:GIVE_UP]
    return np.column_stack((place[some], t.current[some])).reshape(-1)


def _within_reach(t: Tables, place: IntArray, wanted: IntArray) -> IntArray:
    """Wanted cells in their order (-1: none), as long as not too many people live in them."""
    heads = np.bincount(place[place >= 0], minlength=len(t.cap))
    cells: list[int] = []
    size = 0
    for c in wanted[wanted >= 0].tolist():
        if c in cells:
            continue
        size += int(heads[c])
        if size > FREE_PEOPLE and cells:
            break
        cells.append(c)
    return np.array(cells, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class At:
    """Where a neighbourhood is made: the placement, everybody's share, the person it begins at."""

    tables: Tables
    place: IntArray
    share: Shares
    seed: int
    rng: np.random.Generator

    @property
    def everyone(self) -> IntArray:
        """All people in random order."""
        return self.rng.permutation(len(self.place))

    @property
    def everywhere(self) -> IntArray:
        """All cells."""
        return np.arange(len(self.tables.cap), dtype=np.int64)

    def living_in(self, cells: BoolArray) -> IntArray:
        """People in some of the cells, in random order."""
        return self.rng.permutation(np.flatnonzero((self.place >= 0) & cells[self.place]))


def network(at: At) -> Order:
    """Those who have terms with the seed, then anybody."""
    t = at.tables
    related = at.rng.permutation(t.pair_other[t.pair_ptr[at.seed] : t.pair_ptr[at.seed + 1]])
    return np.concatenate((related[: FREE_PEOPLE // 3], at.everyone)), at.everywhere


def worst_exposed(at: At) -> Order:
    """A third from those with the largest share of the tier, then anybody."""
    worst = at.rng.permutation(np.argsort(-at.share, kind="stable")[:FREE_PEOPLE])
    return np.concatenate((worst[: FREE_PEOPLE // 3], at.everyone)), at.everywhere


def unit_pair(at: At) -> Order:
    """People of the seed's unit at some level and of another one, say two wings."""
    units = at.tables.units[int(at.rng.integers(len(at.tables.units)))]
    own, other = units[at.place[at.seed]], units[int(at.rng.integers(len(units)))]
    inside = (units == own) | (units == other)
    return at.living_in(inside), np.flatnonzero(inside)


def cell_type(at: At) -> Order:
    """People in cells with as many places and the same price of crowding as the seed's."""
    t, c = at.tables, at.place[at.seed]
    alike = (t.cap == t.cap[c]) & (t.load_row == t.load_row[c])
    return at.living_in(alike), np.flatnonzero(alike)


def landing(at: At) -> Order:
    """People on the seed's landing, into its cells only: who shares a cell, and which."""
    t = at.tables
    inside = t.contact_class == t.contact_class[at.place[at.seed]]
    return at.living_in(inside), np.flatnonzero(inside)


Kind = Callable[[At], Order]
KINDS: tuple[Kind, ...] = (network, landing, worst_exposed, unit_pair, cell_type)
