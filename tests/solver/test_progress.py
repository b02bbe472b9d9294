"""News of a search tell the values of the placement that comes with them."""

import numpy as np

from allocator.model.flat import flat_instance, only_inside, pair_points, size_limits
from allocator.solver.options import Effort, Progress, SolveOptions
from allocator.solver.solve import solve
from tests.little_work import little_work


class Listener:
    def __init__(self) -> None:
        self.heard: list[Progress] = []

    def on_progress(self, progress: Progress) -> None:
        assert progress.placement is not None
        told = progress.placement.copy(), progress.values
        self.heard.append(Progress(0.0, progress.stage, progress.tier, told[1], None, told[0]))

    def should_stop(self) -> bool:
        return False


def test_values_are_those_of_the_placement_and_never_rise() -> None:
    rng = np.random.default_rng(11)
    points = np.triu(rng.integers(-50, 51, (40, 40)), 1)
    points += points.T
    ones, low, high = np.ones(40, dtype=np.int64), np.full(5, 6), np.full(5, 11)
    shapes = (pair_points(points), size_limits(ones, low, high))
    listener = Listener()
    instance = flat_instance(ones, high, only_inside(5), shapes)
    with little_work():
        solve(instance, SolveOptions(Effort.QUICK), listener)
    searched = [news for news in listener.heard if news.stage == "search"]
    assert len({news.values for news in searched}) > 2
    for news in searched:
        assert news.placement is not None
        together = news.placement[:, None] == news.placement[None, :]
        assert news.values == (0, np.triu(points * together, 1).sum())
    exposure = [news.values[1] for news in searched if news.tier == searched[-1].tier]
    assert exposure == sorted(exposure, reverse=True)
