"""Problems in which nobody has points with anybody are assignment problems, and are proved."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from allocator.model.flat import cell_points, flat_instance, only_inside
from allocator.model.plan import Verdict
from allocator.solver.options import SolveOptions
from allocator.solver.solve import solve


def test_a_linear_assignment_of_50_is_proved() -> None:
    cost = np.random.default_rng(3).integers(1, 1000, (50, 50))
    ones = np.ones(50, dtype=np.int64)
    solution = solve(
        flat_instance(ones, ones, only_inside(50), cell_points(cost)), SolveOptions.within(20.0)
    )
    rows, columns = linear_sum_assignment(cost)
    assert solution.verdict is Verdict.OPTIMAL
    assert solution.values == (0, int(cost[rows, columns].sum()))
    assert sorted(solution.placement.tolist()) == list(range(50))
