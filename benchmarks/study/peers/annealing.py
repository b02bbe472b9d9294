"""Simulated annealing as in the textbooks, compiled: relocate and exchange, geometric cooling.

Two chains run side by side on two cores from the officer's first fit; the better one counts. The
temperature falls from where half of the usual rises are taken to where hardly the smallest is,
by the share of the time that is spent.

References
----------
.. [1] Johnson, Aragon, McGeoch and Schevon (1989): start where a given share of moves is accepted,
   cool geometrically; we fit the number of steps to the time.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from benchmarks.study.kernel.compile import compile_model
from benchmarks.study.kernel.model import Model
from benchmarks.study.kernel.start import first_fit
from benchmarks.study.kernel.walk import anneal
from benchmarks.study.peers.energy import main_tier, tier_weights, usual_rises
from benchmarks.study.peers.method import CORES, Clock, Outcome, Report

FIRST_CHUNK, CHUNK_SECONDS = 2_000, 0.02
ACCEPTED, LAST_SHARE = 0.5, 0.05


@dataclass(eq=False)
class Shared:
    """The best placement of all chains."""

    report: Report
    best: tuple[int, ...] | None = None
    lock: Lock = field(default_factory=Lock)

    def offer(self, values: IntArray, placement: IntArray) -> None:
        """Report a placement that is better than all before."""
        with self.lock:
            key = tuple(int(v) for v in values)
            if self.best is None or key < self.best:
                self.best = key
                self.report(placement)


class Annealing:
    """Two independent chains."""

    name = "annealing"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """Cool for the whole budget."""
        clock, shared = Clock.start(seconds), Shared(report)
        model = compile_model(instance)
        with ThreadPoolExecutor(CORES) as pool:
            chains = [
                pool.submit(_cool, instance, model, seed * CORES + chain, clock, shared)
                for chain in range(CORES)
            ]
            trials = sum(chain.result() for chain in chains)
        return Outcome(note=f"{trials} trials")


def _cool(instance: Instance, model: Model, seed: int, clock: Clock, shared: Shared) -> int:
    """One chain; the number of trial moves."""
    work, now = first_fit(model)
    best, place = now.copy(), work.place.copy()
    shared.offer(best, place)
    rises = usual_rises(model, work, main_tier(instance), seed)
    middle = float(np.median(rises))
    hot, cold = middle / np.log(1 / ACCEPTED), float(rises[0]) / np.log(1 / LAST_SHARE)
    weights = tier_weights(instance, middle)
    chunk, done, last = FIRST_CHUNK, 0, clock.spent
    while clock.left > 0:
        heat = hot * (min(cold, hot) / hot) ** clock.share
        anneal(model, work, chunk, weights, heat, seed + done, now, best, place)
        shared.offer(best, place)
        done += chunk
        took, last = clock.spent - last, clock.spent
        chunk = max(100, min(2 * chunk, int(chunk * CHUNK_SECONDS / max(took, 1e-4))))
    return done
