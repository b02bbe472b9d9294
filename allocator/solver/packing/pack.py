"""Places for those whom the search left without one, where cells are nearly full.

Cells are emptied and filled anew, a few at a time, in turns with exact counts: where so little room
is left that all sets of people who can fill a cell are known, CP-SAT says how many cells get each.
Where these are too many for all cells at once, some cells and those without a place are counted.

References
----------
.. [1] Buljubasic and Vasquez (2016), Consistent neighborhood search for one-dimensional bin packing
   and two-dimensional vector packing: a fixed number of bins and a few left out, who are exchanged
   with sets of others; ours fills by exact sets instead.
"""

import itertools
import time

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.cpsat.limits import FULL_RELAXATION, Limits
from allocator.solver.incumbent import Incumbent
from allocator.solver.packing.counts import CountModel, with_names
from allocator.solver.packing.kinds import Kinds, packing_kinds
from allocator.solver.packing.patterns import list_patterns
from allocator.solver.packing.repack import repack
from allocator.solver.search.apply import load_placement
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.state import LOAD, new_state
from allocator.solver.tables import Tables

CHUNK = 100  # rounds with one order of people
CHUNKS = 50  # of them between one count of patterns and the next
GROWTH = 1.3  # of the cells whose patterns are counted, while that is quick
FEWEST = 4  # of them
COUNT_TIME = 0.5  # CP-SAT's deterministic seconds
NOISE = 0.2  # of the logarithm of places, by which the order of people differs from time to time


class Packing:
    """One attempt at a tier that prices being without a place.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    """

    def __init__(self, inc: Incumbent, tier: int, caps: IntArray) -> None:
        self.inc, self.tier, self.caps, self.t = inc, tier, caps, inc.tables
        self.kinds = packing_kinds(self.t, tier, inc.placement)
        self.rng = np.random.default_rng((inc.options.seed, tier, inc.passes))

    def run(self, turns: int, seconds: float | None) -> None:
        """Fill cells anew and count patterns in turns, so often or for so many seconds.

        Parameters
        ----------
        seconds : None for no limit, else `turns` does not count.
        """
        ends = None if seconds is None else time.monotonic() + seconds
        number = len(self.t.cap)
        for turn in itertools.count(1):
            self._repack(ends)
            if self._is_done():
                return
            left = self.inc.seconds_left if ends is None else ends - time.monotonic()
            number = self._count(
                number,
                Limits(COUNT_TIME, left, self.inc.options.seed + turn, relaxation=FULL_RELAXATION),
            )
            enough = turn >= turns if ends is None else time.monotonic() > ends
            if enough or self._is_done():
                return

    def _is_done(self) -> bool:
        return self.inc.is_proven(self.tier) or self.inc.stopped

    def _room(self, kinds: Kinds, empty: IntArray) -> int:
        """Places that those who are packed may take at all, others taking `empty`, shape (m,)."""
        t = self.t
        rows = np.unique(t.elig_row[kinds.free])
        return int(np.maximum(0, t.cap - empty)[t.elig[rows].any(axis=0)].sum())

    def _repack(self, ends: float | None) -> None:
        """Empty and fill cells; whoever is to be left out at the least price is not packed."""
        inc, t = self.inc, self.t
        state = new_state(t, int(self.rng.integers(1 << 30)))
        left_out = self._left_out()
        load_placement(t.packed, state.flat, np.where(left_out, -1, inc.placement))
        free = self.kinds.free & ~left_out
        cells = np.flatnonzero(t.cap > 0).astype(np.int64)
        if not free.any() or len(cells) < 2:
            return
        fewest = self._priced(state.place)
        for _ in range(CHUNKS):
            order = self._order(free)
            repack(t.packed, state.flat, order, self.kinds.person, free, cells, CHUNK)
            if self._priced(state.place) < fewest:
                fewest = self._priced(state.place)
                self._offer(state.place)
            out_of_time = ends is not None and time.monotonic() > ends
            if out_of_time or self._is_done() or np.all(state.place[order] >= 0):
                return
            if inc.tell("packing", self.tier, inc.values):
                return

    def _priced(self, placement: IntArray) -> int:
        return int(self.t.unplaced[placement < 0, self.tier].sum())

    def _left_out(self) -> BoolArray:
        """Who is not packed, since not everybody fits: the cheapest by the place."""
        t, people = self.t, self.kinds.people
        price = t.unplaced[people, self.tier] / t.places[people]
        cheapest = people[np.lexsort((-t.places[people], price))]
        load = t.loads(np.where(self.kinds.free, -1, self.inc.placement))
        over = int(t.places[people].sum()) - self._room(self.kinds, load)
        before = np.cumsum(t.places[cheapest]) - t.places[cheapest]
        out = np.zeros(len(t.places), dtype=np.bool_)
        out[cheapest[before < over]] = True
        return out

    def _order(self, free: BoolArray) -> IntArray:
        """Who is packed, the hardest to place first, a little different each time."""
        t, kind = self.t, self.kinds.person
        size = int(kind.max()) + 1
        choices = t.elig.sum(axis=1, dtype=np.int64)[t.elig_row] / len(t.cap)
        need = np.log(np.where(t.alone, t.cap.max(), t.places))
        need -= self.rng.choice([0.0, 0.5, 1.0]) * np.log(np.maximum(choices, 1e-9))
        key = np.zeros(size)
        key[kind] = need
        key += self.rng.normal(0.0, NOISE, size)
        order = np.lexsort((kind, -key[kind]))
        return order[free[order]].astype(np.int64)

    def _count(self, number: int, limits: Limits) -> int:
        """Patterns of so many cells in numbers; how many cells to take the next time.

        Where there are surely none for all cells, that bounds the tier. Where its other points may
        be below zero, a better placement may leave out more: by as much as they can pay for.
        """
        inc, t = self.inc, self.t
        kinds = packing_kinds(t, self.tier, inc.placement, self._some_cells(number))
        empty = new_state(t, 1)
        load_placement(t.packed, empty.flat, np.where(kinds.free, -1, inc.placement))
        most = int(inc.values[self.tier] - inc.least[self.tier]) - 1
        most -= self._priced(np.where(kinds.free, 0, inc.placement))
        waste = self._room(kinds, empty.cells[:, LOAD]) - int(t.places[kinds.free].sum())
        waste += _most_places(t.places[kinds.free], t.unplaced[kinds.free, self.tier], most)
        whole = bool(np.all(kinds.free | (t.fixed >= 0)))
        if most < 0 or waste < 0:
            return number
        patterns = list_patterns(t, empty, kinds, waste)
        if not patterns.complete:
            return max(FEWEST, number // 2)
        model = CountModel(t, empty, kinds, patterns, t.unplaced[:, self.tier])
        filled, none = model.solve(most, limits)
        if filled is not None:
            self._offer(with_names(kinds, filled, inc.placement))
        elif none and whole:
            inc.raise_bound(self.tier, int(inc.values[self.tier]))
        inc.tell("packing", self.tier, inc.values)
        return int(number * GROWTH) + 1 if none else max(FEWEST, int(number / GROWTH))

    def _some_cells(self, number: int) -> IntArray:
        """So many cells, those with room first."""
        is_full = self.t.loads(self.inc.placement) >= self.t.cap
        order = np.lexsort((self.rng.random(len(is_full)), is_full))
        return order[:number].astype(np.int64)

    def _offer(self, placement: IntArray) -> None:
        """Take a placement, filled up, where it is better and costs earlier tiers no more."""
        inc, tier, before = self.inc, self.tier, self.inc.placement
        old = inc.values.copy()
        inc.take(initial_placement(self.t, placement))
        allowed = np.maximum(self.caps, old)[:tier]
        if np.any(inc.values[:tier] > allowed) or inc.values[tier] >= old[tier]:
            inc.take(before)


def _most_places(places: IntArray, prices: IntArray, price: int) -> int:
    """Most places that people need who may be left out at a price, of the last one a part."""
    total = 0
    for k in np.argsort(prices / places, kind="stable").tolist():
        if prices[k] > price:
            return total + int(places[k] * price // prices[k])
        total, price = total + int(places[k]), price - int(prices[k])
    return total


def lacks_room(t: Tables, placement: IntArray) -> bool:
    """True where somebody without a cell finds too few free places in each cell open to them.

    Parameters
    ----------
    placement : shape (n,), -1 for people without a cell.
    """
    placed, out = placement >= 0, np.flatnonzero(placement < 0)
    load = np.bincount(placement[placed], t.places[placed], len(t.cap))
    fits = t.places[out][:, None] <= t.cap - load
    return not np.all(np.any(fits & (t.elig[t.elig_row[out]] != 0), axis=1))
