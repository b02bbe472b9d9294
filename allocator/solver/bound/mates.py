"""Best support: negative points that fit together in small blocks.

Nobody shares a block with more people than fit in it, and whoever shares with two people brings
these together too, with the points that they have.
"""

from collections import defaultdict
from itertools import combinations
from typing import TypeAlias

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.bound.crowds import Crowd
from allocator.solver.cpsat.limits import Limits, new_solver

Together: TypeAlias = dict[tuple[int, int], cp_model.IntVar]

SMALL_BLOCK = 6
FEW_PEOPLE = 100
DETERMINISTIC_FEW, DETERMINISTIC_MANY = 0.5, 0.1


def support_bound(crowd: Crowd, *, whole: bool = False) -> int:
    """Bound of the negative points of a crowd.

    Parameters
    ----------
    whole : bound all points: positive ones count where support brings two people together. Without
        it the bound may be added to one of the positive points.
    """
    wanted = np.where(crowd.never, 0, np.minimum(crowd.points, 0)).astype(np.int64)
    np.fill_diagonal(wanted, 0)
    if not wanted.any() or crowd.may.shape[1] == 0:
        return 0
    most = _most_mates(crowd)
    ordered = np.sort(wanted, axis=1)
    rank = np.arange(len(wanted))
    easy = -(-int(np.where(rank[None, :] < most[:, None], ordered, 0).sum()) // 2)
    if int(most.max()) >= SMALL_BLOCK:
        return easy
    return max(easy, _matched(crowd, wanted, crowd.points if whole else wanted, most))


def _most_mates(crowd: Crowd) -> IntArray:
    """Most people that each person shares a block with, shape (p,)."""
    room = np.bincount(crowd.block, weights=crowd.cap, minlength=crowd.may.shape[1] + 1)
    others = np.where(crowd.may, room[None, :-1].astype(np.int64) - 1, 0)
    most: IntArray = others.max(axis=1, initial=0)
    return most


def _matched(crowd: Crowd, wanted: IntArray, points: IntArray, most: IntArray) -> int:
    """Least of `points` over pairs that share, of which only the wanted are free to choose."""
    model = cp_model.CpModel()
    first, second = np.nonzero(np.triu(wanted))
    together: Together = {
        (i, j): model.new_bool_var(f"y{i}_{j}")
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
    }
    _post_closing(model, crowd, together)
    own: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (i, j), y in sorted(together.items()):
        own[i].append(y)
        own[j].append(y)
    _post_room(model, crowd, own, most)
    costs = [int(points[pair]) for pair in together]
    model.minimize(cp_model.LinearExpr.weighted_sum(list(together.values()), costs))
    few = len(crowd.people) <= FEW_PEOPLE
    time = DETERMINISTIC_FEW if few else DETERMINISTIC_MANY
    solver = new_solver(Limits(time, seconds=None, seed=1))
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return int(np.triu(wanted).sum())
    return int(np.ceil(solver.best_objective_bound - 1e-6))


def _post_room(
    model: cp_model.CpModel, crowd: Crowd, own: dict[int, list[cp_model.IntVar]], most: IntArray
) -> None:
    """Nobody has more mates than fit, and only so many are in the larger blocks."""
    room = np.bincount(crowd.block, weights=crowd.cap, minlength=crowd.may.shape[1] + 1)[:-1]
    sizes, number = np.unique(room.astype(np.int64), return_counts=True)
    larger: list[list[cp_model.IntVar]] = [[] for _ in sizes]
    for i, ys in sorted(own.items()):
        steps: list[cp_model.LinearExpr] = []
        for k in range(1, len(sizes)):
            larger[k].append(model.new_bool_var(f"larger{i}_{k}"))
            steps.append(int(sizes[k] - sizes[k - 1]) * larger[k][-1])
        mates = cp_model.LinearExpr.sum(ys)
        model.add(mates <= cp_model.LinearExpr.sum(steps) + int(sizes[0]) - 1)
        model.add(mates <= int(most[i]))
    for k in range(1, len(sizes)):
        places = int((sizes[k:] * number[k:]).sum())
        model.add(cp_model.LinearExpr.sum(larger[k]) <= places)


def _post_closing(model: cp_model.CpModel, crowd: Crowd, together: Together) -> None:
    """Two who share with a third share with one another; adds the pairs that this needs."""
    near: dict[int, list[int]] = defaultdict(list)
    for i, j in sorted(together):
        near[i].append(j)
        near[j].append(i)
    for i, friends in sorted(near.items()):
        for a, b in combinations(sorted(friends), 2):
            both = [together[min(i, k), max(i, k)] for k in (a, b)]
            if crowd.never[a, b]:
                model.add_at_most_one(both)
                continue
            if (a, b) not in together:
                together[a, b] = model.new_bool_var(f"y{a}_{b}")
            model.add_bool_or([together[a, b], *(y.Not() for y in both)])
