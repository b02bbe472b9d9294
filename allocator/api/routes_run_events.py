"""News of a run as server-sent events, resumable by `Last-Event-ID`."""

import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from allocator.api.examples import problems
from allocator.api.identity import ServiceOf, allow
from allocator.api.shared_news import SharedNews
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.queue import reading
from allocator.service.queue.events import FINAL
from allocator.service.queue.reading import RunNews, RunView

ROUTER = APIRouter(prefix="/v1/runs", tags=["runs"])
Reader = Annotated[Caller, Depends(allow(Action.READ_RUN))]
POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 10.0
LONGEST_SECONDS = 300.0  # then the browser comes again, and must still be allowed to
RETRY_MILLISECONDS = 2000
LARGEST_NUMBER = 2**31 - 1
EXAMPLE = (
    "event: progress\n"
    'data: {"seconds":3.2,"stage":"search","tier":"exposure","values":[0,0,214],"bound":180}\n'
    "id: 3\n\n"
)
SeenOf = Annotated[
    int,
    Header(
        alias="Last-Event-ID",
        ge=0,
        le=LARGEST_NUMBER,
        description="Id of the last event seen; a browser sends it when it comes again.",
    ),
]


def seen_run(run_id: str, caller: Reader, service: ServiceOf) -> RunView:
    """The run, refused before the answer begins where it is not there."""
    return reading.find(service, caller, run_id)


@ROUTER.get(
    "/{run_id}/events",
    operation_id="follow_run",
    summary="Follow a run",
    response_class=EventSourceResponse,
    response_description="Events with ids; the last one is done, failed or cancelled.",
    responses={
        200: {"content": {"text/event-stream": {"example": EXAMPLE}}},
        **problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
async def follow_run(
    run: Annotated[RunView, Depends(seen_run)],
    request: Request,
    last_event_id: SeenOf = 0,
) -> AsyncIterator[ServerSentEvent]:
    """News as they come: queued, running, progress with values and bound, and how it ended.

    Somebody who has already seen the last event gets it again, and so learns to stop asking.
    """
    state = request.app.state
    shared: SharedNews = state.news
    ends = time.monotonic() + LONGEST_SECONDS
    seen, is_final, quiet = last_event_id, run.is_final, time.monotonic()
    yield ServerSentEvent(comment="follows", retry=RETRY_MILLISECONDS)
    while time.monotonic() < ends and not state.ending.is_set():
        news = await shared.after(run.run_id, seen)
        if not news and is_final:
            news = await shared.after(run.run_id, max(0, seen - 1))
            is_final = False
        for entry in news:
            seen, quiet = entry.number, time.monotonic()
            yield _event(entry)
            if entry.kind in FINAL:
                return
        if time.monotonic() - quiet > HEARTBEAT_SECONDS:
            quiet = time.monotonic()
            yield ServerSentEvent(comment="waiting")
        await anyio.sleep(POLL_SECONDS)


def _event(entry: RunNews) -> ServerSentEvent:
    data = {**entry.data, "at": entry.at.isoformat()}
    return ServerSentEvent(data=data, event=str(entry.kind), id=str(entry.number))
