"""`python -m tests.service.kill_worker`: a worker to be killed, with the settings it is started in.

It imports nothing at once, because each of its children imports it again, and nothing of pytest.
"""

import json
from typing import Any

WORK_SECONDS = 0.3
RESULT_FILE = "result.json"


def a_moment(service: Any, _run_id: str) -> Any:
    """A task that is long enough to be hit, with a plan that was made before."""
    from tests.service.tasks import Ready

    text = (service.settings.data_folder / RESULT_FILE).read_text("utf-8")
    return Ready(json.loads(text), WORK_SECONDS)


def main() -> None:
    """Work until SIGTERM."""
    import signal
    import threading

    from allocator.service.queue.worker import Worker
    from allocator.service.root import open_service
    from allocator.service.settings import read_settings

    service = open_service(read_settings())
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(service, make_task=a_moment).run_until(stop)
    service.database.close()


if __name__ == "__main__":
    main()
