"""From `allocator serve` to work: ``python -m benchmarks.serve_start [--runs N]``.

Starts the service again and again on a folder that holds one shipped prison, and prints the seconds
until `/readyz` says that it can take work, the milliseconds of the first urgent placement, asked
`--pause` seconds later, and of the first one on a version uploaded `--pause` seconds before.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from allocator.jobs.scenario_output import source_document
from allocator.service.access.api_keys import add_key
from allocator.service.access.caller import EVERYWHERE, operator_caller
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.root import open_service
from allocator.service.scenarios import upload
from allocator.service.settings import read_settings
from benchmarks.kills_orders import Client
from benchmarks.place import SCENARIOS
from benchmarks.place_http import OFFICER
from tests.service.free_port import free_port

COMMAND = (sys.executable, "-m", "allocator.cli", "serve", "--workers", "1", "--port")


def main() -> int:
    """Measure some starts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="f11_zabel")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pause", type=float, default=5.0)
    options = parser.parse_args()
    document = source_document(SCENARIOS / options.scenario)
    with tempfile.TemporaryDirectory() as folder:
        service = open_service(read_settings(data_folder=Path(folder)))
        scenario_id = upload(service, OFFICER, document).scenario_id
        grant = Grant(frozenset({Role.PLANNER}), frozenset({EVERYWHERE}))
        token = add_key(service, operator_caller(), "start", grant).token
        service.database.close()
        rows = [_start(folder, token, scenario_id, document, options) for _ in range(options.runs)]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {options.scenario}")
    names = ("ready, s", "first placement after the start, ms", "after an upload, ms")
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        middle = statistics.median(values)
        print(f"  {name}: least {min(values):.2f} median {middle:.2f} most {max(values):.2f}")
    return 0


def _start(
    folder: str, token: str, scenario_id: str, document: dict[str, Any], options: argparse.Namespace
) -> tuple[float, float, float]:
    """Seconds until ready, and milliseconds of the two first placements."""
    port = free_port()
    client = Client(port, {"Authorization": f"Bearer {token}"})
    found = os.environ | {"ALLOCATOR_DATA_FOLDER": folder, "ALLOCATOR_LOG_LEVEL": "warning"}
    began = time.perf_counter()
    server = subprocess.Popen([*COMMAND, str(port)], env=found, stderr=subprocess.DEVNULL)
    try:
        client.wait_until_ready(0.02)
        ready = time.perf_counter() - began
        time.sleep(options.pause)
        first = _place(client, scenario_id, document)
        document["name"] = f"again {time.time()}"
        other = client.ask("POST", "/v1/scenarios", document)["scenario_id"]
        time.sleep(options.pause)
        return ready, first, _place(client, other, document)
    finally:
        server.terminate()
        server.wait(60)


def _place(client: Client, scenario_id: str, document: dict[str, Any]) -> float:
    body = {"person_id": str(document["people"][7]["person_id"])}
    began = time.perf_counter()
    client.ask("POST", f"/v1/scenarios/{scenario_id}/placements", body)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
