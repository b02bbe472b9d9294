"""Servers, workers and solvers killed with SIGKILL while runs are started and carried out.

    python -m benchmarks.kills --database both --task plan --jobs 200 --kills 100

Everything runs as officers run it: `allocator user add`, `allocator key add`, `allocator serve` and
`allocator worker`, each a process. An account and a key start runs over HTTP by turns, with an
`Idempotency-Key` each, and again with the same key whenever a server is gone before it answers.
Then everything must have ended: no run lost or left, no plan lost or doubled, every event numbered,
no process left over, the audit log whole; and an attempt after a kill must go on from the last
placement that was kept, which the judge compares with the plan of the run. One JSON line for each
database; exit code 1 where something is wrong.

`--task plan` plans a shipped prison of 128 women for some seconds; `--task moment` one of two
people, in which kills hit starts, ends and the queue itself more often.
"""

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocator.jobs.scenario_output import source_document
from allocator.service.root import Service, open_service
from benchmarks import kills_herd
from benchmarks.kills_orders import Client, Starter
from benchmarks.kills_resumed import Resumptions
from tests.scenario_documents import document
from tests.service.free_port import free_port
from tests.service.kills import (
    attempts_of,
    ended_of,
    environment,
    faults_of,
    kill_until,
    settings_of,
)
from tests.service.postgres import find_programs, running_server

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 7200.0
PAUSE_SHARE = 1.5  # of a solve: a kill hits it anywhere, and what comes before and after it
LAST_KILL = 0.9  # of the runs: so that the last kills find somebody at work
PASSWORD = "nine slow barges on a canal"  # noqa: S105 - of an account that lives as long as this
COMMAND = (sys.executable, "-m", "allocator.cli")
WHO = ("--role", "planner", "--facility", "*", "--json")


@dataclass(frozen=True)
class Task:
    """What every run plans, and how long a killer waits at the most, in seconds."""

    scenario: Mapping[str, Any]
    options: Mapping[str, Any]
    pause: float


def task_of(name: str, seconds: float) -> Task:
    """The task of an option, whose solves last so long where they are long at all."""
    options = {"effort": "quick", "workers": 1}
    if name == "moment":
        return Task(document(), options, 1.0)
    women = source_document(ROOT / "scenarios" / "f20_women")
    long = {"effort": "normal", "time_limit_seconds": seconds}
    return Task(women, options | long, PAUSE_SHARE * seconds)


def main() -> None:
    """Do what the command line asks."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    arguments = _arguments()
    kinds = ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,)
    faults = 0
    for kind in kinds:
        with _database(kind) as (url, folder):
            row = _measure(url, folder, arguments)
        print(json.dumps({"database": kind, **row}), flush=True)
        faults += len(row["faults"])
    sys.exit(int(faults > 0))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1, help="beside the server's own")
    parser.add_argument("--task", choices=("plan", "moment"), default="plan")
    parser.add_argument("--seconds", type=float, default=8.0, help="of a solve of --task plan")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    """An empty database and a folder."""
    from sqlalchemy import create_engine, text

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
            engine = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {database}"))
            engine.dispose()
            yield address.format(name=database), folder


def _measure(url: str, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Start, kill, wait, check; one row."""
    task, port = task_of(arguments.task, arguments.seconds), free_port()
    found = environment(url, folder) | {"ALLOCATOR_LOG_LEVEL": "warning"}
    herd = _herd(port, found, task, arguments)
    began = time.monotonic()
    _command(found, "user", "add", "kills", *WHO, "--password-stdin", given=f"{PASSWORD}\n")
    token = _command(found, "key", "add", "kills", *WHO)["token"]
    herd.start()
    try:
        clients = _clients(port, token)
        scenario_id = clients[0].ask("POST", "/v1/scenarios", task.scenario)["scenario_id"]
        body = {"kind": "plan", "scenario_id": scenario_id, "options": task.options}
        service = open_service(settings_of(url, folder))
        starter = Starter(clients, body, arguments.jobs, lambda: ended_of(service))
        resumed = Resumptions(service, task.scenario)
        herd.after_kill = resumed.look
        starter.thread.start()
        _kill(herd, service, starter, arguments)
    finally:
        herd.stop()
    row = _row(herd, resumed, starter, arguments)
    log = _command(found, "audit", "verify", "--json")
    row["faults"] += [f"audit verify: {fault}" for fault in log["faults"]]
    service.database.close()
    return row | {
        "audit_entries": int(log["head"].partition(":")[0]),
        "seconds": round(time.monotonic() - began, 1),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
    }


def _herd(
    port: int, found: dict[str, str], task: Task, arguments: argparse.Namespace
) -> kills_herd.Service:
    server = [*COMMAND, "serve", "--port", str(port), "--workers", "1"]
    worker = [*COMMAND, "worker", "--slots", "1"]
    luck = random.Random(arguments.seed)  # noqa: S311 - chance, not secrets
    mark = f"ALLOCATOR_DATA_FOLDER={found['ALLOCATOR_DATA_FOLDER']}"
    commands = [server, *[worker] * arguments.workers]
    return kills_herd.Service(commands, found, luck, pause=(0.0, task.pause), mark=mark)


def _clients(port: int, token: str) -> tuple[Client, Client]:
    """A program with a key, and somebody signed in."""
    program = Client(port, {"Authorization": f"Bearer {token}"})
    program.wait_until_ready()
    return program, Client(port, {}).signed_in("kills", PASSWORD)


def _command(found: dict[str, str], *words: str, given: str | None = None) -> Any:
    """What a command prints with --json."""
    done = subprocess.run(
        [*COMMAND, *words], env=found, cwd=ROOT, input=given, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if not done.stdout:
        sys.exit(f"allocator {words[0]} {words[1]}: {done.stderr}")
    return json.loads(done.stdout)


def _kill(
    herd: kills_herd.Service, service: Service, starter: Starter, arguments: argparse.Namespace
) -> None:
    """Kill at random moments of the whole until every run has been started and has ended."""
    last = LAST_KILL * arguments.jobs
    moments = sorted(herd.luck.uniform(0, last) for _ in range(arguments.kills))
    kill_until(herd, service, lambda: not starter.thread.is_alive(), moments, PATIENCE_SECONDS)


def _row(
    herd: kills_herd.Service, resumed: Resumptions, starter: Starter, arguments: argparse.Namespace
) -> dict[str, Any]:
    attempts = attempts_of(resumed.service)
    faults = [*faults_of(resumed.service, starter.accepted), *starter.refused, *resumed.faults()]
    faults += [*herd.orphans, *herd.left_over()]
    if len(attempts) != arguments.jobs:
        faults.append(f"{len(attempts)} runs for {arguments.jobs} requests")
    counts = resumed.counts()
    if arguments.task == "plan" and not counts["from_an_incumbent"]:
        faults.append("no attempt went on from a placement")
    if herd.kills < arguments.kills:
        faults.append(f"only {herd.kills} kills found somebody at work")
    return {
        "task": arguments.task,
        "jobs": arguments.jobs,
        "accepted": len(starter.accepted),
        "requests": starter.requests,
        "kills": herd.kills,
        "killed": {str(kind): count for kind, count in sorted(herd.by_kind.items())},
        "attempts": dict(sorted(Counter(attempts).items())),
        **counts,
        "longest_orphan_seconds": round(herd.longest_orphan_seconds, 2),
        "faults": faults,
        "seed": arguments.seed,
    }


if __name__ == "__main__":
    main()
