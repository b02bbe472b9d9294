"""Taking people out and putting them back where it is cheapest; compiled."""

from typing import Any

import numpy as np

from benchmarks.study.kernel.costs import inner, jit, note, price_of, put, take
from benchmarks.study.kernel.model import Model, Work


@jit
def remove(model: Model, work: Work, people: Any, now: Any) -> None:
    """Take people out; they count as unplaced in `now` until they are put back."""
    price = np.zeros(len(now), dtype=np.int64)
    for i in people:
        old = work.place[i]
        price[:] = 0
        take(model, work, i)
        price_of(model, work, i, old, price)
        note(model, work, i, old, -1)
        now -= price
        now += model.unplaced[i]


@inner
def energy_at(model: Model, work: Work, i: int, c: int, weights: Any, price: Any) -> float:
    """Energy of a person in a cell, infinite where it is not lawful."""
    price[:] = 0
    if not price_of(model, work, i, c, price):
        return np.inf
    total = 0.0
    for t in range(len(price)):
        total += weights[t] * price[t]
    return total


@jit
def seat_at(model: Model, work: Work, i: int, c: int, now: Any) -> None:
    """Put an unplaced person into a cell, -1 for none."""
    price = np.zeros(len(now), dtype=np.int64)
    price_of(model, work, i, c, price)
    put(model, work, i, c)
    note(model, work, i, -1, c)
    now -= model.unplaced[i]
    now += price


@jit
def insert_greedy(
    model: Model, work: Work, people: Any, weights: Any, noise: float, seed: int, now: Any
) -> None:
    """One after the other into the cheapest cell; prices are blurred by a relative noise."""
    np.random.seed(seed)
    price = np.zeros(len(now), dtype=np.int64)
    for i in people:
        least, at = energy_at(model, work, i, -1, weights, price), -1
        for c in range(len(model.cap)):
            energy = energy_at(model, work, i, c, weights, price)
            energy += noise * abs(energy) * np.random.random()
            if energy < least:
                least, at = energy, c
        seat_at(model, work, i, at, now)


@jit
def insert_regret(model: Model, work: Work, people: Any, weights: Any, now: Any) -> None:
    """Whoever would lose most by having to take the second cheapest cell goes first."""
    price = np.zeros(len(now), dtype=np.int64)
    waiting = np.ones(len(people), dtype=np.bool_)
    for _ in range(len(people)):
        most, chosen, chosen_cell = -1.0, -1, -1
        for k in range(len(people)):
            if not waiting[k]:
                continue
            first, at = energy_at(model, work, people[k], -1, weights, price), -1
            second = first
            for c in range(len(model.cap)):
                energy = energy_at(model, work, people[k], c, weights, price)
                if energy < first:
                    first, second, at = energy, first, c
                elif energy < second:
                    second = energy
            if second - first > most:
                most, chosen, chosen_cell = second - first, k, at
        waiting[chosen] = False
        seat_at(model, work, people[chosen], chosen_cell, now)


@jit
def energies(model: Model, work: Work, weights: Any) -> Any:
    """What each person's place costs now; shape (n_persons,)."""
    found = np.zeros(len(work.place))
    price = np.zeros(len(weights), dtype=np.int64)
    for i in range(len(work.place)):
        c = work.place[i]
        take(model, work, i)
        found[i] = energy_at(model, work, i, c, weights, price)
        put(model, work, i, c)
    return found
