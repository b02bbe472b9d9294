"""Urgent placement in a loaded prison: everybody asks once for their five best cells.

The prison is in memory, as at a desk that is open all night; `ready_ms` is what that costs. Answers
are timed one by one, the first and slowest too, in an order drawn by the seed. Every twentieth is
checked by the judge (`Placer.check`), which raises where a single value differs; that is not timed.
"""

import os
import resource
import time

import numpy as np

from allocator.jobs.place import Placer
from benchmarks.place import percentile_99, timed
from benchmarks.study.environment import environment
from benchmarks.study.rows import Row
from benchmarks.study.specs import Spec

CHECK_EVERY = 20


def measure(spec: Spec, seed: int) -> Row:
    """The row of one prison: median, 99th percentile and largest milliseconds of an answer."""
    scenario = spec.scenario()
    load = os.getloadavg()[0]
    ready_ms, placer = timed(lambda: Placer(scenario))
    ids = [person.person_id for person in scenario.people]
    order = np.random.default_rng(seed).permutation(len(ids))
    started = time.perf_counter()
    answered = [timed(lambda p=ids[i]: placer.place(p)) for i in order]  # type: ignore[misc]
    used = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    checked = [placer.check(answer) for _, answer in answered[::CHECK_EVERY]]
    ms = sorted(value for value, _ in answered)
    figures = (
        ("first_ms", round(answered[0][0], 3)),
        ("p50_ms", round(ms[(len(ms) - 1) // 2], 3)),
        ("p99_ms", round(percentile_99(ms), 3)),
        ("most_ms", round(ms[-1], 3)),
        ("ready_ms", round(ready_ms, 1)),
        ("calls", len(ms)),
        ("offers", sum(len(answer.offers) for _, answer in answered)),
        ("checked", len(checked)),
        ("load_before", round(load, 2)),
    )
    return Row(
        spec.name, spec.family, spec.people, "urgent", seed, 0.0, "done", round(used, 3),
        lawful=True, verified=True, megabytes=megabytes, figures=figures, **environment(),
    )  # fmt: skip
