"""What it costs to put one person into one cell, and putting and taking; compiled.

`price_of` adds to `out`, by tier, what the placement costs more with the person in the cell than
without the person at all; the person must have been taken out before.
"""

from typing import Any

import numba as nb
import numpy as np

from benchmarks.study.kernel.model import HARD, Model, Work

jit: Any = nb.njit(cache=True, nogil=True)
inner: Any = nb.njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
"""For functions that allocate nothing: counting references to each array of a model on every call
took nine tenths of the time."""


@inner
def contact_of(model: Model, c: int, d: int) -> int:
    """Contact weight from cell c to cell d."""
    if c == d:
        return model.inside[c]
    return model.contact[model.cell_class[c], model.cell_class[d]]


@inner
def pairs_and_aparts(model: Model, work: Work, i: int, c: int, out: Any) -> bool:
    """Listed terms with people who are placed; False when a hard one forbids the cell."""
    for k in range(model.apart_ptr[i], model.apart_ptr[i + 1]):
        d = work.place[model.apart[k, 0]]
        if d >= 0:
            level = model.apart[k, 1]
            unit = model.units[level, c]
            if unit >= 0 and unit == model.units[level, d]:
                if model.apart[k, 2] == HARD:
                    return False
                out[model.apart[k, 2]] += model.apart[k, 3]
    for k in range(model.pair_ptr[i], model.pair_ptr[i + 1]):
        d = work.place[model.pairs[k, 0]]
        if d < 0:
            continue
        level = model.pairs[k, 4]
        if level < 0:
            points = model.pairs[k, 1] * contact_of(model, c, d)
            points += model.pairs[k, 2] * contact_of(model, d, c)
            out[model.pairs[k, 3]] += points
        else:
            unit = model.units[level, c]
            if unit >= 0 and unit == model.units[level, d]:
                out[model.pairs[k, 3]] += model.pairs[k, 1] + model.pairs[k, 2]
    return True


@inner
def dense_points(model: Model, work: Work, i: int, c: int) -> int:
    """Contact points with everybody, from the sums by class; cellmates by their own weight."""
    kind = model.cell_class[c]
    points = 0
    for k in range(len(model.contact)):
        points += model.contact[kind, k] * work.near_out[i, k]
    if model.dense_in.size:
        for k in range(len(model.contact)):
            points += model.contact[k, kind] * work.near_in[i, k]
    extra = model.inside[c] - model.contact[kind, kind]
    if extra != 0:
        start = model.slots[c]
        for s in range(start, start + work.heads[c]):
            j = work.people[s]
            points += extra * model.dense_out[i, j]
            if model.dense_in.size:
                points += extra * model.dense_in[i, j]
    return points


@inner
def alone_price(model: Model, work: Work, i: int, c: int, out: Any) -> bool:
    """Company of somebody who is to be alone: of the person, or of the one who was alone so far."""
    if work.heads[c] == 0:
        return True
    last = model.alone.shape[1] - 1
    other = work.people[model.slots[c]] if work.heads[c] == 1 else -1
    for person in (i, other):
        if person >= 0:
            if model.alone[person, last] > 0:
                return False
            for t in range(last):
                out[t] += model.alone[person, t]
    return True


@inner
def over(amount: int, triangular: int) -> int:
    """Amount of breach of so many too many."""
    if amount <= 0:
        return 0
    return amount * (amount + 1) // 2 if triangular else amount


@inner
def counts_price(model: Model, work: Work, i: int, c: int, out: Any) -> bool:
    """Upper and lower limits of the groups that the person is in."""
    for k in range(model.count_ptr[i], model.count_ptr[i + 1]):
        g, w = model.counts[k, 0], model.counts[k, 1]
        unit = model.units[model.groups[g, 0], c]
        if unit < 0:
            continue
        at = model.groups[g, 1] + unit
        now, high, low = work.weight[at], model.high[at], model.low[at]
        more = over(now + w - high, model.groups[g, 4]) - over(now - high, model.groups[g, 4])
        if more > 0:
            if model.groups[g, 2] == HARD:
                return False
            out[model.groups[g, 2]] += more * model.groups[g, 3]
        if low > 0:
            before = 0 if now == 0 and model.groups[g, 5] else max(0, low - now)
            out[0] += max(0, low - now - w) - before
    return True


@inner
def class_price(model: Model, work: Work, i: int, c: int, out: Any) -> bool:
    """Classes that a unit mixes: people less those of the largest class."""
    for k in range(model.member_ptr[i], model.member_ptr[i + 1]):
        p, own = model.members[k, 0], model.members[k, 1]
        unit = model.units[model.partitions[p, 0], c]
        if unit < 0:
            continue
        classes = model.partitions[p, 2]
        at = model.partitions[p, 1] + unit * classes
        largest = 0
        for q in range(classes):
            largest = max(largest, work.classed[at + q])
        more = 1 + largest - max(largest, work.classed[at + own] + 1)
        if more > 0:
            if model.partitions[p, 3] == HARD:
                return False
            out[model.partitions[p, 3]] += more * model.partitions[p, 4]
    return True


@inner
def move_price(model: Model, work: Work, i: int, c: int, out: Any) -> bool:
    """Points of leaving the present cell, and limits on moves."""
    if model.current[i] < 0 or model.current[i] == c:
        return True
    for t in range(model.moved.shape[1]):
        out[t] += model.moved[i, t]
    for k in range(model.limit_ptr[i], model.limit_ptr[i + 1]):
        x, w = model.limited[k, 0], model.limited[k, 1]
        high = model.limits[x, 0]
        more = max(0, work.used[x] + w - high) - max(0, work.used[x] - high)
        if more > 0:
            if model.limits[x, 1] == HARD:
                return False
            out[model.limits[x, 1]] += more * model.limits[x, 2]
    return True


@inner
def price_of(model: Model, work: Work, i: int, c: int, out: Any) -> bool:
    """Add the price of person i in cell c, -1 for nowhere; False when a hard shape forbids it."""
    tiers = model.unplaced.shape[1]
    if c < 0:
        for t in range(tiers):
            out[t] += model.unplaced[i, t]
        return True
    row, load = model.row[i], work.load[c]
    after = load + model.places[i]
    if not model.allowed[row, c] or after > model.cap[c]:
        return False
    if not (
        pairs_and_aparts(model, work, i, c, out)
        and alone_price(model, work, i, c, out)
        and counts_price(model, work, i, c, out)
        and class_price(model, work, i, c, out)
        and move_price(model, work, i, c, out)
    ):
        return False
    for t in range(tiers):
        table = model.load_cost[model.load_row[c], t]
        out[t] += model.linear[row, c, t] + table[after] - table[load]
    if model.dense_out.size:
        out[model.dense_tier] += dense_points(model, work, i, c)
    return True


@inner
def book(model: Model, work: Work, i: int, c: int, sign: int) -> None:
    """Add or take away the person's weight in the sums of cell c."""
    work.load[c] += sign * model.places[i]
    for k in range(model.count_ptr[i], model.count_ptr[i + 1]):
        g = model.counts[k, 0]
        unit = model.units[model.groups[g, 0], c]
        if unit >= 0:
            work.weight[model.groups[g, 1] + unit] += sign * model.counts[k, 1]
    for k in range(model.member_ptr[i], model.member_ptr[i + 1]):
        p = model.members[k, 0]
        unit = model.units[model.partitions[p, 0], c]
        if unit >= 0:
            at = model.partitions[p, 1] + unit * model.partitions[p, 2] + model.members[k, 1]
            work.classed[at] += sign
    if model.current[i] >= 0 and model.current[i] != c:
        for k in range(model.limit_ptr[i], model.limit_ptr[i + 1]):
            work.used[model.limited[k, 0]] += sign * model.limited[k, 1]


@inner
def put(model: Model, work: Work, i: int, c: int) -> None:
    """Place person i, who has no place; the sums of dense points are left to `note`."""
    work.place[i] = c
    if c < 0:
        return
    at = model.slots[c] + work.heads[c]
    work.people[at] = i
    work.position[i] = at
    work.heads[c] += 1
    book(model, work, i, c, 1)


@inner
def take(model: Model, work: Work, i: int) -> None:
    """Take person i out; the sums of dense points are left to `note`."""
    c = work.place[i]
    work.place[i] = -1
    if c < 0:
        return
    work.heads[c] -= 1
    last = work.people[model.slots[c] + work.heads[c]]
    work.people[work.position[i]] = last
    work.position[last] = work.position[i]
    book(model, work, i, c, -1)


@inner
def note(model: Model, work: Work, i: int, old: int, new: int) -> None:
    """Bring everybody's sums of dense points up to person i having gone from old to new."""
    if model.dense_out.size == 0 or old == new:
        return
    for c, sign in ((old, -1), (new, 1)):
        if c < 0:
            continue
        kind = model.cell_class[c]
        for j in range(len(model.places)):
            work.near_out[j, kind] += sign * model.dense_out[j, i]
            if model.dense_in.size:
                work.near_in[j, kind] += sign * model.dense_in[j, i]


@inner
def ghost_points(model: Model, i: int, c: int, j: int, d: int) -> int:
    """Points that the sums of person i in cell c hold for person j in class of cell d."""
    if model.dense_out.size == 0 or c < 0 or d < 0:
        return 0
    kind, other = model.cell_class[c], model.cell_class[d]
    points = model.dense_out[i, j] * model.contact[kind, other]
    if model.dense_in.size:
        points += model.dense_in[i, j] * model.contact[other, kind]
    return points


@jit
def load_placement(model: Model, work: Work, placement: Any, values: Any) -> bool:
    """Place everybody in order and add up the prices; False where somebody may not be there."""
    lawful = True
    scratch = np.zeros_like(values)
    for i in range(len(placement)):
        scratch[:] = 0
        if price_of(model, work, i, placement[i], scratch):
            values += scratch
        else:
            lawful = False
            continue
        put(model, work, i, placement[i])
        note(model, work, i, -1, placement[i])
    return lawful
