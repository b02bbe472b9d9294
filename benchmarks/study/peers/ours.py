"""The product: the library call with a time limit that it fills."""

from dataclasses import dataclass

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.solver.options import Progress, SolveOptions
from allocator.solver.solve import solve
from benchmarks.study.peers.method import CORES, Outcome, Report


@dataclass(frozen=True, slots=True)
class _Way:
    """Reports each placement that the solver tells of."""

    report: Report

    def on_progress(self, progress: Progress) -> None:
        if progress.placement is not None:
            self.report(progress.placement)

    def should_stop(self) -> bool:
        return False


class Ours:
    """`allocator.solver.solve` at quick effort, then more and more work until the limit."""

    name = "ours"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """One call; on the way a later tier may be worse for a while."""
        options = SolveOptions.within(seconds, seed, CORES)
        solution = solve(instance, options, _Way(report))
        report(solution.placement)
        return Outcome(solution.bounds, solution.verdict is Verdict.OPTIMAL)
