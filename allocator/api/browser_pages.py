"""What a browser is shown where a tool gets JSON: the same answer as a page, with a way back.

An answer that a person navigated to (`Accept: text/html`), or that a form of theirs got, becomes
a page: its own where there is one, and of any other nothing is left out. Of a refusal the page
says what to do. Descriptions for programs stay as they are.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from allocator import __version__
from allocator.api.access_log import route_of
from allocator.api.content_policy import policy_of_page
from allocator.api.drawn_pages import drawn
from allocator.api.media_types import FORM, media_type
from allocator.api.refusals import refused_as
from allocator.api.routes_reports import page_of_run, with_way_back
from allocator.report.diff import render_diff_html
from allocator.report.explanation import render_explanation_html
from allocator.report.move_sheet import render_order_html
from allocator.service.errors import OlderFormError
from allocator.service.queue.options import RunKind

FOR_PROGRAMS = frozenset({"/openapi.json", "/v1/schema"})
JSON_TYPES = frozenset({"application/json", "application/problem+json"})
AS_JSON = "as=json"
REPORT = "/v1/runs/{run_id}/report"
ROWS_SHOWN = 500
CODED = frozenset(
    {
        "action",
        "after",
        "before",
        "decision",
        "kind",
        "outcome",
        "reason",
        "state",
        "status",
        "tier",
    }
)
_PLAN = re.compile(r"(?:/v1)?/plans/([0-9a-f]{32})(?:/.*)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
PAGES = Environment(
    loader=PackageLoader("allocator.api", "templates"), autoescape=True, auto_reload=False
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What was visited: address, a title in words, and where a list goes on ("" for nowhere).

    `route` : the template of the address, "" where no page of its own is wanted.
    `query` : of the address, as it was sent.
    """

    path: str
    title: str
    following: str = ""
    route: str = ""
    query: str = ""

    @property
    def answer(self) -> str:
        """Address of the answer that a browser is shown, which for a report of a run is another."""
        return self.path.removesuffix("report") + "result" if self.route == REPORT else self.path

    @property
    def as_json(self) -> str:
        """The same for a person who wants what a tool gets."""
        kept = f"{self.query}&" if self.query else ""
        return f"{self.answer}?{kept}{AS_JSON}"

    @property
    def plan_id(self) -> str:
        """Id of the plan that the address belongs to, "" for none."""
        found = _PLAN.fullmatch(self.path)
        return "" if found is None else found[1]


class BrowserPages:
    """ASGI middleware within the guard, which has set the headers of safety already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, as a page where a person asks for one."""
        if scope["type"] != "http" or not _is_visit(scope):
            await self.app(scope, receive, send)
            return
        page = _Page(scope, send)
        await self.app(scope, receive, page.send)


class _Page:
    """Holds a JSON answer until it is whole and sends it as HTML; any other goes on as it comes."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        following = headers.get("link", "").partition(">")[0].removeprefix("<")
        route = route_of(self._scope)
        query = self._scope["query_string"].decode("latin-1")
        visit = Visit(self._scope["path"], title_of(route), following, route, query)
        body = bytes(self._body)
        page = await run_in_threadpool(answer_page, visit, start["status"], body)
        headers["content-type"] = "text/html; charset=utf-8"
        headers["content-length"] = str(len(page))
        headers["content-security-policy"] = policy_of_page(page.decode())
        headers["vary"] = "Accept"
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": page})


def answer_page(visit: Visit, status: int, body: bytes) -> bytes:
    """The page of a JSON answer."""
    found = json.loads(body)
    make, own, older = OWN_PAGES.get(visit.route), None, ""
    try:
        own = make(found) if make is not None and status == HTTPStatus.OK else None
    except OlderFormError as error:
        older = error.user_message
    if own is not None:
        return with_way_back(own, visit.plan_id).encode()
    is_refusal = isinstance(found, dict) and "user_message" in found
    page = PAGES.get_template("answer.html").render(
        version=__version__,
        visit=visit,
        status=status,
        found=found,
        older=older,
        refused=refused_as(status, found) if is_refusal else None,
    )
    return page.encode()


def result_page(found: Mapping[str, Any]) -> str | None:
    """The page of the answer about a run, None where there is nothing to draw."""
    return page_of_run(RunKind(found["kind"]), found["result"])


OWN_PAGES: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "/v1/plans/{plan_id}/diff": render_diff_html,
    "/v1/plans/{plan_id}/explanations/{person_id}": render_explanation_html,
    "/v1/plans/{plan_id}/order": lambda found: drawn(render_order_html, found["order"]),
    "/v1/runs/{run_id}/result": result_page,
}


def title_of(route: str) -> str:
    """What is at the addresses of a route, in words: of `/v1/plans/{plan_id}` it is Plan."""
    parts = [part for part in route.split("/") if part]
    named = [part for part in parts if "{" not in part]
    name = in_words(named[-1].rpartition(":")[2].replace("-", " ")) if named else ""
    return name.removesuffix("s") if parts and "{" in parts[-1] else name


def in_words(code: object) -> str:
    """A name of a field, or a code, as words: the first letter a capital one."""
    words = str(code).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def is_table(value: Any) -> bool:
    """True for rows that are worth columns: some of them, each a mapping of plain values."""
    return isinstance(value, list) and bool(value) and all(map(_is_row, value))


def columns_of(rows: list[Mapping[str, Any]]) -> list[str]:
    """The names in the rows, in the order in which they come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def shown(value: Any, name: str = "") -> str:
    """A plain value as text; a code in words where the field of this name holds codes."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{datetime.fromisoformat(value):%-d %b %Y %H:%M} UTC"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(part, name) for part in value)
    if name in CODED:
        return str(value).replace("_", " ")
    return f"{value:,}" if isinstance(value, int) else str(value)


def is_prose(value: Any) -> bool:
    """True for a list of sentences, each of which is worth a paragraph."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, str) for part in value)
        and any(part.endswith(".") for part in value)
    )


def is_plain(value: Any) -> bool:
    """True for what fits into one line: a single value, or a list of single values."""
    parts = value if isinstance(value, list) else [value]
    return value == {} or not any(isinstance(part, dict | list) for part in parts)


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(is_plain, value.values()))


def _is_json(start: Message) -> bool:
    return media_type(Headers(raw=start["headers"])) in JSON_TYPES


def _is_visit(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    accepted = headers.get("accept", "")
    is_form = media_type(headers) == FORM
    return (
        (scope["method"] == "GET" or (scope["method"] == "POST" and is_form))
        and "text/html" in accepted
        and "application/json" not in accepted
        and scope["path"] not in FOR_PROGRAMS
        and AS_JSON.encode() not in scope["query_string"].split(b"&")
    )


PAGES.filters |= {"in_words": in_words, "shown": shown, "columns": columns_of}
PAGES.tests |= {"table": is_table, "plain": is_plain, "prose": is_prose}
PAGES.globals["rows_shown"] = ROWS_SHOWN
