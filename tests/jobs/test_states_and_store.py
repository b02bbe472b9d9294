"""Every change of state is in the table or refused; the store keeps to it."""

from itertools import product

import pytest

from allocator.errors import InternalError
from allocator.jobs.states import TRANSITIONS, JobState, check_transition, is_final
from allocator.jobs.store import JobRecord, MemoryStore


@pytest.mark.parametrize(("old", "new"), list(product(JobState, JobState)))
def test_table_decides(old: JobState, new: JobState) -> None:
    if new in TRANSITIONS[old]:
        check_transition(old, new)
    else:
        with pytest.raises(InternalError):
            check_transition(old, new)


def test_final_states() -> None:
    assert {state for state in JobState if is_final(state)} == {
        JobState.DONE,
        JobState.FAILED,
        JobState.CANCELLED,
    }


def _store(*names: str) -> MemoryStore:
    store = MemoryStore(keep_finished=2)
    for name in names:
        store.add(JobRecord(name, "tiny", "abc"))
    return store


def test_store_keeps_order_and_refuses_a_wrong_change() -> None:
    store = _store("a", "b")
    store.change("b", JobState.RUNNING)
    assert [(record.job_id, record.state) for record in store.all()] == [
        ("a", JobState.QUEUED),
        ("b", JobState.RUNNING),
    ]
    with pytest.raises(InternalError):
        store.change("a", JobState.DONE)
    with pytest.raises(InternalError):
        store.change("nobody", JobState.RUNNING)


def test_progress_of_a_finished_job_is_dropped() -> None:
    store = _store("a")
    store.change("a", JobState.RUNNING)
    store.note_progress("a", {"stage": "search"})
    store.change("a", JobState.DONE, result={"n": 3})
    store.note_progress("a", {"stage": "late"})
    record = store.get("a")
    assert record is not None
    assert record.progress == {"stage": "search"}
    assert record.result == {"n": 3}


def test_oldest_finished_jobs_are_forgotten() -> None:
    store = _store("a", "b", "c", "d")
    for name in ("a", "b", "c"):
        store.change(name, JobState.CANCELLED)
    assert [record.job_id for record in store.all()] == ["b", "c", "d"]
