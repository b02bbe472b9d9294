"""One run in a process of its own: ``python -m benchmarks.study.child SPEC METHOD SEED SECONDS``.

Imports, compiling and a first call on a small instance come before the clock starts, reading the
instance too; everything that a method makes of the instance counts. Judging comes after it. METHOD
may be a measure as well (`benchmarks.study.measures`), which has no use for SECONDS.
"""

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from benchmarks.study.confirm import verified
from benchmarks.study.environment import environment, keep_to_cores
from benchmarks.study.files import instance_of
from benchmarks.study.judge import Judge
from benchmarks.study.measures.registry import MEASURES, measure_of
from benchmarks.study.peers.energy import main_tier
from benchmarks.study.peers.method import Method, Outcome, UnsupportedError
from benchmarks.study.peers.registry import method_of
from benchmarks.study.rows import Row, Step
from benchmarks.study.specs import BY_NAME, Spec

WARM_UP = ("gqap_20_6_75", "prison_60")
WARM_UP_SECONDS, MOST_CALLS, MOST_STEPS = 0.3, 5, 60


@dataclass(eq=False)
class Reports:
    """Placements as they were reported, with the time of each."""

    started: float = field(default_factory=time.monotonic)
    seen: list[tuple[float, IntArray]] = field(default_factory=list)

    def __call__(self, placement: IntArray) -> None:
        """Take note of a better placement."""
        self.seen.append((time.monotonic() - self.started, placement.copy()))


def warm_up(method: Method, seed: int) -> None:
    """Import and compile everything that a run needs, until a call keeps its time.

    In a fresh checkout the first calls spend their time on compiling and never reach the search.
    """
    for name in WARM_UP:
        for _ in range(MOST_CALLS):
            started = time.monotonic()
            try:
                method.run(instance_of(BY_NAME[name]), WARM_UP_SECONDS, seed, lambda _: None)
            except UnsupportedError:
                break
            if time.monotonic() - started < 2 * WARM_UP_SECONDS:
                break


def run(spec: Spec, method: Method, seed: int, seconds: float) -> Row:
    """The row of one run."""
    instance = instance_of(spec)
    warm_up(method, seed)
    reports = Reports()
    try:
        outcome = method.run(instance, seconds, seed, reports)
    except UnsupportedError as error:
        return _blank(spec, method.name, seed, seconds, "unsupported", str(error))
    used = time.monotonic() - reports.started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if not reports.seen:
        note = f"no placement {outcome.note}".strip()
        return _blank(spec, method.name, seed, seconds, "failed", note)
    return _row(spec, method.name, seed, seconds, instance, reports, outcome, used, megabytes)


def _blank(spec: Spec, method: str, seed: int, budget: float, status: str, note: str) -> Row:
    return Row(
        spec.name, spec.family, spec.people, method, seed, budget, status, note=note,
        **environment(),
    )  # fmt: skip


def _row(  # noqa: PLR0913, PLR0917
    spec: Spec, method: str, seed: int, budget: float, instance: Instance, reports: Reports,
    outcome: Outcome, used: float, megabytes: int,
) -> Row:  # fmt: skip
    judge = Judge(instance)
    placement = reports.seen[-1][1]
    verdict = judge.verdict(placement)
    note = "; ".join([outcome.note, *verdict.hard[:3]]).strip("; ")
    return Row(
        spec.name, spec.family, spec.people, method, seed, budget, "done", round(used, 3),
        tuple(s.tier.value for s in instance.tiers), main_tier(instance) - 1, verdict.values,
        outcome.bounds, outcome.proved, verdict.lawful,
        verified(spec, placement, instance, verdict), megabytes, note, steps_of(judge, reports),
        **environment(),
    )  # fmt: skip


def steps_of(judge: Judge, reports: Reports) -> tuple[Step, ...]:
    """Some of the reported placements, the first and the last among them, judged; lawful ones."""
    every = max(1, -(-len(reports.seen) // MOST_STEPS))
    kept = reports.seen[:-1:every] + reports.seen[-1:]
    judged = ((round(at, 2), judge.verdict(placement)) for at, placement in kept)
    return tuple((at, verdict.values) for at, verdict in judged if verdict.lawful)


def main() -> None:
    """Run and print the row as JSON on the last line."""
    spec, method, seed, seconds = sys.argv[1:]
    keep_to_cores()
    if method in MEASURES:
        row = measure_of(method)(BY_NAME[spec], int(seed))
    else:
        row = run(BY_NAME[spec], method_of(method), int(seed), float(seconds))
    print("\n" + json.dumps(asdict(row)), flush=True)


if __name__ == "__main__":
    main()
