"""How much is proved: value and bound of every tier at normal effort, and how long it takes.

The run of the marks of proof: `allocator.solver.solve` as a planner calls it, on nightly prisons
with their budget of moves and on other instances in full mode. It ends when its work is done or
everything is proved, not by the clock, so that the same seed gives the same proofs on a machine
that does other things too. `seconds` of the row are by the clock; `cpu_s` is processor time of all
threads together, which is more than the clock would show on an idle machine.
"""

import os
import resource
import time

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.solver.options import Effort, Solution, SolveOptions
from benchmarks.study.confirm import verified
from benchmarks.study.environment import environment
from benchmarks.study.files import instance_of
from benchmarks.study.judge import Judge
from benchmarks.study.peers.energy import main_tier
from benchmarks.study.peers.method import CORES
from benchmarks.study.rows import Figure, Row
from benchmarks.study.specs import BY_NAME, Spec

LIMIT_SECONDS = 120.0
WARM_UP = "nightly_60"


def measure(spec: Spec, seed: int, effort: Effort = Effort.NORMAL) -> Row:
    """The row of one instance and seed, judged; marks are read from rows of normal effort."""
    load = os.getloadavg()[0]
    instance = instance_of(spec)
    _solve(instance_of(BY_NAME[WARM_UP]), seed, Effort.QUICK)
    used, started = time.process_time(), time.perf_counter()
    solution = _solve(instance, seed, effort)
    seconds = round(time.perf_counter() - started, 3)
    figures = (
        ("limit_s", LIMIT_SECONDS), ("cpu_s", round(time.process_time() - used, 2)),
        ("load_before", round(load, 2)),
    )  # fmt: skip
    return _row(spec, seed, instance, solution, (seconds, figures))


def _solve(instance: Instance, seed: int, effort: Effort) -> Solution:
    from allocator.solver.solve import solve

    return solve(instance, SolveOptions(effort, None, seed, CORES))


def _row(
    spec: Spec, seed: int, instance: Instance, solution: Solution,
    cost: tuple[float, tuple[Figure, ...]],
) -> Row:  # fmt: skip
    seconds, figures = cost
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    verdict = Judge(instance).verdict(solution.placement)
    return Row(
        spec.name, spec.family, spec.people, "proof", seed, 0.0, "done", seconds,
        tuple(s.tier.value for s in instance.tiers), main_tier(instance) - 1, verdict.values,
        solution.bounds, solution.verdict is Verdict.OPTIMAL, verdict.lawful,
        verified(spec, solution.placement, instance, verdict), megabytes,
        "; ".join(verdict.hard[:3]), figures=figures, **environment(),
    )  # fmt: skip
