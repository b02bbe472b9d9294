"""Workers killed with SIGKILL at random moments: every run ends, no plan is lost or doubled."""

import random
import sys
from pathlib import Path

from tests.service.kills import (
    Herd,
    attempts_of,
    environment,
    faults_of,
    kill_until,
    open_prison,
)
from tests.service.runs import submit

RUNS = 5
KILLS = 2
WORKERS = 2
SEED = 7


def test_killed_workers_lose_and_double_nothing(database_url: str, tmp_path: Path) -> None:
    service, version = open_prison(database_url, tmp_path)
    accepted = [submit(service, version).run_id for _ in range(RUNS)]
    command = [sys.executable, "-m", "tests.service.kill_worker"]
    luck = random.Random(SEED)  # noqa: S311 - chance, not secrets
    herd = Herd([command] * WORKERS, environment(database_url, tmp_path), luck)
    herd.start()
    try:
        kill_until(herd, service, lambda: True, range(KILLS), patience=300)
    finally:
        herd.stop()
    assert herd.kills == KILLS
    assert faults_of(service, accepted) == []
    attempts = attempts_of(service)
    assert (len(attempts), max(attempts) > 1) == (RUNS, True)
    service.database.close()
