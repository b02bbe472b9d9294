"""Every choice that a person has, with what it costs and takes as long as nobody else matters.

A relaxation of one tier: costs of persons in cells, of moves and of having no place; capacities,
hard counts, move limits and the caps of earlier tiers as rows. Terms that it lacks (company,
classes, people kept apart) are hard or at least 0; costs of load count at their least elsewhere.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.tables import DEFICIT, UNLIMITED, Tables


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Choices of all people, sorted by person.

    Parameters
    ----------
    person, cell : shape (L,), cell -1 for no place, everybody's last choice.
    first : shape (n,), number of each person's first choice.
    costs : shape (K, L).
    """

    person: IntArray
    cell: IntArray
    first: IntArray
    costs: IntArray

    def at(self, placement: IntArray) -> IntArray:
        """Numbers of the choices that a placement makes, shape (n,) where it has all of them."""
        return np.flatnonzero(self.cell == placement[self.person]).astype(np.int64)

    def only(self, keep: BoolArray) -> "Choices":
        """Some of the choices, at least one of each person."""
        person = self.person[keep]
        first = np.searchsorted(person, np.arange(len(self.first))).astype(np.int64)
        return Choices(person, self.cell[keep], first, self.costs[:, keep])

    def above_least(self, values: IntArray) -> IntArray:
        """How much more each choice has than the least of its person, shape (L,)."""
        return values - np.minimum.reduceat(values, self.first)[self.person]

    def cheapest(self, values: IntArray, number: int) -> BoolArray:
        """So many choices of each person with the least values, and those that cost the same."""
        order = np.lexsort((values, self.person))
        rank = np.arange(len(order)) - self.first[self.person]
        last = np.append(self.person[1:] != self.person[:-1], True)
        at = np.flatnonzero((rank == number - 1) | (last & (rank < number)))
        keep: BoolArray = values <= values[order[at]][self.person]
        return keep


def is_linear(t: Tables) -> bool:
    """True where nobody has points with, or may not be with, anybody: rows of choices say it all.

    Priced counts are no rows either, but seldom decide.
    """
    tied = (t.pair_other, t.apart_other, t.class_index)
    return not any(map(len, tied)) and not t.alone.any() and not t.alone_price.any()


def all_choices(t: Tables) -> Choices:
    """Choices of everybody, eligibility and frozen people counted."""
    n, m = len(t.places), len(t.cap)
    may = (t.elig[t.elig_row] == 1) & (t.places[:, None] <= t.cap[None, :])
    fixed = np.flatnonzero(t.fixed >= 0)
    may[fixed] &= np.arange(m)[None, :] == t.fixed[fixed, None]
    person, cell = np.nonzero(np.column_stack((may, np.ones(n, dtype=np.bool_))))
    cell = np.where(cell == m, -1, cell).astype(np.int64)
    costs = np.zeros((t.unplaced.shape[1], len(person)), dtype=np.int64)
    for column, tier in enumerate(t.static_tiers.tolist()):
        costs[tier] += t.static[t.static_row[person], cell, column]
    elsewhere = (t.current[person] >= 0) & (t.current[person] != cell)
    costs += np.where(elsewhere, t.moved.T[:, person], 0)
    costs[:, cell < 0] = t.unplaced.T
    first = np.searchsorted(person, np.arange(n)).astype(np.int64)
    return Choices(person.astype(np.int64), cell, first, costs)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows `matrix @ x <= most` over choices, whole numbers; shapes (R, L) and (R,)."""

    matrix: csr_array
    most: IntArray


def within_caps(choices: Choices, slack: IntArray, tier: int) -> Choices:
    """The choices that leave every earlier tier within its slack, shape (K,), on their own."""
    keep = np.ones(len(choices.person), dtype=np.bool_)
    for k in range(1, tier):
        above = choices.above_least(choices.costs[k])
        left = int(slack[k]) - int((choices.costs[k] - above)[choices.first].sum())
        keep &= (above <= left) | (above == 0)
    return choices.only(keep)


def rows_of(t: Tables, choices: Choices, slack: IntArray, tier: int) -> Rows:
    """What limits the choices together in a tier; rows that cannot bind are left out.

    Parameters
    ----------
    slack : shape (K,), what the choices may cost earlier tiers.
    """
    hold_low = tier > DEFICIT and slack[DEFICIT] <= 0
    blocks = [_capacities(t, choices), *_counts(t, choices, hold_low=hold_low)]
    blocks.append(_move_limits(t, choices))
    at = np.arange(len(choices.person))
    for k in range(1, tier):
        above = choices.above_least(choices.costs[k])
        left = slack[k] - (choices.costs[k] - above)[choices.first].sum()
        blocks.append((np.zeros_like(at), at, above, np.array([left])))
    return _stacked(blocks, len(choices.person), choices)


Block = tuple[IntArray, IntArray, IntArray, IntArray]


def _capacities(t: Tables, choices: Choices) -> Block:
    at = np.flatnonzero(choices.cell >= 0)
    return choices.cell[at], at, t.places[choices.person[at]], t.cap


def _counts(t: Tables, choices: Choices, *, hold_low: bool) -> list[Block]:
    """Rows of upper limits, and of lower ones that an empty unit breaks too, group by group."""
    by_cell = np.argsort(choices.cell, kind="stable")
    starts = np.searchsorted(choices.cell[by_cell], np.arange(len(t.cap) + 1))
    blocks = []
    for g, weight in enumerate(t.counted(np.arange(len(t.group_tier)))):
        here = slice(t.group_offset[g], t.group_offset[g + 1])
        high = (
            t.unit_high[here] if t.group_tier[g] < 0 else np.full_like(t.unit_high[here], UNLIMITED)
        )
        low = t.unit_low[here] * int(hold_low and not t.group_or_none[g])
        unit_of = t.units[t.group_level[g]]
        bound = np.flatnonzero((unit_of >= 0) & ((high < UNLIMITED) | (low > 0))[unit_of])
        parts = [by_cell[starts[c] : starts[c + 1]] for c in bound.tolist()]
        at = np.concatenate(parts) if parts else by_cell[:0]
        at = at[weight[choices.person[at]] > 0]
        row, own = unit_of[choices.cell[at]].astype(np.int64), weight[choices.person[at]]
        blocks.append((row, at, own, high))
        if low.any():
            blocks.append((row, at, -own, np.where(low > 0, -low, UNLIMITED)))
    return blocks


def _move_limits(t: Tables, choices: Choices) -> Block:
    entry, at = _entries(t.limit_ptr, choices)
    person, cell = choices.person[at], choices.cell[at]
    away = (cell >= 0) & (t.current[person] >= 0) & (cell != t.current[person])
    high = np.where(t.limit_tier < 0, t.limit_high, UNLIMITED)
    return t.limit_id[entry][away], at[away], t.limit_weight[entry][away], high


def _entries(ptr: IntArray, choices: Choices) -> tuple[IntArray, IntArray]:
    """For each choice the entries of its person in a CSR: entry and choice, shape (E,) each."""
    number = np.diff(ptr)[choices.person]
    at = np.repeat(np.arange(len(choices.person)), number)
    start = np.repeat(np.cumsum(number) - number, number)
    entry = ptr[choices.person[at]] + np.arange(len(at)) - start
    return entry.astype(np.int64), at.astype(np.int64)


def _stacked(blocks: list[Block], width: int, choices: Choices) -> Rows:
    offset = np.cumsum([0, *(len(most) for *_, most in blocks)])
    row = np.concatenate([r + o for (r, *_), o in zip(blocks, offset, strict=False)])
    at = np.concatenate([a for _, a, _, _ in blocks])
    value = np.concatenate([v for _, _, v, _ in blocks])
    most = np.concatenate([m for *_, m in blocks])
    matrix = coo_array((value, (row, at)), shape=(len(most), width)).tocsr()
    matrix.sort_indices()
    kept = np.flatnonzero(_largest(matrix, choices) > most)
    return Rows(matrix[kept], most[kept].astype(np.int64))


def _largest(matrix: csr_array, choices: Choices) -> IntArray:
    """Largest that each row can be: of everybody the choice with the largest entry.

    Choices without an entry in a row count 0, which everybody's last choice has in most rows.
    """
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    person = choices.person[matrix.indices]
    key = row * len(choices.first) + person
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    if not len(starts):
        return np.zeros(matrix.shape[0], dtype=np.int64)
    most = np.maximum.reduceat(matrix.data, starts)
    most = np.maximum(most, 0)
    return np.bincount(row[starts], weights=most, minlength=matrix.shape[0]).astype(np.int64)
