"""A task whose child process writes the same log lines as its worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allocator.jobs.child import ChildObserver, Task


@dataclass(frozen=True, slots=True)
class LoggedTask:
    """Does what a task does; every line of the log, of any thread, names the trace and the run."""

    task: Task
    level: str
    details: Mapping[str, str]

    def run(self, observer: ChildObserver, /) -> Any:
        """Do the work."""
        from allocator.service.operations.logs import configure_logs

        configure_logs(self.level, details=self.details)
        return self.task.run(observer)
