"""What stands before every request: own host and origin, bounded bodies, safe headers, a log line.

The outermost middleware. It gives the request its ids, answers what may not come in, and lets no
error leave that might quote a person.
"""

import asyncio
import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from allocator.api.access_log import note_request
from allocator.api.body_shape import shape_fault
from allocator.api.content_policy import content_policy
from allocator.api.header_checks import Refusal, refusal_of
from allocator.api.problems import error_response, simple_problem
from allocator.api.request_id import HEADER, checked_or_new
from allocator.api.trace_context import RESPONSE, trace_of
from allocator.jobs.child import MEBIBYTE
from allocator.service.settings import LOOPBACK_HOSTS, Settings
from allocator.service.tracing import in_trace

SECURE_HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
BODY_SECONDS = 60
SMALL_BODY = 64 * 1024
MOST_ANONYMOUS_BYTES = 4 * MEBIBYTE
CLIENT_LEFT = 499


@dataclass(frozen=True, slots=True)
class GuardRules:
    """What may come in.

    Parameters
    ----------
    hosts : names under which the service answers; an IPv6 address in brackets.
    is_production : browsers come over TLS.
    """

    hosts: frozenset[str] = LOOPBACK_HOSTS | {"[::1]"}
    max_body_bytes: int = 64 * MEBIBYTE
    is_production: bool = False


def rules_of(settings: Settings) -> GuardRules:
    """The rules that the settings ask for."""
    hosts = frozenset(host.lower() for host in settings.public_hosts)
    return GuardRules(hosts, settings.max_body_mib * MEBIBYTE, settings.is_production)


class Guard:
    """ASGI middleware, the outermost one."""

    def __init__(self, app: ASGIApp, rules: GuardRules | None = None) -> None:
        self.app = app
        self.rules = rules or GuardRules()
        self.headers = SECURE_HEADERS | (OVER_TLS if self.rules.is_production else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, trace = checked_or_new(Headers(scope=scope).get(HEADER)), trace_of(scope)
        state = scope.setdefault("state", {})
        state["request_id"], state["trace_id"] = request_id, trace.trace_id
        ids = {HEADER: request_id, RESPONSE: trace.response_header()}
        answer = _Answer(send, self.headers | ids)
        began = time.perf_counter()
        with in_trace(trace.trace_id):
            try:
                await self._answer(scope, receive, answer)
            finally:
                note_request(scope, answer.status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        rules = self.rules
        refusal = refusal_of(scope, rules.hosts, is_production=rules.is_production)
        if refusal is None and _has_body(scope):
            body, refusal = await self._read(scope, receive)
            if body is None and refusal is None:
                return
            receive = _replay(body or b"", receive)
        if refusal is not None:
            problem = simple_problem(
                refusal.status, refusal.words, scope["path"], code=refusal.code
            )
            await problem(scope, receive, answer.send)
            return
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 - a traceback in the log might quote a person
            response = error_response(error, scope["path"])
            if not answer.has_begun:
                await response(scope, receive, answer.send)

    async def _read(self, scope: Scope, receive: Receive) -> tuple[bytes | None, Refusal | None]:
        """The body, or why it is refused; neither when the client has left."""
        headers = Headers(scope=scope)
        most = self.rules.max_body_bytes
        if "authorization" not in headers and "cookie" not in headers:
            most = min(most, MOST_ANONYMOUS_BYTES)
        too_large = Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request is larger than {most} bytes."
        )
        if int(headers.get("content-length", "0")[:20]) > most:
            return None, too_large
        parts = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None, None
                    parts += message.get("body", b"")
                    if len(parts) > most:
                        return None, too_large
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            return None, Refusal(HTTPStatus.REQUEST_TIMEOUT, "The body did not come in time.")
        body = bytes(parts)
        return body, await _bad_body(body, headers.get("content-type", ""))


class _Answer:
    """What is sent back: remembers the status and adds our headers."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send, self._headers = send, headers
        self.status = CLIENT_LEFT
        self.has_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.has_begun = message["status"], True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


async def _bad_body(body: bytes, media_type: str) -> Refusal | None:
    if "json" not in media_type.lower():
        return None
    fault = (
        shape_fault(body) if len(body) < SMALL_BODY else await run_in_threadpool(shape_fault, body)
    )
    return Refusal(HTTPStatus.BAD_REQUEST, fault) if fault else None


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once, then what comes after it: that the client leaves."""
    waiting = [body]

    async def replayed() -> MutableMapping[str, Any]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed
