"""News of runs for all who follow them: those who have seen the same share one read."""

import asyncio
import time
from dataclasses import dataclass

from anyio import to_thread

from allocator.service.queue.reading import RunNews, news_after
from allocator.service.root import Service

FRESH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Read:
    """A read of the database that has begun, and when."""

    began: float
    news: asyncio.Task[tuple[RunNews, ...]]


class SharedNews:
    """Reads the news of a run at most once in half a second for all who have seen the same.

    It belongs to one event loop, whose threads read, and asks nobody for a role or a scope.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._reads: dict[tuple[str, int], _Read] = {}

    async def after(self, run_id: str, seen: int) -> tuple[RunNews, ...]:
        """Events after one, as they were within the last half second."""
        now, key = time.monotonic(), (run_id, seen)
        found = self._reads.get(key)
        if found is None or not _is_fresh(found, now):
            self._reads = {k: read for k, read in self._reads.items() if _is_fresh(read, now)}
            found = self._reads[key] = _Read(now, asyncio.create_task(self._read(*key)))
        return await asyncio.shield(found.news)  # others wait for it when this one leaves

    async def _read(self, run_id: str, seen: int) -> tuple[RunNews, ...]:
        """Read in a thread, so that the loop is free."""
        return await to_thread.run_sync(news_after, self._service, run_id, seen)


def _is_fresh(read: _Read, now: float) -> bool:
    """True of a read of this loop that began just now, or has not ended."""
    is_ours = read.news.get_loop() is asyncio.get_running_loop()
    return is_ours and (now - read.began < FRESH_SECONDS or not read.news.done())
