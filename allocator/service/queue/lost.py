"""Runs whose worker has not been heard of: back into the queue, or given up."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from allocator.service.queue.endings import CANCEL, WORKER, WORKER_LOST, end, requeue
from allocator.service.queue.events import News
from allocator.service.queue.states import RunState
from allocator.service.root import Service
from allocator.store.tables import Run


def return_lost(service: Service) -> int:
    """Return every run whose lease ran out to the queue; how many there were.

    One that has been tried `most_attempts` times fails as `worker_lost`, so that a run which kills
    its workers does not kill them for ever.
    """
    now = service.clock()
    lost = (Run.state == RunState.RUNNING, Run.lease_until < now)
    with service.database.read() as session:
        found = session.scalars(select(Run.run_id).where(*lost).order_by(Run.made_at)).all()
    return sum(_return(service, run_id, now) for run_id in found)


def _return(service: Service, run_id: str, now: datetime) -> bool:
    """True unless the worker has renewed its lease after all, or another has returned the run."""
    lost = (Run.run_id == run_id, Run.state == RunState.RUNNING, Run.lease_until < now)
    try:
        with service.change(WORKER) as change:
            run = change.session.scalars(select(Run).where(*lost).with_for_update()).one()
            if run.asked == CANCEL:
                end(service, change, run, RunState.CANCELLED)
            elif run.attempt >= service.settings.most_attempts:
                end(service, change, run, RunState.FAILED, error=WORKER_LOST)
            else:
                requeue(service, change, run, News.LEASE_LOST)
    except NoResultFound:
        return False
    return True
