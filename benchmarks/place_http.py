"""Urgent placements over HTTP: ``python -m benchmarks.place_http [SCENARIO] [--people N]``.

Starts the service on a free port of this machine with SQLite in a temporary folder, uploads a
scenario, and asks for five judged offers for one person after another, each noted in the audit log.
Prints what the first answer took (it loads the prison), then median, 99th percentile and largest
milliseconds; exit code 1 when the 99th percentile is 150 ms or more.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import uvicorn

from allocator.api.app import create_app
from allocator.api.identity import identify
from allocator.jobs.scenario_output import source_document
from allocator.jobs.task import read_source
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service, open_service
from allocator.service.settings import read_settings
from benchmarks.place import SCENARIOS, asked, row, timed

MOST_MS = 150.0
OFFICER = Caller("key:bench", "bench", frozenset({Role.OFFICER, Role.PLANNER}), frozenset({"*"}))
START_SECONDS = 30


@contextmanager
def serving(service: Service) -> Iterator[int]:
    """The service in a thread; yields its port."""
    app = create_app(service)
    app.dependency_overrides[identify] = lambda: OFFICER
    config = uvicorn.Config(app, port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def place(connection: HTTPConnection, scenario_id: str, person_id: str) -> int:
    """Ask for five offers; how many there are."""
    body = json.dumps({"person_id": person_id})
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"/v1/scenarios/{scenario_id}/placements", body, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    if response.status != 200 or not answer["verified"]:
        message = f"{response.status}: {answer}"
        raise SystemExit(message)
    return len(answer["offers"])


def main() -> int:
    """Measure one scenario."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="f11_zabel")
    parser.add_argument("--people", type=int, default=200)
    options = parser.parse_args()
    document = source_document(SCENARIOS / options.scenario)
    ids = asked(read_source(document), options.people)
    with tempfile.TemporaryDirectory() as folder:
        service = open_service(read_settings(data_folder=Path(folder), embedded_workers=0))
        scenario_id = scenarios.upload(service, OFFICER, document).scenario_id
        with serving(service) as port:
            connection = HTTPConnection("127.0.0.1", port)
            first, _ = timed(lambda: place(connection, scenario_id, ids[0]))
            found = [timed(lambda i=i: place(connection, scenario_id, i)) for i in ids[1:]]  # type: ignore[misc]
        service.database.close()
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{options.scenario}: the first answer {first:.0f} ms; {sum(n for _, n in found)} offers")
    return int(row("place over HTTP", [ms for ms, _ in found]) >= MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
