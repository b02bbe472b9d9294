"""What stands before every request: own machine, own origin, bounded bodies, safe headers.

Checking the Host header stops DNS rebinding; checking Origin and Sec-Fetch-Site stops other web
pages from using the service through a planner's browser.
"""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from allocator.api.problems import error_response, simple_problem

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
OWN_FETCHES = frozenset({"same-origin", "none"})
SECURE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware, the outermost one."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_secure_headers(send)
        refusal = self._refusal(Headers(scope=scope))
        if refusal is not None:
            status, words = refusal
            await simple_problem(status, words, scope["path"])(scope, receive, send)
            return
        try:
            await self.app(scope, self._limited(receive), send)
        except Exception as error:  # noqa: BLE001 - a traceback in the log might quote a person
            await error_response(error, scope["path"])(scope, receive, send)

    def _refusal(self, headers: Headers) -> tuple[HTTPStatus, str] | None:
        host = headers.get("host", "")
        if host_name(host) not in HOSTS:
            return HTTPStatus.MISDIRECTED_REQUEST, "The service answers on this machine only."
        origin = headers.get("origin")
        fetch = headers.get("sec-fetch-site", "none")
        if (origin is not None and origin != f"http://{host}") or fetch not in OWN_FETCHES:
            return HTTPStatus.FORBIDDEN, "Requests from other web pages are refused."
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self.max_body_bytes:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._too_large()
        return None

    def _limited(self, receive: Receive) -> Receive:
        total = 0

        async def limited() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self.max_body_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._too_large())
            return message

        return limited

    def _too_large(self) -> str:
        return f"The request is larger than {self.max_body_bytes} bytes."


def host_name(host: str) -> str:
    """The host of a Host header without its port; an IPv6 address keeps its brackets."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _with_secure_headers(send: Send) -> Send:
    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURE_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return secured
