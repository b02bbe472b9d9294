"""Trial moves of one person or of two, and a chunk of simulated annealing; compiled."""

from typing import Any

import numpy as np

from benchmarks.study.kernel.costs import ghost_points, inner, jit, note, price_of, put, take
from benchmarks.study.kernel.model import Model, Work


@inner
def relocate_delta(model: Model, work: Work, i: int, c: int, delta: Any) -> bool:
    """Change by tier if person i goes to cell c; the placement is as before afterwards."""
    old = work.place[i]
    delta[:] = 0
    take(model, work, i)
    price_of(model, work, i, old, delta)
    for t in range(len(delta)):
        delta[t] = -delta[t]
    lawful = price_of(model, work, i, c, delta)
    put(model, work, i, old)
    return lawful


@inner
def swap_delta(model: Model, work: Work, i: int, j: int, delta: Any) -> bool:
    """Change by tier if two people exchange cells; the placement is as before afterwards."""
    a, b, tier = work.place[i], work.place[j], model.dense_tier
    delta[:] = 0
    take(model, work, j)
    take(model, work, i)
    price_of(model, work, i, a, delta)
    delta[tier] -= ghost_points(model, i, a, j, b)
    put(model, work, i, a)
    price_of(model, work, j, b, delta)
    take(model, work, i)
    for t in range(len(delta)):
        delta[t] = -delta[t]
    lawful = price_of(model, work, i, b, delta)
    if lawful:
        delta[tier] -= ghost_points(model, i, b, j, b)
        put(model, work, i, b)
        lawful = price_of(model, work, j, a, delta)
        delta[tier] += ghost_points(model, j, a, i, b) - ghost_points(model, j, a, i, a)
        take(model, work, i)
    put(model, work, i, a)
    put(model, work, j, b)
    return lawful


@inner
def move(model: Model, work: Work, i: int, c: int) -> None:
    """Carry out a relocation."""
    old = work.place[i]
    take(model, work, i)
    put(model, work, i, c)
    note(model, work, i, old, c)


@inner
def swap(model: Model, work: Work, i: int, j: int) -> None:
    """Carry out an exchange."""
    a, b = work.place[i], work.place[j]
    take(model, work, i)
    take(model, work, j)
    put(model, work, i, b)
    put(model, work, j, a)
    note(model, work, i, a, b)
    note(model, work, j, b, a)


@inner
def is_less(a: Any, b: Any) -> bool:
    """Lexicographic order of tier values."""
    for t in range(len(a)):
        if a[t] != b[t]:
            return a[t] < b[t]
    return False


@inner
def draw_move(work: Work, m: int) -> tuple[int, int, bool]:
    """A person with a cell to go to, or two people who exchange cells, as often."""
    i = np.random.randint(len(work.place))
    if np.random.randint(2):
        return i, np.random.randint(m), False
    return i, np.random.randint(len(work.place)), True


@jit
def sample_rises(model: Model, work: Work, trials: int, tier: int, seed: int, found: Any) -> int:
    """Rises of a tier by lawful trial moves that keep the earlier ones; how many were found."""
    np.random.seed(seed)
    delta = np.zeros(model.unplaced.shape[1], dtype=np.int64)
    number = 0
    for _ in range(trials):
        i, x, exchange = draw_move(work, len(model.cap))
        if (work.place[i] == work.place[x]) if exchange else (work.place[i] == x):
            continue
        lawful = (
            swap_delta(model, work, i, x, delta)
            if exchange
            else relocate_delta(model, work, i, x, delta)
        )
        if not lawful or np.any(delta[:tier] > 0) or delta[tier] <= 0:
            continue
        found[number] = delta[tier]
        number += 1
        if number == len(found):
            break
    return number


@jit
def anneal(
    model: Model, work: Work, trials: int, weights: Any, heat: float, seed: int, now: Any,
    best: Any, best_place: Any,
) -> None:  # fmt: skip
    """Metropolis at one temperature: relocate or exchange, worse with chance exp(-rise / heat).

    `weights` : shape (K,), energy of a point of each tier. `now`, `best` : values by tier and
    `best_place` : placement, changed in place; `best` is kept by lexicographic order.
    """
    np.random.seed(seed)
    delta = np.zeros(len(now), dtype=np.int64)
    for _ in range(trials):
        i, x, exchange = draw_move(work, len(model.cap))
        if (work.place[i] == work.place[x]) if exchange else (work.place[i] == x):
            continue
        lawful = (
            swap_delta(model, work, i, x, delta)
            if exchange
            else relocate_delta(model, work, i, x, delta)
        )
        if not lawful:
            continue
        rise = 0.0
        for t in range(len(delta)):
            rise += weights[t] * delta[t]
        if rise > 0 and np.random.random() >= np.exp(-rise / heat):
            continue
        if exchange:
            swap(model, work, i, x)
        else:
            move(model, work, i, x)
        now += delta
        if is_less(now, best):
            best[:] = now
            best_place[:] = work.place
