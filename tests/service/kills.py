"""Workers in processes of their own that are killed while they work; and what must hold after."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from allocator.service.audit.chain import find_faults
from allocator.service.queue.events import FINAL
from allocator.service.queue.states import RunState, is_final
from allocator.service.root import Service, open_service
from allocator.service.scenarios import Version
from allocator.service.settings import Settings, read_settings
from allocator.store.tables import AuditEntry, Run, RunEvent, StoredPlan
from allocator.store.tables import Worker as WorkerRow
from tests.service.conftest import SECRET
from tests.service.kill_worker import RESULT_FILE
from tests.service.runs import upload
from tests.service.tasks import planned

LEASE_SECONDS = 3.0
MANY = 100
PAUSE_SECONDS = (0.0, 0.5)
ROOT = Path(__file__).parents[2]


def settings_of(database_url: str, folder: Path) -> Settings:
    """Short leases, so that a killed worker is soon replaced."""
    return read_settings(
        data_folder=folder,
        database_url=database_url,
        secret_key=SECRET,
        lease_seconds=LEASE_SECONDS,
        most_attempts=MANY,
        queue_size=1000,
        grace_seconds=1.0,
    )


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """The same for a process that reads its settings itself."""
    found = {
        "data_folder": str(folder),
        "database_url": database_url,
        "secret_key": SECRET,
        "lease_seconds": str(LEASE_SECONDS),
        "most_attempts": str(MANY),
        "grace_seconds": "1",
        "queue_size": "1000",
        "runs_per_minute": "100000",
    }
    return os.environ | {f"ALLOCATOR_{name.upper()}": value for name, value in found.items()}


def open_prison(database_url: str, folder: Path) -> tuple[Service, Version]:
    """A service with one scenario, whose plan the workers find in the folder."""
    service = open_service(settings_of(database_url, folder))
    version = upload(service)
    result = planned(version.require_document())
    (folder / RESULT_FILE).write_text(json.dumps(result), "utf-8")
    return service, version


@dataclass
class Herd:
    """Processes that are killed at random and started again."""

    commands: Sequence[Sequence[str]]
    environment: dict[str, str]
    luck: random.Random
    kills: int = 0
    pause: tuple[float, float] = PAUSE_SECONDS
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.processes = [self._process(command) for command in self.commands]

    def kill_one(self, at_work: frozenset[int]) -> bool:
        """SIGKILL to one of those at work, by process id, and another in its place."""
        chosen = [n for n, process in enumerate(self.processes) if process.pid in at_work]
        if not chosen:
            return False
        number = self.luck.choice(chosen)
        self.processes[number].send_signal(signal.SIGKILL)
        self.processes[number].wait()
        self.kills += 1
        self.processes[number] = self._process(self.commands[number])
        return True

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)

    def _process(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=self.environment)  # noqa: S603


def kill_until(
    herd: Herd,
    service: Service,
    ends: Callable[[], bool],
    moments: Sequence[float],
    patience: float,
) -> None:
    """Kill somebody at work each time that so many runs have ended, until all has ended.

    Parameters
    ----------
    ends : True once nothing more is started. moments : numbers of runs, rising.
    """
    deadline = time.monotonic() + patience
    while not ends() or left_of(service):
        if time.monotonic() > deadline:
            message = f"runs that did not end: {left_of(service)}"
            raise AssertionError(message)
        time.sleep(herd.luck.uniform(*herd.pause))
        if herd.kills < len(moments) and ended_of(service) >= moments[herd.kills]:
            herd.kill_one(at_work(service))


def at_work(service: Service) -> frozenset[int]:
    """Processes that hold a run."""
    owners = select(Run.owner).where(Run.state == RunState.RUNNING)
    with service.database.read() as session:
        pids = session.scalars(select(WorkerRow.pid).where(WorkerRow.worker_id.in_(owners)))
        return frozenset(pids)


def ended_of(service: Service) -> int:
    """How many runs have ended."""
    with service.database.read() as session:
        ended = select(func.count()).select_from(Run).where(Run.ended_at.is_not(None))
        return session.scalar(ended) or 0


def left_of(service: Service) -> dict[str, int]:
    """Runs that have not ended, by state."""
    with service.database.read() as session:
        states = [RunState(state) for state in session.scalars(select(Run.state))]
    open_ = [str(state) for state in states if not is_final(state)]
    return {state: open_.count(state) for state in sorted(set(open_))}


def faults_of(service: Service, accepted: Sequence[str]) -> list[str]:
    """Everything that must not be: runs lost or open, plans lost or doubled, a broken log."""
    with service.database.read() as session:
        runs = {run.run_id: run for run in session.scalars(select(Run))}
        plans = session.scalars(select(StoredPlan)).all()
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        events = session.scalars(select(RunEvent).order_by(RunEvent.run_id, RunEvent.number)).all()
        found = [f"run {run_id} is not there" for run_id in accepted if run_id not in runs]
        found += [
            f"run {run.run_id} is {run.state}: {run.error}"
            for run in runs.values()
            if run.state != RunState.DONE
        ]
        by_run = sorted(str(plan.run_id) for plan in plans)
        if by_run != sorted(runs):
            found.append(f"{len(plans)} plans of {len(set(by_run))} runs for {len(runs)} runs")
        found += [
            f"plan {plan.plan_id} is not that of its run"
            for plan in plans
            if runs[str(plan.run_id)].plan_id != plan.plan_id
        ]
        found += [f"audit: {fault}" for fault in find_faults(service.keys, entries)]
        ends = [entry.object_id for entry in entries if entry.action == "run.end"]
        if sorted(ends) != sorted(runs):
            found.append(f"{len(ends)} ends in the audit log for {len(runs)} runs")
        return found + _event_faults(events, runs)


def _event_faults(events: Sequence[RunEvent], runs: Sequence[str] | dict[str, Run]) -> list[str]:
    found: list[str] = []
    for run_id in runs:
        own = [event for event in events if event.run_id == run_id]
        if [event.number for event in own] != list(range(1, len(own) + 1)):
            found.append(f"events of {run_id} have a gap")
        if [event.kind in FINAL for event in own].count(True) != 1 or own[-1].kind not in FINAL:
            found.append(f"events of {run_id} do not end once")
    return found


def attempts_of(service: Service) -> list[int]:
    """How many workers each run took, more than one for some after kills."""
    with service.database.read() as session:
        return sorted(session.scalars(select(Run.attempt)))
