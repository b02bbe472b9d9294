"""The product: the library call with a time limit that it fills."""

from dataclasses import dataclass

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.solver.options import Progress, SolveOptions
from allocator.solver.solve import solve
from benchmarks.study.peers.method import CORES, Outcome, Report


@dataclass(eq=False)
class _Way:
    """Reports what the solver tells of where it is better than all before.

    Most news are of the same placement, and a later tier may be worse for a while.
    """

    report: Report
    least: tuple[int, ...] | None = None

    def on_progress(self, progress: Progress) -> None:
        better = self.least is None or progress.values < self.least
        if better and progress.placement is not None:
            self.least = progress.values
            self.report(progress.placement)

    def should_stop(self) -> bool:
        return False


class Ours:
    """`allocator.solver.solve` at quick effort, then more and more work until the limit."""

    name = "ours"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """One call; what it returns is reported last."""
        options, way = SolveOptions.within(seconds, seed, CORES), _Way(report)
        solution = solve(instance, options, way)
        if solution.values != way.least:
            report(solution.placement)
        return Outcome(solution.bounds, solution.verdict is Verdict.OPTIMAL)
