"""Adaptive large neighbourhood search by the `alns` package, with our operators.

Destroy: random people, the worst placed, related people, whole cells. Repair: greedy in random
order, greedy with noise, regret-2. Selection by roulette wheel with the scores of the package's own
examples, acceptance by simulated annealing whose steps are fitted to the time by a short first run.
Two independent searches use the two cores.

References
----------
.. [1] Ropke and Pisinger (2006): the operators and the selection.
.. [2] Wouda and Lan (2023), `alns`: scores and decay of the examples.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from alns import ALNS
from alns.accept import HillClimbing, SimulatedAnnealing
from alns.select import RouletteWheel
from alns.stop import MaxRuntime
from numpy.random import Generator
from numpy.typing import NDArray

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from benchmarks.study.kernel.compile import compile_model
from benchmarks.study.kernel.model import Model, Work
from benchmarks.study.kernel.rebuild import energies, insert_greedy, insert_regret, remove
from benchmarks.study.kernel.start import first_fit
from benchmarks.study.peers.annealing import Shared
from benchmarks.study.peers.energy import main_tier, tier_weights, usual_rises
from benchmarks.study.peers.method import CORES, Clock, Outcome, Report

SCORES, DECAY = [25, 5, 1, 0], 0.8
FIRST_SHARE, HOT_SHARE, NOISE, WORST_POWER = 0.1, 1.0, 0.1, 3.0
MOST_SHARE, MOST_PEOPLE, MOST_REGRET = 0.15, 30, 60_000
Operator = Callable[["Placement", Generator], "Placement"]


@dataclass(frozen=True, eq=False)
class Problem:
    """What all placements of a run share; `near` lists the people each one has terms with."""

    model: Model
    weights: NDArray[np.float64]
    near: tuple[IntArray, ...]


@dataclass(eq=False)
class Placement:
    """A state of the package: a placement with its values, and who has been taken out."""

    problem: Problem
    work: Work
    now: IntArray
    out: IntArray

    def objective(self) -> float:
        """Energy."""
        return float(self.problem.weights @ self.now)

    def without(self, people: IntArray) -> "Placement":
        """A copy with these people taken out."""
        chosen = np.unique(people).astype(np.int64)
        copy = Work(*(array.copy() for array in self.work))
        placement = Placement(self.problem, copy, self.now.copy(), chosen)
        remove(self.problem.model, copy, chosen, placement.now)
        return placement


def _number(placement: Placement, rng: Generator) -> int:
    n = len(placement.work.place)
    return int(rng.integers(2, max(4, min(MOST_PEOPLE, int(MOST_SHARE * n))) + 1))


def remove_random(placement: Placement, rng: Generator) -> Placement:
    """People at random."""
    n = len(placement.work.place)
    return placement.without(rng.permutation(n)[: _number(placement, rng)])


def remove_worst(placement: Placement, rng: Generator) -> Placement:
    """People whose place costs most, with some randomness."""
    found = energies(placement.problem.model, placement.work, placement.problem.weights)
    order = np.argsort(-found)
    places = rng.random(_number(placement, rng)) ** WORST_POWER * len(order)
    return placement.without(order[places.astype(np.int64)])


def remove_related(placement: Placement, rng: Generator) -> Placement:
    """A person, people with whom there are terms, and those who share their cells."""
    wanted, work = _number(placement, rng), placement.work
    chosen = [int(rng.integers(len(work.place)))]
    for person in chosen:
        near = placement.problem.near[person]
        mates = np.flatnonzero(work.place == work.place[person])
        for other in rng.permutation(np.concatenate((near, mates)))[: 1 + wanted // 3].tolist():
            if other not in chosen and len(chosen) < wanted:
                chosen.append(other)
    return placement.without(np.array(chosen, dtype=np.int64))


def remove_cells(placement: Placement, rng: Generator) -> Placement:
    """Everybody of some cells."""
    wanted, work = _number(placement, rng), placement.work
    found: list[int] = []
    for c in rng.permutation(len(work.load)).tolist():
        found += np.flatnonzero(work.place == c).tolist()
        if len(found) >= wanted:
            break
    return placement.without(np.array(found[:wanted], dtype=np.int64))


def greedy(placement: Placement, rng: Generator) -> Placement:
    """In random order into the cheapest cell."""
    return _insert(placement, rng, 0.0)


def noisy(placement: Placement, rng: Generator) -> Placement:
    """As `greedy`, with blurred prices."""
    return _insert(placement, rng, NOISE)


def _insert(placement: Placement, rng: Generator, noise: float) -> Placement:
    p = placement.problem
    order, seed = rng.permutation(placement.out), int(rng.integers(2**31))
    insert_greedy(p.model, placement.work, order, p.weights, noise, seed, placement.now)
    return placement


def regret(placement: Placement, rng: Generator) -> Placement:
    """By regret; greedy where that would take too many trials."""
    p = placement.problem
    if len(placement.out) ** 2 * len(p.model.cap) > MOST_REGRET:
        return greedy(placement, rng)
    insert_regret(p.model, placement.work, placement.out, p.weights, placement.now)
    return placement


class Alns:
    """Two independent searches."""

    name = "alns"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """A short climb to learn the pace, then annealed search for the rest of the time."""
        clock, shared = Clock.start(seconds), Shared(report)
        model = compile_model(instance)
        near = _neighbours(model)
        with ThreadPoolExecutor(CORES) as pool:
            runs = [
                pool.submit(_search, instance, (model, near), seed * CORES + k, clock, shared)
                for k in range(CORES)
            ]
            steps = sum(run.result() for run in runs)
        return Outcome(note=f"{steps} iterations")


def _neighbours(model: Model) -> tuple[IntArray, ...]:
    if model.dense_out.size:
        return tuple(np.flatnonzero(row).astype(np.int64) for row in model.dense_out)
    ends = zip(model.pair_ptr[:-1], model.pair_ptr[1:], strict=True)
    return tuple(np.unique(model.pairs[a:b, 0]) for a, b in ends)


def _search(
    instance: Instance, known: tuple[Model, tuple[IntArray, ...]], seed: int, clock: Clock,
    shared: Shared,
) -> int:  # fmt: skip
    model, near = known
    work, now = first_fit(model)
    shared.offer(now, work.place)
    rises = usual_rises(model, work, main_tier(instance), seed)
    middle = float(np.median(rises))
    weights = tier_weights(instance, middle)
    start = Placement(Problem(model, weights, near), work, now, np.zeros(0, dtype=np.int64))
    engine = _engine(seed, shared)
    began, share = clock.spent, FIRST_SHARE * clock.left
    climbed = engine.iterate(start, _wheel(), HillClimbing(), MaxRuntime(share))
    done = len(climbed.statistics.objectives)
    pace = done / max(1e-3, clock.spent - began)
    hot, cold = HOT_SHARE * middle, max(1e-3, float(rises[0]) / np.log(20))
    step = (min(cold, hot) / hot) ** (1 / max(1.0, pace * clock.left))
    accept = SimulatedAnnealing(hot, min(cold, hot), min(step, 1.0), method="exponential")
    with np.errstate(over="ignore"):
        found = engine.iterate(climbed.best_state, _wheel(), accept, MaxRuntime(clock.left))
    return done + len(found.statistics.objectives)


def _wheel() -> Any:
    return RouletteWheel(SCORES, DECAY, 4, 3)


def _engine(seed: int, shared: Shared) -> Any:
    engine = ALNS(np.random.default_rng(seed))
    for destroy in (remove_random, remove_worst, remove_related, remove_cells):
        engine.add_destroy_operator(destroy)
    for repair in (greedy, noisy, regret):
        engine.add_repair_operator(repair)

    def tell(state: Placement, _: Generator) -> None:
        shared.offer(state.now, state.work.place)

    engine.on_best(tell)
    return engine
