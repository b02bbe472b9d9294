"""The product: the library call with a time limit that it fills."""

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.solver.options import SolveOptions
from allocator.solver.solve import solve
from benchmarks.study.peers.method import CORES, Outcome, Report


class Ours:
    """`allocator.solver.solve` at quick effort, then more and more work until the limit."""

    name = "ours"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """One call; it reports its placement at the end."""
        options = SolveOptions.within(seconds, seed, CORES)
        solution = solve(instance, options)
        report(solution.placement)
        return Outcome(solution.bounds, solution.verdict is Verdict.OPTIMAL)
