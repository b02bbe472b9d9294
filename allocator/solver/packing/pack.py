"""Places for those whom the search left without one, where cells are nearly full.

First cells are emptied and filled anew, a few at a time; then, where so little room is left that
all sets of people who can fill a cell are known, these are counted exactly; then cells again.
"""

import time

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.cpsat.limits import Limits
from allocator.solver.incumbent import Incumbent
from allocator.solver.packing.counts import CountModel, with_names
from allocator.solver.packing.kinds import packing_kinds
from allocator.solver.packing.patterns import list_patterns
from allocator.solver.packing.repack import repack
from allocator.solver.search.apply import load_placement
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.state import LOAD, new_state

CHUNK = 100  # rounds with one order of people
QUICK_CHUNKS = 50  # before patterns are listed
NODES = 500
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

    def run(self, rounds: int, deterministic: float, seconds: float | None) -> None:
        """Fill cells anew `rounds` times, or for so many seconds; count patterns in between.

        Parameters
        ----------
        deterministic : CP-SAT's deterministic seconds. seconds : None for no limit.
        """
        ends = None if seconds is None else time.monotonic() + seconds
        chunks = rounds // CHUNK
        self._repack(min(chunks, QUICK_CHUNKS), ends)
        if not self._is_done():
            self._count(Limits(deterministic, seconds, self.inc.options.seed))
        if not self._is_done():
            self._repack(chunks if ends is None else None, ends)

    def _is_done(self) -> bool:
        return self.inc.is_proven(self.tier) or self.inc.stopped

    def _room(self, empty: IntArray) -> int:
        """Places that those who are packed may take at all."""
        t = self.t
        rows = np.unique(t.elig_row[self.kinds.free])
        return int(np.maximum(0, t.cap - empty)[t.elig[rows].any(axis=0)].sum())

    def _staying(self) -> IntArray:
        return np.where(self.kinds.free, -1, self.inc.placement)

    def _repack(self, chunks: int | None, ends: float | None) -> None:
        """Empty and fill cells; whoever is to be left out at the least price is not packed."""
        inc, t = self.inc, self.t
        state = new_state(t, int(self.rng.integers(1 << 30)))
        left_out = self._left_out()
        load_placement(t.packed, state.flat, np.where(left_out, -1, inc.placement))
        free = self.kinds.free & ~left_out
        cells = np.flatnonzero(t.cap > 0).astype(np.int64)
        if not free.any() or len(cells) < 2:
            return
        done, fewest = 0, self._priced(state.place)
        while chunks is None or done < chunks:
            order = self._order(free)
            repack(t.packed, state.flat, order, self.kinds.person, free, cells, CHUNK, NODES)
            done += 1
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
        staying = self._staying()
        load = np.bincount(staying[staying >= 0], t.places[staying >= 0], len(t.cap))
        over = int(t.places[people].sum()) - self._room(load.astype(np.int64))
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

    def _count(self, limits: Limits) -> None:
        """Patterns in numbers; where there are surely none, that bounds the tier."""
        inc, t, kinds = self.inc, self.t, self.kinds
        empty = new_state(t, 1)
        load_placement(t.packed, empty.flat, self._staying())
        fixed_price = self._priced(np.where(kinds.free, 0, inc.placement))
        most = int(inc.values[self.tier]) - 1 - fixed_price
        waste = self._room(empty.cells[:, LOAD]) - int(t.places[kinds.free].sum())
        waste += self._most_places(most)
        if waste < 0 or most < 0:
            return
        patterns = list_patterns(t, empty, kinds, self._by_kind(), waste)
        if not patterns.complete:
            return
        model = CountModel(t, empty, kinds, patterns, t.unplaced[:, self.tier])
        filled, none = model.solve(most, limits)
        if filled is not None:
            self._offer(with_names(kinds, filled, inc.placement))
        elif none and np.all(kinds.free | (t.fixed >= 0)):
            inc.raise_bound(self.tier, int(inc.values[self.tier]))
        inc.tell("packing", self.tier, inc.values)

    def _by_kind(self) -> IntArray:
        order = np.lexsort((self.kinds.person, -self.t.places))
        return order[self.kinds.free[order]].astype(np.int64)

    def _most_places(self, price: int) -> int:
        """Most places that people need who may be left out at a price, of the last one a part."""
        t, people = self.t, self.kinds.people
        prices, places = t.unplaced[people, self.tier], t.places[people]
        order = np.argsort(prices / places, kind="stable")
        total = 0
        for cost, size in zip(prices[order].tolist(), places[order].tolist(), strict=True):
            if cost > price:
                return total + size * price // cost
            total, price = total + size, price - cost
        return total

    def _offer(self, placement: IntArray) -> None:
        """Take a placement, filled up, where it is better and costs earlier tiers no more."""
        inc, tier, before = self.inc, self.tier, self.inc.placement
        old = inc.values.copy()
        inc.take(initial_placement(self.t, placement))
        allowed = np.maximum(self.caps, old)[:tier]
        if np.any(inc.values[:tier] > allowed) or inc.values[tier] >= old[tier]:
            inc.take(before)


def pack_people(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    rounds: int,
    deterministic: float,
    seconds: float | None = None,
) -> None:
    """Search places for those whom a tier's search left without one; see `Packing.run`."""
    Packing(inc, tier, caps).run(rounds, deterministic, seconds)
