"""`python -m tests.service.kill_worker DATABASE FOLDER [TASK]`: a worker to be killed.

It imports nothing at once, because each of its children imports it again.
"""

import json
import sys
from pathlib import Path
from typing import Any

WORK_SECONDS = 0.3
RESULT_FILE = "result.json"


def a_moment(service: Any, _run_id: str) -> Any:
    """A task that is long enough to be hit, with a plan that was made before."""
    from tests.service.tasks import Ready

    text = (service.settings.data_folder / RESULT_FILE).read_text("utf-8")
    return Ready(json.loads(text), WORK_SECONDS)


def a_plan(service: Any, run_id: str) -> Any:
    """The run's own task, with the solver."""
    from allocator.service.queue.kinds import task_of

    return task_of(service, run_id)


TASKS = {"moment": a_moment, "plan": a_plan}


def main(database_url: str, folder: str, task: str = "moment") -> None:
    """Work until SIGTERM."""
    import signal
    import threading

    from allocator.service.queue.worker import Worker
    from allocator.service.root import open_service
    from tests.service.kills import settings_of

    service = open_service(settings_of(database_url, Path(folder)))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(service, make_task=TASKS[task]).run_until(stop)
    service.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
