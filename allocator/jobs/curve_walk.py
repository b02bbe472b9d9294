"""The points of a curve one after the other, whoever solves them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from allocator.jobs.curve import Point, PointTask, default_moves

Solve = Callable[[PointTask, str], tuple[Point | None, bool]]


class Walk:
    """Solves point after point, each from the one before.

    Parameters
    ----------
    task : the first; its moves are replaced.
    solve : gives a task's point, None where no plan was found, and whether to end here; told what
        the task is about.
    """

    def __init__(self, task: PointTask, solve: Solve) -> None:
        self.task = task
        self.points: list[Point] = []
        self.without_plan: list[int] = []
        self.interrupted = False
        self._solve_task = solve

    def run(self, asked: Sequence[int] | None) -> "Walk":
        """Solve the points asked for; without any, first the plan without a limit."""
        free: tuple[Point, ...] = ()
        if asked is None:
            free = tuple(filter(None, [self._solve(self.task, "no limit: ")]))
            if self.interrupted or not free:
                self.points = list(free)
                return self
            asked = default_moves(free[0].used, free[0].own_limit)
        for number, moves in enumerate(asked, start=1):
            self._add(moves, free, f"{moves:,} moves, {number} of {len(asked)}: ")
            if self.interrupted:
                break
        return self

    def _add(self, moves: int, free: tuple[Point, ...], about: str) -> None:
        start = self.points[-1] if self.points else None
        point = self._solve(replace(self.task, moves=moves, start=start, known=free), about)
        if point is None:
            self.without_plan.append(moves)
        else:
            self.points.append(point)

    def _solve(self, task: PointTask, about: str) -> Point | None:
        point, self.interrupted = self._solve_task(task, about)
        return point
