"""The run table as a queue: each run to one worker; nothing is lost or written twice."""

import threading
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select, update

from allocator.errors import ConfigError, InternalError
from allocator.jobs.task import CELLS, PlanTask
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.audit.chain import find_faults
from allocator.service.errors import (
    ForbiddenError,
    NotFoundError,
    QueueFullError,
    StateError,
)
from allocator.service.lists import Part
from allocator.service.queue import reading, runs
from allocator.service.queue.endings import finish, hand_back
from allocator.service.queue.events import News
from allocator.service.queue.kinds import task_of
from allocator.service.queue.leases import Lease, LeaseLostError, asked_of, claim, renew
from allocator.service.queue.lost import return_lost
from allocator.service.queue.options import RunKind
from allocator.service.queue.reporter import Reporter
from allocator.service.queue.states import TRANSITIONS, RunState, check_transition, is_final
from allocator.service.root import Service
from allocator.store.tables import AuditEntry, Run, ScenarioVersion, StoredPlan
from tests.service.conftest import MakeService, TestClock, caller
from tests.service.runs import PLANNER, result_of, submit, upload
from tests.service.tasks import news

STRANGER = caller(Role.PLANNER, facilities=("G",))


def take(service: Service, owner: str = "a" * 32) -> Lease:
    lease = claim(service, owner)
    assert lease is not None
    return lease


def kinds_of(service: Service, run_id: str) -> list[str]:
    return [event.kind for event in reading.events_after(service, PLANNER, run_id, 0)]


def listed(
    service: Service, who: Caller = PLANNER, wanted: reading.RunFilter | None = None
) -> tuple[reading.RunView, ...]:
    return reading.page(service, who, Part(), wanted).rows


def plans(service: Service) -> int:
    with service.database.read() as session:
        return session.scalar(select(func.count()).select_from(StoredPlan)) or 0


@pytest.mark.parametrize(("old", "new"), list(product(RunState, RunState)))
def test_the_table_decides(old: RunState, new: RunState) -> None:
    if new in TRANSITIONS[old]:
        check_transition(old, new)
        return
    with pytest.raises(InternalError):
        check_transition(old, new)


def test_only_ends_are_final() -> None:
    assert {state for state in RunState if is_final(state)} == {
        RunState.DONE,
        RunState.FAILED,
        RunState.CANCELLED,
    }


def test_a_run_is_kept_before_anybody_works_on_it(service: Service) -> None:
    made = submit(service, options={"effort": "quick", "max_moves": 3})
    assert reading.find(service, PLANNER, made.run_id) == made
    assert (made.state, made.version, made.attempt) == (RunState.QUEUED, 1, 0)
    assert kinds_of(service, made.run_id) == [News.QUEUED]
    with service.database.read() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert newest is not None
        assert (newest.action, newest.object_id) == ("run.start", made.run_id)


def test_a_full_queue_refuses_and_keeps_nothing(
    make_service: MakeService, database_url: str
) -> None:
    service = make_service(database_url=database_url, queue_size=2)
    version = upload(service)
    submit(service, version)
    submit(service, version)
    with pytest.raises(QueueFullError) as caught:
        submit(service, version)
    assert caught.value.retry_seconds >= 1
    assert len(listed(service)) == 2
    take(service)
    submit(service, version)


def test_runs_out_of_scope_are_not_there(service: Service) -> None:
    made = submit(service)
    assert listed(service, STRANGER) == ()
    for use in (reading.find, reading.result, runs.cancel, runs.finish_early):
        with pytest.raises(NotFoundError):
            use(service, STRANGER, made.run_id)
    with pytest.raises(NotFoundError):
        reading.events_after(service, STRANGER, made.run_id, 0)
    with pytest.raises(NotFoundError):
        runs.submit(service, STRANGER, runs.RunOrder(RunKind.PLAN, made.scenario_id))


@pytest.mark.parametrize(
    "text",
    ["", "\0" * 32, "\ud800" * 32, "../../etc", "F" * 32],
    ids=["empty", "nul", "surrogates", "path", "capitals"],
)
def test_what_cannot_be_an_id_is_not_there(service: Service, text: str) -> None:
    for use in (reading.find, reading.result, runs.cancel, runs.finish_early):
        with pytest.raises(NotFoundError):
            use(service, PLANNER, text)
    with pytest.raises(NotFoundError):
        reading.events_after(service, PLANNER, text, 0)
    with pytest.raises(NotFoundError):
        runs.submit(service, PLANNER, runs.RunOrder(RunKind.PLAN, text))
    assert listed(service, wanted=reading.RunFilter(text)) == ()


def test_an_inspector_reads_runs_and_starts_none(service: Service) -> None:
    made = submit(service)
    inspector = caller(Role.INSPECTOR)
    assert reading.find(service, inspector, made.run_id) == made
    with pytest.raises(ForbiddenError):
        runs.submit(service, inspector, runs.RunOrder(RunKind.PLAN, made.scenario_id))
    with pytest.raises(ForbiddenError):
        runs.cancel(service, inspector, made.run_id)


@pytest.mark.parametrize(
    ("kind", "order"),
    [
        (RunKind.PLAN, {"options": {"effort": "heroic"}}),
        (RunKind.PLAN, {"options": {"policy": "../../secret"}}),
        (RunKind.PLAN, {"options": {"seed": True}}),
        (RunKind.PLAN, {"options": {"moves": [1, 2]}}),
        (RunKind.PLAN, {"plan_id": "0" * 32}),
        (RunKind.ORDER, {}),
        (RunKind.CURVE, {"options": {"moves": [3]}}),
        (RunKind.CONFLICT, {"from_plan_id": "0" * 32}),
        (RunKind.COMPARE, {"options": {"policies": ["dispersal", "dispersal"]}}),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(
    sqlite_service: Service, kind: RunKind, order: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError):
        submit(sqlite_service, kind=kind, **order)
    assert listed(sqlite_service) == ()


def test_pages_follow_one_another_without_a_gap(service: Service, clock: TestClock) -> None:
    version = upload(service)
    made = []
    for number in range(7):
        made.append(submit(service, version).run_id)
        if number % 3:
            clock.forward(seconds=5)
    seen: list[str] = []
    part: Part | None = Part(3)
    while part is not None:
        found = reading.page(service, PLANNER, part)
        seen += [view.run_id for view in found.rows]
        part = None if found.following is None else Part(3, found.following)
    assert sorted(seen) == sorted(made)
    times = [reading.find(service, PLANNER, run_id).made_at for run_id in seen]
    assert times == sorted(times, reverse=True)
    wanted = reading.RunFilter(state=RunState.RUNNING)
    lease = take(service)
    assert [v.run_id for v in listed(service, wanted=wanted)] == [lease.run_id]


def test_the_oldest_run_is_taken_first(service: Service, clock: TestClock) -> None:
    version = upload(service)
    first = submit(service, version)
    clock.forward(seconds=1)
    second = submit(service, version)
    assert [take(service).run_id, take(service).run_id] == [first.run_id, second.run_id]
    assert claim(service, "b" * 32) is None


def test_four_workers_take_each_run_once(
    make_service: MakeService, database_url: str, clock: TestClock
) -> None:
    service = make_service(database_url=database_url)
    version = upload(service)
    made = []
    for _ in range(24):
        made.append(submit(service, version).run_id)
        clock.forward(seconds=1)
    taken: list[str] = []

    def work(owner: str) -> None:
        own = make_service(database_url=database_url)
        while (lease := claim(own, owner)) is not None:
            taken.append(lease.run_id)

    workers = [threading.Thread(target=work, args=(letter * 32,)) for letter in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(made)


def test_a_lost_lease_goes_to_another_and_the_first_writes_nothing(
    service: Service, clock: TestClock
) -> None:
    made = submit(service)
    stale = take(service)
    Reporter(service, stale).note(news(1, bound=5, **{CELLS: [1, 0]}))
    assert return_lost(service) == 0
    clock.forward(seconds=service.settings.lease_seconds + 1)
    assert return_lost(service) == 1
    fresh = take(service, "b" * 32)
    assert (fresh.run_id, fresh.attempt) == (stale.run_id, 2)
    result = result_of(service, made.run_id)
    with pytest.raises(LeaseLostError):
        renew(service, stale)
    with pytest.raises(LeaseLostError):
        asked_of(service, stale)
    with pytest.raises(LeaseLostError):
        Reporter(service, stale).note(news(2, bound=5))
    with pytest.raises(LeaseLostError):
        hand_back(service, stale)
    with pytest.raises(LeaseLostError):
        finish(service, stale, result)
    assert plans(service) == 0
    finish(service, fresh, result)
    with pytest.raises(LeaseLostError):
        finish(service, fresh, result)
    assert plans(service) == 1
    done = reading.find(service, PLANNER, made.run_id)
    assert (done.state, done.attempt) == (RunState.DONE, 2)
    assert kinds_of(service, made.run_id) == [
        News.QUEUED,
        News.RUNNING,
        News.PROGRESS,
        News.LEASE_LOST,
        News.RUNNING,
        News.DONE,
    ]


def test_the_same_worker_is_stale_too_after_its_lease_ran_out(
    service: Service, clock: TestClock
) -> None:
    submit(service)
    stale = take(service)
    clock.forward(seconds=60)
    return_lost(service)
    fresh = take(service)
    assert fresh.owner == stale.owner
    with pytest.raises(LeaseLostError):
        renew(service, stale)
    renew(service, fresh)


def test_a_renewed_lease_is_not_lost(service: Service, clock: TestClock) -> None:
    submit(service)
    lease = take(service)
    clock.forward(seconds=10)
    renew(service, lease)
    clock.forward(seconds=10)
    assert return_lost(service) == 0
    clock.forward(seconds=10)
    assert return_lost(service) == 1


def test_a_run_that_kills_its_workers_is_given_up(service: Service, clock: TestClock) -> None:
    made = submit(service)
    for attempt in range(1, service.settings.most_attempts + 1):
        assert take(service).attempt == attempt
        clock.forward(seconds=60)
        return_lost(service)
    assert claim(service, "b" * 32) is None
    failed = reading.find(service, PLANNER, made.run_id)
    assert failed.state == RunState.FAILED
    assert failed.error is not None
    assert failed.error["code"] == "worker_lost"


def test_a_waiting_run_is_cancelled_at_once(service: Service) -> None:
    made = submit(service)
    assert runs.cancel(service, PLANNER, made.run_id).state == RunState.CANCELLED
    assert claim(service, "a" * 32) is None
    with pytest.raises(StateError):
        runs.cancel(service, PLANNER, made.run_id)
    with pytest.raises(StateError):
        runs.finish_early(service, PLANNER, made.run_id)
    assert kinds_of(service, made.run_id) == [News.QUEUED, News.CANCELLED]


def test_what_a_cancelled_run_returns_is_dropped(service: Service) -> None:
    made = submit(service)
    lease = take(service)
    assert runs.cancel(service, PLANNER, made.run_id).asked == "cancel"
    assert asked_of(service, lease) == "cancel"
    finish(service, lease, result_of(service, made.run_id))
    assert reading.find(service, PLANNER, made.run_id).state == RunState.CANCELLED
    assert plans(service) == 0


def test_a_cancelled_run_whose_worker_is_lost_is_cancelled(
    service: Service, clock: TestClock
) -> None:
    made = submit(service)
    take(service)
    runs.cancel(service, PLANNER, made.run_id)
    clock.forward(seconds=60)
    return_lost(service)
    assert reading.find(service, PLANNER, made.run_id).state == RunState.CANCELLED


def test_only_a_running_run_ends_early(service: Service) -> None:
    made = submit(service)
    with pytest.raises(StateError):
        runs.finish_early(service, PLANNER, made.run_id)
    lease = take(service)
    runs.finish_early(service, PLANNER, made.run_id)
    assert asked_of(service, lease) == "finish"
    other = submit(service, kind=RunKind.CONFLICT)
    take(service)
    with pytest.raises(StateError):
        runs.finish_early(service, PLANNER, other.run_id)


def test_a_run_handed_back_goes_on_from_its_incumbent(service: Service) -> None:
    made = submit(service)
    lease = take(service)
    Reporter(service, lease).note(news(1, bound=5, **{CELLS: [1, 0]}))
    hand_back(service, lease)
    view = reading.find(service, PLANNER, made.run_id)
    assert (view.state, view.attempt) == (RunState.QUEUED, 0)
    assert view.progress == news(1, bound=5)
    task = task_of(service, made.run_id)
    assert isinstance(task, PlanTask)
    assert task.resumed == (1, 0)
    assert take(service, "b" * 32).attempt == 1


def test_news_that_say_the_same_make_no_event_and_none_is_lost(service: Service) -> None:
    made = submit(service)
    reporter = Reporter(service, take(service))
    for step in (1, 1, 2, 3, 3, 3):
        reporter.note(news(step, bound=5))
    reporter.note({**news(3, bound=6), "seconds": 9})
    reporter.flush()
    told = reading.events_after(service, PLANNER, made.run_id, 2)
    assert [event.data["values"][2] for event in told] == [999, 998, 997, 997]
    assert told[-1].data["bound"] == 6
    assert [event.number for event in told] == [3, 4, 5, 6]
    assert reading.find(service, PLANNER, made.run_id).progress["seconds"] == 9


def test_a_plan_and_the_end_of_its_run_are_one(service: Service) -> None:
    made = submit(service)
    lease = take(service)
    result = result_of(service, made.run_id)
    with pytest.raises(InternalError):
        finish(service, lease, {**result, "plan": {**result["plan"], "verified": False}})
    assert plans(service) == 0
    assert reading.find(service, PLANNER, made.run_id).state == RunState.RUNNING
    finish(service, lease, result)
    done = reading.find(service, PLANNER, made.run_id)
    with service.database.read() as session:
        plan = session.get_one(StoredPlan, done.plan_id)
        assert (plan.run_id, plan.state, plan.made_by) == (made.run_id, "draft", PLANNER.actor)
        assert plan.document == result["plan"]
        own = scenarios.find(service, PLANNER, made.scenario_id)
        assert plan.content_hash == own.content_hash


def test_a_run_that_finds_nothing_fails_and_leaves_no_plan(service: Service) -> None:
    made = submit(service)
    finish(service, take(service), {"summary": {}, "plan": None, "reports": None})
    failed = reading.find(service, PLANNER, made.run_id)
    assert failed.error is not None
    assert (failed.state, failed.error["code"]) == (RunState.FAILED, "nothing_found")
    assert plans(service) == 0


def test_results_of_other_kinds_are_kept_and_reading_them_is_noted(service: Service) -> None:
    made = submit(service, kind=RunKind.CONFLICT)
    with pytest.raises(StateError):
        reading.result(service, PLANNER, made.run_id)
    told = {"words": "none", "conflicts": []}
    finish(service, take(service), {"officer": told, "security": {"words": "all"}})
    assert reading.result(service, PLANNER, made.run_id)["words"] == "none"
    with service.database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert [entry.action for entry in entries[1:]] == ["run.start", "run.end", "run.result"]
        assert list(find_faults(service.keys, entries)) == []


def test_an_order_is_of_a_plan_of_the_scenario(service: Service) -> None:
    first = submit(service)
    finish(service, take(service), result_of(service, first.run_id))
    plan_id = reading.find(service, PLANNER, first.run_id).plan_id
    version = scenarios.find(service, PLANNER, first.scenario_id)
    changed = {**version.require_document(), "name": "later"}
    scenarios.revise(service, PLANNER, version, changed)
    made = submit(service, version, kind=RunKind.ORDER, plan_id=plan_id)
    assert made.version == 1
    again = submit(service, version, from_plan_id=plan_id)
    assert again.version == 2
    task = task_of(service, again.run_id)
    assert isinstance(task, PlanTask)
    assert task.last_plan is not None
    other = upload(service)
    with pytest.raises(NotFoundError):
        submit(service, other, kind=RunKind.ORDER, plan_id=plan_id)


def test_a_run_whose_data_were_deleted_says_so(service: Service) -> None:
    made = submit(service)
    with service.database.write() as session:
        table = ScenarioVersion
        session.execute(
            update(table).where(table.scenario_id == made.scenario_id).values(document=None)
        )
    with pytest.raises(StateError):
        task_of(service, made.run_id)
    with pytest.raises(StateError):
        runs.submit(service, PLANNER, runs.RunOrder(RunKind.PLAN, made.scenario_id))
    with service.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1
