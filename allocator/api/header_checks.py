"""What is wrong with a request before anything of it is believed: headers, host, origin, address.

Checking the Host header stops DNS rebinding; checking Origin and Sec-Fetch-Site stops other web
pages from using the service through somebody's browser.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Scope

MOST_HEADERS = 100
MOST_HEADER_BYTES = 16 * 1024
LONGEST_ADDRESS = 4096
OWN_FETCHES = frozenset({"same-origin", "none"})
SINGLE = (
    "host", "content-length", "content-type", "transfer-encoding", "content-encoding", "origin",
    "authorization", "x-csrf-token", "x-request-id", "idempotency-key", "sec-fetch-site",
)  # fmt: skip
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not looked at any further."""

    status: HTTPStatus
    words: str
    code: str = ""


def refusal_of(scope: Scope, hosts: frozenset[str], *, is_production: bool) -> Refusal | None:
    """The first thing wrong with a request, None if it may come in."""
    return _bad_headers(scope) or _bad_address(scope) or _foreign(scope, hosts, is_production)


def host_name(host: str) -> str:
    """The host of a Host header without its port, "" if it is none; IPv6 keeps its brackets."""
    found = _HOST.fullmatch(host.lower())
    return "" if found is None else found.group(1)


def _bad_headers(scope: Scope) -> Refusal | None:
    raw: list[tuple[bytes, bytes]] = scope["headers"]
    size = sum(len(name) + len(value) for name, value in raw)
    if len(raw) > MOST_HEADERS or size > MOST_HEADER_BYTES:
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return Refusal(status, f"The headers are more than {MOST_HEADER_BYTES} bytes.")
    headers = Headers(scope=scope)
    encoding = headers.get("transfer-encoding")
    length = headers.get("content-length")
    if (
        any(_CONTROL.search(name) or _CONTROL.search(value) for name, value in raw)
        or any(len(headers.getlist(name)) > 1 for name in SINGLE)
        or (encoding is not None and (length is not None or encoding.lower() != "chunked"))
        or (length is not None and not (length.isascii() and length.isdecimal()))
    ):
        return Refusal(HTTPStatus.BAD_REQUEST, "The headers contradict one another.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        words = "Send the body as it is, not compressed."
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words, "content_encoding_refused")
    return None


def _bad_address(scope: Scope) -> Refusal | None:
    path, query = scope["path"], scope["query_string"]
    if len(path) + len(query) > LONGEST_ADDRESS:
        return Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long.")
    if b"%00" in query or not path.isprintable():
        return Refusal(HTTPStatus.BAD_REQUEST, "The address holds signs that no id has.")
    return None


def _foreign(scope: Scope, hosts: frozenset[str], is_production: bool) -> Refusal | None:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if host_name(host) not in hosts:
        words = "This service does not answer under this name."
        return Refusal(HTTPStatus.MISDIRECTED_REQUEST, words)
    own = f"{'https' if is_production else 'http'}://{host}"
    origin = headers.get("origin")
    fetch = headers.get("sec-fetch-site", "none")
    if (origin is not None and origin != own) or (
        fetch not in OWN_FETCHES and not _is_link(scope, headers)
    ):
        words = "Requests from other web pages are refused."
        return Refusal(HTTPStatus.FORBIDDEN, words, "origin_refused")
    return None


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Somebody followed a link to here; the cookie is not sent, and nothing is changed."""
    return (
        scope["method"] in {"GET", "HEAD"}
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and headers.get("origin") is None
    )
