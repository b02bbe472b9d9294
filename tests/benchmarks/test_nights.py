"""Nights of generated prisons: few may move, and what the solver says of that."""

from allocator.model.plan import Verdict
from allocator.solver.options import SolveOptions
from allocator.solver.solve import solve
from benchmarks.study.instances.prison import instance_of, prison_scenario


def test_a_time_limit_ends_with_a_proof_where_few_may_move() -> None:
    """Long before it is filled; searching alone proves nothing."""
    instance = instance_of(prison_scenario(60, moves=3, seed=2))
    found = solve(instance, SolveOptions.within(30.0))
    assert found.verdict is Verdict.OPTIMAL
    assert found.bounds == found.values
    assert found.seconds < 20.0
