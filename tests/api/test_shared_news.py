"""Those who follow a run share the reads of its news."""

import asyncio

import pytest

from allocator.api import shared_news
from allocator.api.shared_news import SharedNews
from allocator.service.queue.leases import claim
from allocator.service.queue.reading import RunNews, news_after
from allocator.service.root import Service
from tests.service.conftest import clock, make_service, sqlite_service
from tests.service.runs import submit

__all__ = ["clock", "make_service", "sqlite_service"]
WATCHERS = 50


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was read of the database."""
    found: list[tuple[str, int]] = []

    def read(service: Service, run_id: str, number: int) -> tuple[RunNews, ...]:
        found.append((run_id, number))
        return news_after(service, run_id, number)

    monkeypatch.setattr(shared_news, "news_after", read)
    return found


def test_fifty_who_have_seen_the_same_are_one_read(
    sqlite_service: Service, reads: list[tuple[str, int]]
) -> None:
    first, second = submit(sqlite_service).run_id, submit(sqlite_service).run_id

    async def follow() -> None:
        shared = SharedNews(sqlite_service)
        asked = [shared.after(run_id, 0) for run_id in [first, second] * WATCHERS]
        told = await asyncio.gather(*asked)
        assert [[event.number for event in news] for news in told] == [[1]] * 2 * WATCHERS
        assert await shared.after(first, 1) == ()

    asyncio.run(follow())
    assert sorted(reads) == sorted([(first, 0), (second, 0), (first, 1)])


def test_news_are_no_older_than_half_a_second(
    sqlite_service: Service, reads: list[tuple[str, int]]
) -> None:
    run_id = submit(sqlite_service).run_id

    async def follow() -> None:
        shared = SharedNews(sqlite_service)
        assert len(await shared.after(run_id, 0)) == 1
        claim(sqlite_service, "f" * 32)
        await asyncio.sleep(shared_news.FRESH_SECONDS)
        assert len(await shared.after(run_id, 0)) == 2

    asyncio.run(follow())
    assert len(reads) == 2


def test_who_leaves_takes_no_news_from_the_others(sqlite_service: Service) -> None:
    run_id = submit(sqlite_service).run_id

    async def follow() -> None:
        shared = SharedNews(sqlite_service)
        leaves = asyncio.create_task(shared.after(run_id, 0))
        stays = asyncio.create_task(shared.after(run_id, 0))
        await asyncio.sleep(0)
        leaves.cancel()
        assert len(await stays) == 1
        assert leaves.cancelled()

    asyncio.run(follow())
