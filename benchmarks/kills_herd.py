"""The processes of a service as officers run it, killed at random with their solvers (Linux)."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.service.kills import Herd

ORPHAN_SECONDS = 30.0
LOOK_SECONDS = 0.05
SOLVER = b"spawn_main"  # how Python starts a child that is no fork


class Victim(StrEnum):
    """What is killed: a server, a worker, or the process of one solve."""

    SERVER = "server"
    WORKER = "worker"
    SOLVER = "solver"


@dataclass
class Service(Herd):
    """A server and workers; the first command is the server's.

    Parameters
    ----------
    mark : an environment variable's `NAME=VALUE` that every process of this service has.
    after_kill : called when somebody was killed.
    """

    mark: str = ""
    by_kind: Counter[Victim] = field(default_factory=Counter)
    orphans: list[str] = field(default_factory=list)
    longest_orphan_seconds: float = 0.0
    after_kill: Callable[[], None] = lambda: None

    def kill_one(self, at_work: frozenset[int]) -> bool:
        """SIGKILL to the server, a worker that holds a run, or a solver: each kind as often."""
        found: dict[Victim, list[int]] = {
            Victim.SERVER: [0],
            Victim.WORKER: [n for n, p in enumerate(self.processes) if n and p.pid in at_work],
            Victim.SOLVER: [pid for p in self.processes for pid in solvers_of(p.pid)],
        }
        kind = self.luck.choice([kind for kind, victims in found.items() if victims])
        victim = self.luck.choice(found[kind])
        if kind is Victim.SOLVER:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                return False
            self.kills += 1
        else:
            self._kill_parent(victim)
        self.by_kind[kind] += 1
        self.after_kill()
        return True

    def _kill_parent(self, number: int) -> None:
        """Kill a process, start another in its place, and see that its children end too."""
        pid = self.processes[number].pid
        children = children_of(pid)
        super().kill_one(frozenset({pid}))
        began = time.monotonic()
        while alive := [child for child in children if self.is_ours(child)]:
            lived = time.monotonic() - began
            self.longest_orphan_seconds = max(self.longest_orphan_seconds, lived)
            if lived > ORPHAN_SECONDS:
                self.orphans += [f"process {child} outlived its parent {pid}" for child in alive]
                return
            time.sleep(LOOK_SECONDS)

    def left_over(self) -> list[str]:
        """Processes of this service that run though every parent was stopped."""
        deadline = time.monotonic() + ORPHAN_SECONDS
        while alive := [pid for pid in processes() if self.is_ours(pid)]:
            if time.monotonic() > deadline:
                return [f"process {pid} is left" for pid in alive]
            time.sleep(LOOK_SECONDS)
        return []

    def is_ours(self, pid: int) -> bool:
        """True of a process of this service that has not ended."""
        return self.mark.encode() in _read(pid, "environ").split(b"\0")


def solvers_of(pid: int) -> list[int]:
    """Processes in which a server or worker solves."""
    return [child for child in children_of(pid) if SOLVER in _read(child, "cmdline")]


def children_of(pid: int) -> list[int]:
    """Processes that a process has started and that have not ended."""
    return [other for other in processes() if _parent(other) == pid]


def processes() -> Iterator[int]:
    """Every process of this machine."""
    yield from (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())


def _parent(pid: int) -> int:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def _read(pid: int, name: str) -> bytes:
    """A file of /proc, empty when the process has ended or is another user's."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
