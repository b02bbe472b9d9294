"""The officer's first fit: whoever may stay stays, the others take the first lawful cell."""

from allocator.model.instance import Instance
from benchmarks.study.kernel.compile import compile_model
from benchmarks.study.kernel.start import first_fit
from benchmarks.study.peers.method import Outcome, Report


class FirstFit:
    """Walks the list once; takes no more time than that."""

    name = "first_fit"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:  # noqa: ARG002
        """The list has one order, so the seed changes nothing."""
        work, _ = first_fit(compile_model(instance))
        report(work.place)
        return Outcome()
