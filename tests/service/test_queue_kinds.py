"""Every kind of run with the real solver: from a stored scenario to a plan or a document."""

from typing import Any

import pytest

from allocator.errors import ConfigError
from allocator.jobs.task import CELLS
from allocator.service import scenarios
from allocator.service.queue import reading
from allocator.service.queue.endings import finish, hand_back
from allocator.service.queue.kinds import task_of
from allocator.service.queue.leases import Lease, claim
from allocator.service.queue.options import RunKind, read_options
from allocator.service.queue.reporter import Reporter
from allocator.service.root import Service
from allocator.store.tables import StoredPlan
from tests.scenario_documents import document
from tests.service.runs import PLANNER, QUICK, submit, upload

COMPARISON = {**QUICK, "policies": ["dispersal", "status_quo"], "weight_sets": ["own", "flat"]}


class Listener:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def on_progress(self, progress: Any) -> None:
        self.told.append(progress)

    def should_stop(self) -> bool:
        return False


def carry_out(service: Service) -> tuple[Lease, Listener]:
    """Take the next run and do its task here instead of in a child."""
    lease = claim(service, "a" * 32)
    assert lease is not None
    listener = Listener()
    finish(service, lease, task_of(service, lease.run_id).run(listener))
    return lease, listener


def test_a_plan_is_revised_and_its_moves_are_ordered(sqlite_service: Service) -> None:
    service = sqlite_service
    version = upload(service)
    first = submit(service, version, options=QUICK)
    _, listener = carry_out(service)
    cells = [news[CELLS] for news in listener.told if CELLS in news]
    assert cells
    assert all(sorted(set(places)) <= [0, 1] for places in cells)
    plan_id = reading.find(service, PLANNER, first.run_id).plan_id
    second = submit(service, version, options=QUICK, from_plan_id=plan_id)
    carry_out(service)
    revised = reading.find(service, PLANNER, second.run_id).plan_id
    with service.database.read() as session:
        plan = session.get_one(StoredPlan, revised)
        assert plan.summary is not None
        assert plan.summary["revision"]["departures"] == []
        assert set(plan.reports or {}) == {"officer", "security"}
    order = submit(service, version, kind=RunKind.ORDER, plan_id=plan_id)
    carry_out(service)
    assert reading.result(service, PLANNER, order.run_id)["left_out"] == []


def test_a_plan_goes_on_from_where_a_worker_was_killed(sqlite_service: Service) -> None:
    made = submit(sqlite_service, options=QUICK)
    lease = claim(sqlite_service, "a" * 32)
    assert lease is not None
    news = {"seconds": 1, "stage": "search", "tier": "exposure", "values": [0], "bound": 0}
    Reporter(sqlite_service, lease).note({**news, CELLS: [1, 0]})
    hand_back(sqlite_service, lease)
    _, listener = carry_out(sqlite_service)
    assert listener.told
    done = reading.find(sqlite_service, PLANNER, made.run_id)
    with sqlite_service.database.read() as session:
        plan = session.get_one(StoredPlan, done.plan_id)
        assert plan.summary is not None
        assert plan.summary["unplaced"] == []


@pytest.mark.parametrize(
    ("kind", "options", "key"),
    [
        (RunKind.CONFLICT, {}, "conflicts"),
        (RunKind.CURVE, {**QUICK, "moves": [0, 1]}, "plans"),
        (RunKind.COMPARE, COMPARISON, "policies"),
        (RunKind.LOCKS, {}, "decisions"),
    ],
)
def test_other_kinds_give_the_document_of_their_command(
    sqlite_service: Service, kind: RunKind, options: dict[str, Any], key: str
) -> None:
    made = submit(sqlite_service, kind=kind, options=options)
    carry_out(sqlite_service)
    result = reading.result(sqlite_service, PLANNER, made.run_id)
    assert key in result
    assert reading.find(sqlite_service, PLANNER, made.run_id).plan_id is None


def test_a_lock_has_its_price_of_a_plan_and_of_its_revision(sqlite_service: Service) -> None:
    """P1 is kept in W-2, where no plan would move anybody; only the command told the price."""
    service, found = sqlite_service, document(places=(2, 1))
    for row in found["people"]:
        row["current_place"] = "W-1"
    lock = {"person_id": "P1", "cell_id": "W-2", "kind": "lock", "reason": "conflict"}
    found["locks"] = [lock | {"by": "officer-2", "at": "2026-01-14"}]
    version = scenarios.upload(service, PLANNER, found)
    plan = submit(service, version, options=QUICK)
    carry_out(service)
    plan_id = reading.find(service, PLANNER, plan.run_id).plan_id
    for from_plan_id, tier in ((None, "moves"), (plan_id, "departures")):
        made = submit(service, version, kind=RunKind.LOCKS, from_plan_id=from_plan_id)
        carry_out(service)
        result = reading.result(service, PLANNER, made.run_id)
        (decision,) = result["decisions"]
        assert decision["person_id"] == "P1"
        assert result["not_looked_at"] == []
        assert tier in {entry["tier"] for entry in decision["tiers"]}
        (moves,) = (entry for entry in decision["tiers"] if entry["tier"] == "moves")
        assert (moves["with"], moves["difference"]) == ((2, 2) if from_plan_id is None else (2, 0))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (RunKind.LOCKS, {"moves": [0, 1]}),
        (RunKind.PLAN, {"workers": 65}),
        (RunKind.PLAN, {"time_limit_seconds": "soon"}),
        (RunKind.PLAN, {"time_limit_seconds": 86_401}),
        (RunKind.PLAN, {"max_moves": -1}),
        (RunKind.PLAN, {"legal_profile": "unheard_of"}),
        (RunKind.PLAN, {"contact_weights": 3}),
        (RunKind.ORDER, {"seed": 2}),
        (RunKind.CURVE, {"moves": list(range(51))}),
        (RunKind.CURVE, {"moves": ["a", 2]}),
        (RunKind.COMPARE, {"policies": ["dispersal"], "weight_sets": ["own"]}),
        (RunKind.COMPARE, {"policies": ["dispersal"] * 17}),
    ],
)
def test_options_out_of_range_are_refused(kind: RunKind, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        read_options(kind, options)


def test_options_that_are_not_given_are_the_usual_ones() -> None:
    found = read_options(RunKind.PLAN, {"seed": None, "time_limit_seconds": 5, "max_moves": 0})
    assert (found.request.seed, found.request.effort) == (1, "normal")
    assert (found.request.time_limit_seconds, found.overrides.max_moves) == (5, 0)
