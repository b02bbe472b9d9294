"""Cost against size: one prison from nothing to a plan at quick effort, without a time limit.

Times are wall-clock seconds. `start_s` is importing the solver and a first short call, which in a
fresh checkout compile the search and otherwise load it. Then the prison is made (`build_s`), read
(`read_s`) and prepared as an instance (`prepare_s`), the solver's tables are compiled (`tables_s`;
`solve` does it again within its time), and it is solved (`seconds` of the row).
"""

import os
import resource
import time
from collections.abc import Callable
from typing import TypeVar

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.prepare.read import read_scenario_document
from allocator.simulate.build import build_facility
from allocator.solver.options import Effort, Solution, SolveOptions
from benchmarks.study.confirm import verified
from benchmarks.study.environment import environment
from benchmarks.study.files import instance_of, known_digests
from benchmarks.study.instances import prison
from benchmarks.study.judge import Judge
from benchmarks.study.peers.energy import main_tier
from benchmarks.study.peers.method import CORES
from benchmarks.study.rows import Figure, Row
from benchmarks.study.specs import BY_NAME, Spec
from benchmarks.study.store import digest

WARM_UP, WARM_UP_SECONDS = "prison_60", 0.3
T = TypeVar("T")


def measure(spec: Spec, seed: int) -> Row:
    """The row of one prison.

    Raises
    ------
    ValueError
        If the spec is no generated prison, or the instance made is not the one of its digest.
    """
    if spec.maker != "prison":
        raise ValueError(f"{spec.name} is not a generated prison.")
    load = os.getloadavg()[0]
    start_s, _ = _timed(lambda: _solve(instance_of(BY_NAME[WARM_UP]), seed, WARM_UP_SECONDS))
    built, instance = _built(spec)
    tables_s, _ = _timed(lambda: _tables(instance))
    before = _megabytes()
    seconds, solution = _timed(lambda: _solve(instance, seed))
    megabytes = _megabytes()
    if digest(instance) != known_digests()[spec.name]:
        raise ValueError(f"{spec.name} is not the instance that the study was made with.")
    figures = (
        ("start_s", start_s), *built, ("tables_s", tables_s), ("before_solve_mb", before),
        ("cells", instance.n_cells), ("load_before", round(load, 2)),
    )  # fmt: skip
    return _row(spec, seed, instance, solution, (seconds, megabytes, figures))


def _solve(instance: Instance, seed: int, limit_seconds: float | None = None) -> Solution:
    from allocator.solver.solve import solve

    return solve(instance, SolveOptions(Effort.QUICK, limit_seconds, seed, CORES))


def _tables(instance: Instance) -> None:
    from allocator.solver.compile import build_tables

    build_tables(instance)


def _built(spec: Spec) -> tuple[tuple[Figure, ...], Instance]:
    """Seconds of each step from the specification of a prison to its instance, and the instance."""
    wanted = dict(spec.arguments)
    facility = prison.prison_facility(wanted["people"])
    build_s, document = _timed(lambda: build_facility(facility, wanted["seed"]))
    read_s, scenario = _timed(lambda: read_scenario_document(document))
    prepared = prison.without_tolerance(scenario, wanted["moves"])
    prepare_s, instance = _timed(lambda: prison.instance_of(prepared))
    return (("build_s", build_s), ("read_s", read_s), ("prepare_s", prepare_s)), instance


def _row(
    spec: Spec, seed: int, instance: Instance, solution: Solution,
    cost: tuple[float, int, tuple[Figure, ...]],
) -> Row:  # fmt: skip
    """The row, judged: a quick solve that is not lawful has no cost worth knowing."""
    seconds, megabytes, figures = cost
    verdict = Judge(instance).verdict(solution.placement)
    return Row(
        spec.name, spec.family, spec.people, "scaling", seed, 0.0, "done", seconds,
        tuple(s.tier.value for s in instance.tiers), main_tier(instance) - 1, verdict.values,
        solution.bounds, solution.verdict is Verdict.OPTIMAL, verdict.lawful,
        verified(spec, solution.placement, instance, verdict), megabytes,
        "; ".join(verdict.hard[:3]), figures=figures, **environment(),
    )  # fmt: skip


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = call()
    return round(time.perf_counter() - started, 3), result


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
