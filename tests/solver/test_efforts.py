"""What an effort spends its work on: trials, neighbourhoods, bounds that lead the search."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.model.catalogue import RuleId
from allocator.model.flat import flat_instance, only_inside, pair_points
from allocator.model.instance import Instance
from allocator.model.shapes import Alone, IntArray, Shape
from allocator.model.vocabulary import Tier
from allocator.solver import passes
from allocator.solver.incumbent import Incumbent
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.passes import ENOUGH_PEOPLE, WORK
from allocator.solver.solve import solve
from tests.little_work import little_work
from tests.solver.night_cases import rows_of_three

QUICK = SolveOptions(Effort.QUICK)
ONE_ALONE = Alone(RuleId.SINGLE_CELL, np.array([0]))


def groups(people: int, *extra: Shape) -> Instance:
    """People in cells for three, every pair with points: too many to be solved whole."""
    points = np.triu(np.random.default_rng(people).integers(1, 9, (people, people)), 1)
    cells = -(-people // 3)
    everybody, caps = np.ones(people, dtype=np.int64), np.full(cells, 3, dtype=np.int64)
    shapes = (pair_points((points + points.T).astype(np.int64)), *extra)
    return flat_instance(everybody, caps, only_inside(cells), shapes)


@pytest.mark.parametrize(("extra", "takes_turns"), [((), False), ((ONE_ALONE,), True)])
def test_neighbourhoods_are_for_what_is_not_flat(
    monkeypatch: pytest.MonkeyPatch, extra: tuple[Shape, ...], takes_turns: bool
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(passes, "improve", lambda _inc, tier, *_: seen.append(tier))
    with little_work():
        solve(groups(64, *extra), QUICK)
    assert bool(seen) is takes_turns


@pytest.mark.parametrize(("people", "share"), [(ENOUGH_PEOPLE, 1.0), (30, 0.5)])
def test_few_people_get_trials_in_proportion(
    monkeypatch: pytest.MonkeyPatch, people: int, share: float
) -> None:
    told: list[int] = []

    def note(_inc: Incumbent, tier: int, _caps: IntArray, _give: IntArray, *rest: float) -> None:
        if tier == 2:
            told.append(int(rest[0]))

    monkeypatch.setattr(passes, "run_phase", note)
    solve(groups(people), QUICK)
    work = WORK[Effort.QUICK]
    one_by_one = work.trials_per_person * people
    assert told == [work.flat_times * (int(work.base_trials * share) + one_by_one)]


@pytest.mark.parametrize(("seconds", "leads"), [(1.5, True), (0.01, False)])
def test_bounds_lead_where_few_may_move(
    monkeypatch: pytest.MonkeyPatch, seconds: float, leads: bool
) -> None:
    """Two moves of seven people are expected to take 0.02 s."""
    monkeypatch.setattr("allocator.solver.solve.SECONDS_TO_LEAD", seconds)
    monkeypatch.setitem(WORK, Effort.QUICK, replace(WORK[Effort.QUICK], exact_literals=0))
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    night = rows_of_three(points, 2)
    exposure = [setting.tier for setting in night.tiers].index(Tier.EXPOSURE)
    found = solve(night, QUICK)
    assert found.values[exposure] == 26
    assert (found.bounds[exposure] == 26) is leads
