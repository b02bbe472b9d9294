"""One attempt at one run, from the claim to its end or to the next worker."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from allocator.jobs.child import MEBIBYTE, ChildLimits, KilledError, Task, run_child
from allocator.jobs.problems import error_document
from allocator.service.queue.endings import fail, finish, hand_back, take_again
from allocator.service.queue.leases import UNREACHABLE, Lease, LeaseLostError
from allocator.service.queue.logged_task import LoggedTask
from allocator.service.queue.reporter import Reporter
from allocator.service.queue.watch import Cause, Watch
from allocator.service.root import Service
from allocator.service.tracing import details_of, in_trace

LOG = logging.getLogger("allocator.queue")
MakeTask = Callable[[Service, str], Task]
NICENESS = 19
AGAIN_SECONDS = 0.5
OUT_OF_TIME = {
    "code": "out_of_time",
    "user_message": "The run did not end within the longest time allowed, so it was ended.",
    "developer_message": "ended by force after the time limit and the time to finish",
    "problems": [],
}


def attempt(service: Service, lease: Lease, make_task: MakeTask, stop: threading.Event) -> None:
    """Carry out a run in a child process and write how it ended; nothing is raised.

    Parameters
    ----------
    stop : set when the worker should end: the child has the grace period to come to its own end,
        then the run is handed back.
    """
    with in_trace(lease.trace_id, lease.run_id):
        _noted(service, lease, make_task, stop)


def _noted(service: Service, lease: Lease, make_task: MakeTask, stop: threading.Event) -> None:
    LOG.info("run %s, attempt %s, begins", lease.run_id, lease.attempt)
    try:
        _attempt(service, lease, make_task, stop)
        LOG.info("run %s, attempt %s, is over", lease.run_id, lease.attempt)
    except LeaseLostError:
        LOG.warning("lease lost: run %s, attempt %s", lease.run_id, lease.attempt)
    except Exception as error:  # noqa: BLE001 - a slot survives; the lease runs out, the run is taken again
        LOG.error("run %s was left: %s", lease.run_id, type(error).__name__)  # noqa: TRY400


def _attempt(service: Service, lease: Lease, make_task: MakeTask, stop: threading.Event) -> None:
    reporter = Reporter(service, lease)
    with Watch(service, lease, reporter, stop) as watch:
        try:
            details = details_of(lease.trace_id, lease.run_id)
            task = LoggedTask(make_task(service, lease.run_id), service.settings.log_level, details)
            result = run_child(task, reporter.note, watch.control, _limits(service))
            reporter.flush()
            _insist(service, lambda: finish(service, lease, result))
        except (LeaseLostError, *UNREACHABLE):
            raise
        except Exception as error:  # noqa: BLE001 - a slot survives whatever a run does
            _insist(service, partial(_end_without, service, lease, watch.cause, error))


def _limits(service: Service) -> ChildLimits:
    memory = service.settings.run_memory_mib
    bytes_ = None if memory is None else memory * MEBIBYTE
    return ChildLimits(bytes_, service.settings.grace_seconds, NICENESS)


def _end_without(service: Service, lease: Lease, cause: Cause | None, error: Exception) -> None:
    """Write why there is no result; what was killed from outside is tried again."""
    is_tried_again = isinstance(error, KilledError) and (
        lease.attempt < service.settings.most_attempts
    )
    match cause:
        case Cause.LOST:
            raise lease.lost()
        case Cause.STOPPED:
            hand_back(service, lease)
        case Cause.OUT_OF_TIME:
            fail(service, lease, OUT_OF_TIME)
        case None if is_tried_again:
            take_again(service, lease)
        case Cause.CANCELLED | None:
            fail(service, lease, error_document(error))


def _insist(service: Service, write: Callable[[], None]) -> None:
    """Write an end; while the database does not answer, again until the lease would run out."""
    ends = time.monotonic() + service.settings.lease_seconds
    while True:
        try:
            write()
        except UNREACHABLE:
            if time.monotonic() >= ends:
                raise
            time.sleep(AGAIN_SECONDS)
        else:
            return
