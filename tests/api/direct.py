"""Requests answered by the application on the thread that sends them, one after the other.

A `TestClient` starts a loop and a thread for each request, and the application hands each part of
it to another thread: twice the processor time, for nothing where a test is about answers.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, cast

import httpx2
from anyio import to_thread
from fastapi import FastAPI

from allocator.service.access.caller import Caller

OUR_FAULT = 500
WHO: ContextVar[Caller | None] = ContextVar("who")  # sends a request, where a test says so
_IS_DIRECT: ContextVar[bool] = ContextVar("is_direct", default=False)
_IN_A_THREAD = to_thread.run_sync


async def _run(work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Where a direct request is answered at once; elsewhere in a thread, as always."""
    if _IS_DIRECT.get():
        return work(*arguments)
    return await _IN_A_THREAD(work, *arguments, **options)


to_thread.run_sync = cast("Any", _run)


class DirectTransport(httpx2.BaseTransport):
    """What a client sends its requests with.

    Parameters
    ----------
    app : has no work in the background to start.
    run : runs one request to its end, in a loop of its own unless one is kept.
    who : is told to an application that asks `WHO`.
    """

    def __init__(
        self, app: FastAPI, run: Callable[..., Any] = asyncio.run, who: Caller | None = None
    ) -> None:
        self._app = app
        self._run = run
        self._who = who

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if _IS_DIRECT.get():  # sent while another request is answered
            with ThreadPoolExecutor(1) as other:
                return other.submit(asyncio.run, self._answer(request)).result()
        answer: httpx2.Response = self._run(self._answer(request))
        return answer

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        """The application's answer; what it raises besides is for its server."""
        _IS_DIRECT.set(True)
        WHO.set(self._who)
        told = [{"type": "http.request", "body": request.read()}]
        started: dict[str, Any] = {"status": OUR_FAULT, "headers": ()}
        body, is_complete = bytearray(), asyncio.Event()

        async def receive() -> Any:
            if told:
                return told.pop()
            await is_complete.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            elif request.method != "HEAD":
                body.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_complete.set()

        with suppress(Exception):
            await self._app(_scope(request), receive, send)
        return httpx2.Response(
            started["status"], headers=started["headers"], content=bytes(body), request=request
        )


def _scope(request: httpx2.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "root_path": "",
        "method": request.method, "scheme": url.scheme, "path": url.path,
        "raw_path": url.raw_path.split(b"?")[0], "query_string": url.query,
        "headers": [(key.lower(), value) for key, value in request.headers.raw],
        "server": (url.host, url.port), "client": ("127.0.0.1", 123),
    }  # fmt: skip
