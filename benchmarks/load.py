"""Officers at work: ``python -m benchmarks.load [--officers N] [--solves N] [--watchers N]``.

Starts ``allocator serve`` on loopback with an empty SQLite database, uploads a shipped prison of
about a thousand people, makes one plan, starts solves that last longer than the measurement, and
then has officers read plans and place people, each with a pause between two requests as a person
has. Watchers follow a run that is at work, each by server-sent events. Prints milliseconds by
operation, with the errors and the processor time of the server. Exit code 1 when one of the marks
is missed: median 100 ms, 99th percentile 500 ms, no error.
"""

import argparse
import contextlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from allocator.jobs.scenario_output import source_document
from allocator.service.access.api_keys import add_key
from allocator.service.access.caller import EVERYWHERE, operator_caller
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.root import open_service
from allocator.service.settings import read_settings
from benchmarks.place import percentile_99

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "f11_zabel"
MEDIAN_MS, P99_MS = 100.0, 500.0
START_SECONDS, PLAN_SECONDS = 60.0, 600.0
MOST_CONNECTIONS = 1000


@dataclass
class Seen:
    """Milliseconds and errors by operation, from all officers."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    news: list[int] = field(default_factory=list)


@contextlib.contextmanager
def served(workers: int) -> Iterator[tuple[httpx2.Client, int]]:
    """A service's process id, and a client of it that may upload, plan, read and place."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        grant = Grant(frozenset({Role.PLANNER}), frozenset({EVERYWHERE}))
        service = open_service(read_settings(data_folder=Path(folder)))
        token = add_key(service, operator_caller(), "load", grant).token
        service.database.close()
        environment = os.environ | {
            "ALLOCATOR_DATA_FOLDER": folder,
            "ALLOCATOR_RUNS_PER_MINUTE": "1000",
        }
        command = [sys.executable, "-m", "allocator.cli", "serve", "--port", str(port)]
        server = subprocess.Popen([*command, "--workers", str(workers)], env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            with httpx2.Client(
                base_url=address,
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
                limits=httpx2.Limits(max_connections=MOST_CONNECTIONS),
            ) as client:
                _wait_until_alive(client)
                yield client, server.pid
        finally:
            server.terminate()
            server.wait(60)


def _wait_until_alive(client: httpx2.Client) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.TransportError):
            if client.get("/livez").status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the service did not start")


def _posted(client: httpx2.Client, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    if answer.status_code >= 400:
        raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
    return answer.json()


def make_plan(client: httpx2.Client, scenario_id: str) -> str:
    """The id of a quick plan of the scenario."""
    body = {"kind": "plan", "scenario_id": scenario_id, "options": {"effort": "quick"}}
    run = _posted(client, "/v1/runs", body)
    deadline = time.monotonic() + PLAN_SECONDS
    while time.monotonic() < deadline:
        run = client.get(f"/v1/runs/{run['run_id']}").json()
        if run["state"] == "done":
            return str(run["plan_id"])
        if run["state"] in {"failed", "cancelled"}:
            raise SystemExit(json.dumps(run)[:500])
        time.sleep(0.5)
    raise SystemExit("the plan was not ready in time")


class Watcher(threading.Thread):
    """Follows a run until the time is over; counts its news."""

    def __init__(self, client: httpx2.Client, run_id: str, work: "Work") -> None:
        super().__init__(daemon=True)
        self.client, self.run_id, self.work = client, run_id, work

    def run(self) -> None:
        """Read events as a browser does."""
        count = 0
        try:
            with self.client.stream("GET", f"/v1/runs/{self.run_id}/events") as answer:
                for line in answer.iter_lines():
                    count += line.startswith("event: progress")
                    if time.monotonic() > self.work.ends_at:
                        break
        except httpx2.HTTPError as error:
            self.work.seen.errors.append(f"watch: {error!r}")
        self.work.seen.news.append(count)


def processor_seconds(pid: int) -> float:
    """What a process itself has used so far, without its children (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Officer(threading.Thread):
    """Reads a plan, a list, a report; places somebody; pauses; again."""

    def __init__(self, client: httpx2.Client, work: "Work", seed: int) -> None:
        super().__init__(daemon=True)
        self.client, self.work = client, work
        self.random = random.Random(seed)  # noqa: S311 - a workload, not a secret

    def run(self) -> None:
        """Until the time is over."""
        time.sleep(self.random.uniform(0, self.work.pause))
        while time.monotonic() < self.work.ends_at:
            self._ask(*self.random.choice(self.work.operations(self.random)))
            time.sleep(self.random.uniform(0.5, 1.5) * self.work.pause)

    def _ask(self, name: str, method: str, path: str, body: Any) -> None:
        started = time.perf_counter()
        try:
            answer = self.client.request(method, path, json=body)
            words = "" if answer.status_code < 400 else f"{answer.status_code} {answer.text[:200]}"
        except httpx2.HTTPError as error:
            words = repr(error)
        self.work.seen.milliseconds[name].append(1000 * (time.perf_counter() - started))
        if words:
            self.work.seen.errors.append(f"{name}: {words}")


@dataclass
class Work:
    """What officers ask of one scenario and one plan until a time."""

    scenario_id: str
    plan_id: str
    people: list[str]
    pause: float
    ends_at: float
    seen: Seen = field(default_factory=Seen)

    def operations(self, chance: random.Random) -> list[tuple[str, str, str, Any]]:
        """One of each kind; placements as often as all reading of plans."""
        place = f"/v1/scenarios/{self.scenario_id}/placements"
        body = {"person_id": chance.choice(self.people)}
        placing: list[tuple[str, str, str, Any]] = [("place", "POST", place, body)]
        plan = f"/v1/plans/{self.plan_id}"
        reading: list[tuple[str, str, str, Any]] = [
            ("plan", "GET", plan, None),
            ("document", "GET", f"{plan}/document", None),
            ("plans", "GET", "/v1/plans", None),
            ("runs", "GET", "/v1/runs", None),
        ]
        return [*placing * len(reading), *reading]


def measure(client: httpx2.Client, pid: int, options: argparse.Namespace) -> Seen:
    """Let the officers work while the solves run."""
    document = source_document(SCENARIO)
    scenario_id = _posted(client, "/v1/scenarios", document)["scenario_id"]
    plan_id = make_plan(client, scenario_id)
    body = {"kind": "plan", "scenario_id": scenario_id, "options": {"effort": "thorough"}}
    solves = [_posted(client, "/v1/runs", body)["run_id"] for _ in range(options.solves)]
    people = [str(person["person_id"]) for person in document["people"]]
    _posted(client, f"/v1/scenarios/{scenario_id}/placements", {"person_id": people[0]})
    time.sleep(10 if options.solves else 0)  # children import and begin
    ends_at = time.monotonic() + options.seconds
    work = Work(scenario_id, plan_id, people, options.pause, ends_at)
    officers = [Officer(client, work, seed) for seed in range(options.officers)]
    followed = [solves[number % len(solves)] for number in range(options.watchers)]
    watchers = [Watcher(client, run_id, work) for run_id in followed]
    used = processor_seconds(pid)
    for thread in (*officers, *watchers):
        thread.start()
    time.sleep(options.seconds)
    share = (processor_seconds(pid) - used) / options.seconds
    for thread in (*officers, *watchers):
        thread.join(START_SECONDS)
    print(f"  the server used {100 * share:.1f} % of a processor")
    print(f"  news of each watcher: {sorted(work.seen.news)[:1]} to {sorted(work.seen.news)[-1:]}")
    running = client.get("/v1/runs", params={"limit": 50}).json()["runs"]
    print(f"  solves still running at the end: {sum(r['state'] == 'running' for r in running)}")
    return work.seen


def show(seen: Seen) -> bool:
    """Print the figures; True when the marks are kept."""
    everything = [ms for values in seen.milliseconds.values() for ms in values]
    for name, values in [*sorted(seen.milliseconds.items()), ("all", everything)]:
        median, p99 = statistics.median(values), percentile_99(values)
        print(
            f"  {name:<10} median {median:8.1f}  p99 {p99:8.1f}  most {max(values):8.1f} ms"
            f"  ({len(values)} requests)"
        )
    print(f"  errors: {len(seen.errors)}")
    for words in seen.errors[:5]:
        print(f"    {words}")
    is_quick = statistics.median(everything) <= MEDIAN_MS and percentile_99(everything) <= P99_MS
    return is_quick and not seen.errors


def main() -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--officers", type=int, default=50)
    parser.add_argument("--solves", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--watchers", type=int, default=0, help="who follow the solves")
    parser.add_argument("--pause", type=float, default=5.0, help="mean seconds between requests")
    options = parser.parse_args()
    print(
        f"{options.officers} officers, a request every {options.pause} s each, "
        f"{options.solves} solves, {options.watchers} watchers, {options.seconds:.0f} s, "
        f"{os.cpu_count()} cores"
    )
    with served(max(1, options.solves)) as (client, pid):
        return int(not show(measure(client, pid, options)))


if __name__ == "__main__":
    sys.exit(main())
