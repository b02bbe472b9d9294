"""Tier after tier for solvers with one objective: minimise, hold, go on with the time left."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from benchmarks.study.judge import Judge, Verdict
from benchmarks.study.kernel.compile import compile_model
from benchmarks.study.kernel.start import first_fit
from benchmarks.study.peers.energy import main_tier
from benchmarks.study.peers.linear import Linear
from benchmarks.study.peers.method import Clock, Report

EARLY_SHARE, MAIN_SHARE = 0.2, 0.9


@dataclass(eq=False)
class Best:
    """The best placement of a run; better ones are reported."""

    judge: Judge
    report: Report
    placement: IntArray
    verdict: Verdict
    bounds: list[int | None] = field(default_factory=list)

    @classmethod
    def first(cls, instance: Instance, report: Report) -> "Best":
        """Sets out from the officer's first fit, reported if it is lawful."""
        judge, work = Judge(instance), first_fit(compile_model(instance))[0]
        best = cls(judge, report, work.place, judge.verdict(work.place))
        best.bounds = [None] * len(instance.tiers)
        if best.verdict.lawful:
            report(best.placement)
        return best

    def offer(self, placement: IntArray) -> None:
        """Keep a placement that is lawful and better."""
        verdict = self.judge.verdict(placement)
        old = self.verdict
        if verdict.lawful and (not old.lawful or verdict.values < old.values):
            self.placement, self.verdict = placement, verdict
            self.report(placement)


def tiers_with_time(instance: Instance, model: Linear, clock: Clock) -> Iterator[tuple[int, float]]:
    """Each tier that has costs, with the seconds it may take."""
    main = main_tier(instance) - 1
    for tier in range(len(instance.tiers)):
        if clock.left > 0.05 and model.costs.get(tier):
            share = EARLY_SHARE if tier < main else MAIN_SHARE if tier == main else 1.0
            yield tier, share * clock.left
