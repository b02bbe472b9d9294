"""Workers and servers killed with SIGKILL while runs are started and carried out.

    python -m benchmarks.kills --database both --jobs 200 --kills 100

Runs are started over HTTP with an `Idempotency-Key` each, and again with the same key whenever a
server is gone before it answers. Then everything must have ended: no run lost or left, no plan lost
or doubled, every event numbered, the audit log whole. One JSON line for each database; exit code 1
where something is wrong. `--task plan` has the real solver at work, `--task moment` a third of a
second of sleep, in which more kills hit the queue itself.
"""

import argparse
import http.client
import json
import os
import platform
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 3600.0
TASKS = ("plan", "moment")
LAST_KILL = 0.9  # of the runs: so that the last kills find somebody at work
AGAIN_SECONDS = 0.2
ANSWER_SECONDS = 20
SERVER = "server"
GONE = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


def main() -> None:
    """Do what the command line asks; children of the servers import this module, so it is light."""
    if sys.argv[1:2] == [SERVER]:
        _serve(*sys.argv[2:])
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    arguments = _arguments()
    kinds = ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,)
    faults = 0
    for kind in kinds:
        with _database(kind) as (url, folder):
            row = _measure(url, folder, arguments)
        print(json.dumps({"database": kind, **row}))
        faults += len(row["faults"])
    sys.exit(int(faults > 0))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--task", choices=TASKS, default="plan")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    """An empty database and a folder."""
    from sqlalchemy import create_engine, text

    from tests.service.postgres import find_programs, running_server

    with tempfile.TemporaryDirectory(prefix="allocator-kills-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'kills.sqlite3'}", folder
            return
        programs = find_programs()
        if programs is None:
            sys.exit("PostgreSQL is not installed.")
        with running_server(programs) as address:
            database = f"k{uuid.uuid4().hex}"
            url = address.format(name="postgres")
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {database}"))
            engine.dispose()
            yield address.format(name=database), folder


def _measure(url: str, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Start, kill, wait, check; one row."""
    from tests.service.kills import Herd, attempts_of, environment, faults_of, open_prison

    service, version = open_prison(url, folder)
    port = _free_port()
    worker = [sys.executable, "-m", "tests.service.kill_worker", url, str(folder), arguments.task]
    server = [sys.executable, "-m", "benchmarks.kills", SERVER, str(port), arguments.task]
    luck = random.Random(arguments.seed)  # noqa: S311 - chance, not secrets
    herd = Herd([server, *[worker] * arguments.workers], environment(url, folder), luck)
    starter = _Starter(port, version.scenario_id, arguments.jobs)
    began = time.monotonic()
    herd.start()
    try:
        starter.thread.start()
        _kill(herd, service, starter, arguments)
    finally:
        herd.stop()
    faults = faults_of(service, starter.accepted) + starter.refused
    attempts = attempts_of(service)
    if len(attempts) != arguments.jobs:
        faults.append(f"{len(attempts)} runs for {arguments.jobs} requests")
    if herd.kills < arguments.kills:
        faults.append(f"only {herd.kills} kills found somebody at work")
    service.database.close()
    return {
        "task": arguments.task,
        "jobs": arguments.jobs,
        "accepted": len(starter.accepted),
        "requests": starter.requests,
        "kills": herd.kills,
        "kills_of_servers": herd.killed.get(0, 0),
        "attempts": dict(sorted(Counter(attempts).items())),
        "faults": faults,
        "seconds": round(time.monotonic() - began, 1),
        "seed": arguments.seed,
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
    }


def _kill(herd: Any, service: Any, starter: "_Starter", arguments: argparse.Namespace) -> None:
    """Kill at random moments of the whole until every run has been started and has ended."""
    from tests.service.kills import kill_until

    last = LAST_KILL * arguments.jobs
    moments = sorted(herd.luck.uniform(0, last) for _ in range(arguments.kills))
    kill_until(herd, service, lambda: not starter.thread.is_alive(), moments, PATIENCE_SECONDS)


class _Starter:
    """Starts runs over HTTP, each with a key of its own, until every one was accepted."""

    def __init__(self, port: int, scenario_id: str, jobs: int) -> None:
        self.accepted: list[str] = []
        self.refused: list[str] = []
        self.requests = 0
        self.thread = threading.Thread(target=self._start_all, daemon=True)
        self._port, self._scenario_id, self._jobs = port, scenario_id, jobs

    def _start_all(self) -> None:
        keys = deque(f"job-{number}" for number in range(self._jobs))
        while keys:
            key = keys.popleft()
            if not self._start(key):
                keys.append(key)
                time.sleep(AGAIN_SECONDS)

    def _start(self, key: str) -> bool:
        """True once the run exists, whether or not its answer got lost with a server."""
        options = {"effort": "quick", "workers": 1}
        body = {"kind": "plan", "scenario_id": self._scenario_id, "options": options}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/v1/runs",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Idempotency-Key": key},
        )
        self.requests += 1
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                self.accepted.append(json.load(answer)["run_id"])
        except urllib.error.HTTPError as error:
            code = json.load(error)["code"]
            if code not in {"idempotency_in_progress", "idempotency_answer_lost"}:
                self.refused.append(f"request refused: {error.code} {code}")
                return True
            return bool(code == "idempotency_answer_lost")
        except GONE:
            return False
        return True


def _serve(port: str, task: str) -> None:
    """The service as `allocator serve` runs it, with a worker of its own and one known caller."""
    import uvicorn

    from allocator.api.app import create_app
    from allocator.api.identity import identify
    from allocator.service.queue.worker import Worker
    from allocator.service.root import open_service
    from allocator.service.settings import read_settings
    from tests.service.kill_worker import TASKS
    from tests.service.runs import PLANNER

    service = open_service(read_settings(port=int(port)))
    app = create_app(service, [Worker(service, make_task=TASKS[task])])
    app.dependency_overrides[identify] = lambda: PLANNER
    uvicorn.run(app, port=int(port), log_level="error", access_log=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
