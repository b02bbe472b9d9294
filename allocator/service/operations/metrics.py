"""Figures for a monitor, read from the database at the time of asking.

So every server answers for the whole service, and a worker in another process needs no port.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.service.operations.gaps import Gaps, histogram
from allocator.service.queue.states import RunState
from allocator.service.root import Service
from allocator.store.tables import AuditEntry, Run, StoredPlan, Worker

BUCKETS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)
WINDOW = timedelta(days=1)
ALIVE_LEASES = 3


class ServiceCollector(Collector):
    """Runs, their waiting time and proofs, plans by state, workers, the audit log."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._gaps = Gaps()

    def collect(self) -> Iterator[Metric]:
        """Everything, from one state of the database."""
        now = self.service.clock()
        with self.service.database.read() as session:
            yield _counted(
                session, "allocator_runs", "Runs by kind and state.", Run.kind, Run.state
            )
            yield _counted(session, "allocator_plans", "Plans by state.", StoredPlan.state)
            yield _waiting(session, now)
            yield _solve_seconds(session, now)
            yield from self._gaps.collect(session, now - WINDOW)
            yield self._workers(session, now)
            entries = session.scalar(select(func.max(AuditEntry.number))) or 0
            yield GaugeMetricFamily(
                "allocator_audit_entries", "Entries of the audit log.", value=entries
            )

    def _workers(self, session: Session, now: datetime) -> Metric:
        since = now - timedelta(seconds=ALIVE_LEASES * self.service.settings.lease_seconds)
        alive = select(func.count()).select_from(Worker).where(Worker.seen_at >= since)
        words = "Workers that gave a sign of life."
        return GaugeMetricFamily("allocator_workers", words, value=session.scalar(alive) or 0)


def _counted(session: Session, name: str, words: str, *columns: object) -> Metric:
    labels = [str(column).rpartition(".")[2] for column in columns]
    family = GaugeMetricFamily(name, words, labels=labels)
    for *values, count in session.execute(select(*columns, func.count()).group_by(*columns)):  # type: ignore[call-overload]
        family.add_metric([str(value) for value in values], count)
    return family


def _waiting(session: Session, now: datetime) -> Metric:
    oldest = session.scalar(select(func.min(Run.made_at)).where(Run.state == RunState.QUEUED))
    seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
    words = "How long the oldest queued run has waited."
    return GaugeMetricFamily("allocator_queue_age_seconds", words, value=seconds)


def _solve_seconds(session: Session, now: datetime) -> Metric:
    ended = select(Run.started_at, Run.ended_at).where(
        Run.state == RunState.DONE, Run.ended_at >= now - WINDOW
    )
    seconds = [
        (end - start).total_seconds() for start, end in session.execute(ended) if start and end
    ]
    family = HistogramMetricFamily(
        "allocator_run_seconds", "Time of the runs that were done in the last day."
    )
    histogram(family, [], BUCKETS_SECONDS, seconds)
    return family
