"""Plans by number of moves: never worse with more, each the judge's, exact where it is small."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import ConfigError
from allocator.explain.placements import placement_now, placement_planned
from allocator.jobs.curve import (
    Point,
    PointTask,
    best_point,
    check_moves,
    default_moves,
    own_limit,
)
from allocator.jobs.curve_document import curve_document
from allocator.jobs.request import PlanRequest
from allocator.jobs.verification import verify_plan
from allocator.model.catalogue import RuleId
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.prepare.last_plan import plan_hash
from allocator.prepare.read import read_scenario
from allocator.verify import verify
from allocator.verify.judge import judge
from allocator.verify.view import View
from tests.builders import derogable, make_scenario
from tests.jobs import fakes
from tests.jobs.test_compare import Nobody, edge, finding
from tests.scenario_documents import document, write

MOVES = (0, 1, 2, 3, 5)
QUICK = PlanRequest("quick", workers=1)


def _document() -> dict[str, Any]:
    """A leader and a follower share a cell, and receptive people are beside them."""
    found = document(
        n_people=5,
        places=(2, 2, 2, 1),
        policy="dispersal",
        findings=[
            finding("P1", "network_role", "leader", network_id="N"),
            finding("P2", "network_role", "follower", network_id="N"),
            finding("P3", "receptivity", "high"),
            finding("P4", "receptivity", "moderate"),
        ],
        influence_edges=[edge("P1", "P3", "recruits", "B"), edge("P5", "P3", "supports", "A")],
    )
    found["units"].append({"unit_id": "V", "unit_type": "wing", "parent_id": "F"})
    for row in found["cells"][2:]:
        row["parent_id"] = "V"
    for row, cell_id in zip(found["people"], ("W-1", "W-1", "W-2", "W-2", "W-3"), strict=True):
        row["current_place"] = cell_id
    return found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "small.json", _document())


def _points(source: Path, moves: Sequence[int], planner: Any = None) -> list[Point]:
    points: list[Point] = []
    for allowed in moves:
        start = points[-1] if points else None
        found = PointTask(source, allowed, QUICK, start=start, planner=planner).run(Nobody())
        assert found is not None
        points.append(found)
    return points


def _least(scenario: Scenario, moves: int) -> tuple[int, ...]:
    """Least values of all tiers in their order, over every placement that the judge lets pass."""
    limited = replace(scenario, max_moves=moves)
    base = View(limited, placement_now(limited))
    cells = [cell.cell_id for cell in scenario.estate.cells]
    people = [person.person_id for person in scenario.people]
    tiers = [setting.tier for setting in scenario.tiers]
    found = []
    for places in product(cells, repeat=len(people)):
        view = View(limited, dict(zip(people, places, strict=True)), base=base)
        if len(view.moved) <= moves:
            judgement = judge(view)
            if judgement.is_lawful:
                found.append(tuple(judgement.tiers[tier] for tier in tiers))
    return min(found)


def test_points_are_verified_never_worse_and_the_least_within_their_tolerance(
    source: Path,
) -> None:
    scenario = read_scenario(source)
    points = _points(source, MOVES)
    tiers = [setting.tier for setting in scenario.tiers]
    at = tiers.index(Tier.EXPOSURE)
    for fewer, more in pairwise(points):
        assert more.rank <= fewer.rank
    for point in points:
        placement = placement_planned(point.plan)
        judgement = verify(replace(scenario, max_moves=point.allowed), placement)
        assert judgement.is_lawful
        assert dict(point.tiers) == dict(judgement.tiers)
        assert point.used == len(View(scenario, placement).moved) <= point.allowed
        assert verify_plan(source, point.plan)["verified"]
        least = _least(scenario, point.allowed)
        assert point.rank[:at] == least[:at]
        assert least[at] <= point.rank[at] <= least[at] + abs(least[at]) * 20 // 1000
        bound = point.bounds[Tier.EXPOSURE]
        assert bound is None or bound <= least[at]
        earlier = {plan_hash(p.plan) for p in points if p.allowed < point.allowed}
        started = point.plan.provenance.started_from
        assert started is None or started in earlier
    assert points[0].rank[at] > points[-1].rank[at]
    assert points[0].own_limit is None


def test_where_the_search_does_worse_the_earlier_plan_stands(source: Path) -> None:
    """A planner that leaves people where they are with 2 moves and puts them anywhere with 3."""
    good = _points(source, [2])[0]
    bad = PointTask(source, 5, QUICK, planner=fakes.first_fit).run(Nobody())
    assert bad is not None
    assert bad.rank > good.rank
    kept = PointTask(source, 5, QUICK, start=good, planner=fakes.first_fit).run(Nobody())
    assert kept is not None
    assert (kept.allowed, kept.used, kept.rank) == (5, good.used, good.rank)
    assert kept.plan == good.plan
    assert set(kept.bounds.values()) == {None}
    found = curve_document([good, kept])
    assert [p["plan_of"] for p in found["points"]] == [2, 2]
    assert found["steps"][0]["words"] == "3 more moves (2 → 5): the search found nothing better."
    assert "With 5 moves the search found nothing better" in " ".join(found["notes"])


def test_a_known_plan_that_moves_too_many_is_not_kept(source: Path) -> None:
    scenario = replace(read_scenario(source), max_moves=1)
    few, many = _points(source, [1, 5])
    assert many.used > 1
    assert best_point(scenario, [few], [many]) == few
    assert best_point(scenario, [], [many]) is None


def test_bounds_are_kept_only_behind_equal_values(source: Path) -> None:
    scenario = replace(read_scenario(source), max_moves=5)
    (point,) = _points(source, [5])
    tiers = list(point.tiers)
    low = replace(point, bounds=dict.fromkeys(tiers, -7))
    worse = replace(
        point,
        tiers={**point.tiers, Tier.PROTECTION: point.tiers[Tier.PROTECTION] + 3},
        bounds=dict.fromkeys(tiers, -2),
    )
    found = best_point(scenario, [worse, low], [])
    assert found is not None
    expected = dict.fromkeys(tiers[: tiers.index(Tier.PROTECTION) + 1], -2)
    assert found.bounds == dict.fromkeys(tiers, -7) | expected


def test_the_scenario_s_own_limit_is_replaced_and_told(tmp_path: Path) -> None:
    limited = write(tmp_path / "limited.json", {**_document(), "max_moves": 2})
    point = PointTask(limited, 4, QUICK, planner=fakes.first_fit).run(Nobody())
    assert point is not None
    assert (point.own_limit, point.plan.provenance.max_moves) == (2, 4)
    free = PointTask(limited, None, QUICK, planner=fakes.first_fit).run(Nobody())
    assert free is not None
    assert (free.allowed, free.people) == (5, 5)


def test_no_plan_and_none_known_is_no_point(source: Path) -> None:
    assert PointTask(source, 3, QUICK, planner=fakes.out_of_time).run(Nobody()) is None
    known = _points(source, [1])[0]
    kept = PointTask(source, 3, QUICK, start=known, planner=fakes.out_of_time).run(Nobody())
    assert kept is not None
    assert kept.rank == known.rank


@pytest.mark.parametrize(
    ("most", "limit", "moves"),
    [
        (0, None, (0,)),
        (1, None, (0, 1)),
        (4, 40, (0, 1, 2, 3, 4)),
        (9, None, (0, 1, 2, 3, 4, 6, 9)),
        (16, 12, (0, 5, 7, 10, 12, 16)),
        (162, 162, (0, 5, 10, 20, 40, 60, 80, 120, 162)),
        (1000, 33, (0, 5, 10, 20, 33, 40, 80, 160, 320, 480, 640, 1000)),
    ],
)
def test_default_moves(most: int, limit: int | None, moves: tuple[int, ...]) -> None:
    assert default_moves(most, limit) == moves


def test_moves_are_read_in_order_and_once() -> None:
    assert check_moves("20, 0,5,5") == (0, 5, 20)
    for text in ("", "7", "3,3", "2,x", "2,-3", "2,1.5", "2,1000001"):
        with pytest.raises(ConfigError, match=r"number"):
            check_moves(text)


def test_moves_must_be_limited_by_a_hard_rule() -> None:
    with pytest.raises(ConfigError, match="R25"):
        own_limit(make_scenario(settings={RuleId.MOVE_BUDGET: derogable(3)}))
    share = make_scenario(people=["p1", "p2", "p3"], policy={"moves_per_1000": 700.0})
    assert own_limit(share) == 2
