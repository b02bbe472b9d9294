"""Scouts: short cold chains that look where a tier's few heavy people should be.

A scout sends one heavy person elsewhere, at any price, keeps all of them where they are until the
others have settled around them, lets everybody settle, and tells what came of it. The next one
starts from the best find.

References
----------
.. [1] Lourenço, Martin and Stützle (2003), Iterated local search: better local optima as starts. We
   change only those who decide most, and settle the others first.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.packed import FIXED, PERSON, PERSON_COLUMNS
from allocator.solver.search.apply import load_placement
from allocator.solver.search.chain import FORBIDDEN, Chain, Schedule, Terrain
from allocator.solver.search.send import send
from allocator.solver.search.survey import Deal
from allocator.solver.search.trials import ROW_CAP, ROW_WEIGHT
from allocator.solver.tables import Tables

# Trials of a scout for each person: around those who were sent out, then of everybody. So many
# tell basins apart; what more would gain is the work of the long chains.
AROUND, ALL = 15, 10
PER_PERSON = AROUND + ALL
ALL_STEPS = 5
COLD, STRICT = Schedule(0.05, 0.01, 20.0), Schedule(0.05, 0.01, FORBIDDEN)
SENDING_TRIES = 20
ANYWHERE = 3  # one in so many is sent to any cell
OVER_PRICE = 20.0  # of what is over caps, for the scout that may go on from there
SETTLINGS = 2  # before scouts go out from a start


class Find(NamedTuple):
    """What a scout came back with; less is better, first of what is over caps.

    `over` : the price of all that is over caps. `value` : of the tier. `placement` : shape (n,).
    """

    over: float
    value: int
    placement: IntArray

    @classmethod
    def of(cls, chain: Chain) -> "Find":
        """Where a chain is now."""
        values, tier = chain.state.values, len(chain.prices)
        over = np.maximum(values[:tier] - chain.rows[ROW_CAP, :tier], 0.0)
        return cls(float(over @ chain.prices), int(values[tier]), chain.state.place.copy())

    @property
    def rank(self) -> tuple[float, float]:
        """What finds are compared by: all caps come first."""
        return self.over, self.value

    @property
    def priced(self) -> tuple[float, float]:
        """The same where what is over caps only has a price: it may come home while all settle."""
        return OVER_PRICE * self.over + self.value, self.over


@dataclass(frozen=True, eq=False)
class Field:
    """Where the scouts of a tier are sent.

    Parameters
    ----------
    focus : people to try most. heavy : the few who hold half of the tier's points.
    """

    tables: Tables
    focus: IntArray
    heavy: IntArray

    @cached_property
    def light(self) -> IntArray:
        """People to try most who are not heavy."""
        return np.setdiff1d(self.focus, self.heavy)

    @cached_property
    def fellows(self) -> dict[int, IntArray]:
        """For each heavy person, who is not heavy and of the same counted groups.

        Fellows can change places without a count of any unit changing.
        """
        t = self.tables
        person = np.repeat(np.arange(len(t.places)), np.diff(t.count_ptr))
        return {
            i: np.setdiff1d(
                person[np.isin(t.count_group, t.count_group[t.count_ptr[i] : t.count_ptr[i + 1]])],
                self.heavy,
            )
            for i in self.heavy.tolist()
        }

    @cached_property
    def pairs(self) -> IntArray:
        """Each heavy person with every other and with all fellows, (p, 2)."""
        pairs = [
            (i, j)
            for i, fellows in self.fellows.items()
            for j in sorted((*self.heavy[self.heavy > i].tolist(), *fellows.tolist()))
        ]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@dataclass(eq=False)
class Scout:
    """A chain from which scouts go out, one after the other, each from the best find so far.

    Parameters
    ----------
    own : the tables' packed array, in which heavy people are frozen while the others settle.
    pairs : shape (p, 2), those of the field's pairs that are this scout's to try, in their order.
    turn : whose turn it is. is_bold : may go on from finds that are over caps.
    """

    field: Field
    chain: Chain
    own: IntArray
    rng: np.random.Generator
    best: Find
    pairs: IntArray
    turn: int = 0
    is_bold: bool = False

    @classmethod
    def start(cls, field: Field, chains: Sequence[Chain], seed: int) -> list["Scout"]:
        """One scout where each chain is; the pairs of the field are shared out among them.

        The first one of several is bold.
        """
        rngs = np.random.default_rng(seed).spawn(len(chains))
        pairs = np.random.default_rng(seed).permutation(field.pairs)
        return [
            cls(
                field, chain, field.tables.packed.copy(), rng, Find.of(chain),
                pairs[number :: len(chains)], is_bold=number == 0 < len(chains) - 1,
            )
            for number, (chain, rng) in enumerate(zip(chains, rngs, strict=True))
        ]  # fmt: skip

    def best_of(self, finds: Iterable[Find]) -> Find:
        """The find to go on from."""
        return min(finds, key=lambda find: find.priced if self.is_bold else find.rank)

    def go(self, number: int) -> None:
        """So many scouts, each from the best find so far."""
        for _ in range(number):
            load_placement(self.field.tables.packed, self.chain.state.flat, self.best.placement)
            self._send()
            self._settle()
            self.best = self.best_of((self.best, Find.of(self.chain)))

    def deal(self, start: IntArray) -> None:
        """Send out as many as there are heavy people, but so that nobody loses their place."""
        load_placement(self.field.tables.packed, self.chain.state.flat, start)
        for _ in self.field.heavy:
            before = self.chain.state.place.copy()
            self._send()
            self._keeps_all(before)
        self.set_out()

    def _keeps_all(self, before: IntArray) -> bool:
        """True where nobody has lost their place since; else everybody is put back."""
        state = self.chain.state
        is_kept = not np.any((state.place < 0) & (before >= 0))
        if not is_kept:
            load_placement(self.field.tables.packed, state.flat, before)
        return is_kept

    def follow(self, start: IntArray, deal: Deal) -> None:
        """Send the heavy people to where a survey wants them, as far as they may go."""
        state = self.chain.state
        load_placement(self.field.tables.packed, state.flat, start)
        self.chain.rows[ROW_WEIGHT, : len(self.chain.prices)] = 0.0
        wanted = np.full(len(start), -1)
        wanted[deal.heavy] = deal.classes
        for i in deal.heavy.tolist():
            before = state.place.copy()
            for j in self._in_the_way(state.place, wanted, i):
                if self._exchanged(i, int(state.place[j]), j) and self._keeps_all(before):
                    break
        self.set_out()

    def _in_the_way(self, place: IntArray, wanted: IntArray, i: int) -> list[int]:
        """Who may make room for person i in the class wanted, the likeliest first.

        Those come first who should go to the class that i leaves, then others who should go, then
        fellows of i.
        """
        classes = np.where(place >= 0, self.field.tables.contact_class[place], -1)
        if place[i] < 0 or classes[i] == wanted[i]:
            return []
        there = np.flatnonzero(classes == wanted[i])
        there = self.rng.permutation(there[wanted[there] != wanted[i]])
        leaving = wanted[there] >= 0
        rank = np.where(leaving, 1, 3) - (leaving & (wanted[there] == classes[i]))
        rank[~leaving & np.isin(there, self.field.fellows[i])] = 2
        return there[np.argsort(rank, kind="stable")][:SENDING_TRIES].tolist()

    def set_out(self) -> None:
        """Let everybody settle, and take what comes of it for the best find."""
        is_strict = self.field.tables.has_move_limit and not self.is_bold
        self.chain.schedule = STRICT if is_strict else COLD
        for _ in range(SETTLINGS):
            self._settle()
        self.best = Find.of(self.chain)

    def _send(self) -> None:
        """One heavy person changes places with somebody who is not near."""
        t, chain = self.field.tables, self.chain
        place = chain.state.place
        chain.rows[ROW_WEIGHT, : len(chain.prices)] = 0.0
        for _ in range(SENDING_TRIES):
            i, c, j = self._drawn(place)
            if min(c, place[i]) < 0 or t.contact_class[c] == t.contact_class[place[i]]:
                continue
            if self._exchanged(i, c, j):
                break

    def _exchanged(self, i: int, c: int, j: int) -> bool:
        """Send person i to cell c, and j of it (-1: nobody) to i's; whether i has gone."""
        t, state = self.field.tables, self.chain.state
        if not t.has_move_limit:
            return send(t.packed, state.flat, self.chain.rule, i, c, j)
        with self._frozen(np.setdiff1d(self.field.heavy, (i, j))):
            return bool(send(self.own, state.flat, self.chain.rule, i, c, j))

    def _drawn(self, place: IntArray) -> tuple[int, int, int]:
        """Whom to send, to which cell, and who of it comes instead (-1: nobody).

        Mostly the next of the pairs, in an order drawn anew when all have had their turn.
        """
        rng = self.rng
        if len(self.pairs) and rng.integers(ANYWHERE):
            if self.turn == len(self.pairs):
                self.pairs, self.turn = rng.permutation(self.pairs), 0
            i, j = self.pairs[self.turn].tolist()
            self.turn += 1
            return i, int(place[j]), j
        i, c = int(rng.choice(self.field.heavy)), int(rng.integers(len(self.field.tables.cap)))
        there = np.flatnonzero(place == c)
        return i, c, int(rng.choice(there)) if len(there) else -1

    @contextmanager
    def _frozen(self, people: IntArray) -> Iterator[None]:
        """Keep some of the heavy people, none of whom is frozen anyway, where they are now."""
        at = self.own[PERSON] + people * PERSON_COLUMNS + FIXED
        self.own[at] = self.chain.state.place[people]
        yield
        self.own[at] = -1

    def _settle(self) -> None:
        """The others settle around the heavy people, then everybody does while it gets colder."""
        field, n = self.field, len(self.field.tables.places)
        around = Terrain(self.own, field.light, field.heavy[:0])
        with self._frozen(field.heavy):
            self.chain.advance(around, (0.0, 0.0), AROUND * n)
        everybody = Terrain(self.own, field.focus, field.heavy)
        for step in range(ALL_STEPS):
            span = step / ALL_STEPS, (step + 1) / ALL_STEPS
            self.chain.advance(everybody, span, ALL * n // ALL_STEPS)
