"""Who is asking: the caller of a request, and the action that an operation allows.

One way at a time: a request with an Authorization header is judged by that alone, whatever cookies
it has; without one the session's cookie counts, and every change then needs the session's token
too, since a browser sends cookies by itself.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from allocator.api.media_types import FORM, media_type
from allocator.service.access.api_keys import START, caller_of_key
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.access.sessions import SignedIn, require_csrf, session_of
from allocator.service.access.tokens import caller_of_token
from allocator.service.errors import AuthenticationError
from allocator.service.root import Service
from allocator.service.settings import Settings

DEVELOPMENT_COOKIE = "session"
PRODUCTION_COOKIE = "__Host-session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
MOST_FIELDS = 250
"""Of a form: room for the moves that may be signed in one request."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SCHEMES = (
    Security(HTTPBearer(auto_error=False, description="A token of the provider, or an API key.")),
    Security(
        APIKeyCookie(
            name=DEVELOPMENT_COOKIE,
            auto_error=False,
            description=f"A session; in production the cookie is `{PRODUCTION_COOKIE}`. "
            f"Changes also need the header `{CSRF_HEADER}`.",
        )
    ),
)


def service_of(request: Request) -> Service:
    """The service behind this application."""
    service: Service = request.app.state.service
    return service


def cookie_name(settings: Settings) -> str:
    """The session's cookie; with `__Host-` a browser takes it over TLS and from this host only."""
    return PRODUCTION_COOKIE if settings.is_production else DEVELOPMENT_COOKIE


async def csrf_of(request: Request) -> str:
    """The session's token as a change carries it: in a header, or in a field of a form."""
    given = request.headers.get(CSRF_HEADER)
    if given is not None or request.method in SAFE_METHODS or media_type(request.headers) != FORM:
        return given or ""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return str(form.get(CSRF_FIELD, ""))


def identify(
    request: Request,
    csrf: Annotated[str, Depends(csrf_of)],
    _bearer: Annotated[object, SCHEMES[0]] = None,
    _cookie: Annotated[object, SCHEMES[1]] = None,
) -> Caller:
    """The caller behind the request's credentials.

    Raises
    ------
    AuthenticationError
        If there are none, or they are not valid.
    CsrfError
        If a change comes with a session's cookie and without its token.
    """
    service, request_id = service_of(request), request_id_of(request)
    authorization = request.headers.get("authorization")
    token = request.cookies.get(cookie_name(service.settings))
    if authorization is not None:
        caller = _bearer_caller(service, authorization, request_id)
    elif token is not None:
        session = session_of(service, token, request_id)
        if request.method not in SAFE_METHODS:
            require_csrf(session, csrf)
        request.state.session = session
        caller = session.caller
    else:
        raise AuthenticationError("Sign in, or send a token or an API key.")
    request.state.actor = caller.actor
    return caller


def session_in(request: Request) -> SignedIn | None:
    """The session that the request came with, None for a token or a key."""
    session: SignedIn | None = getattr(request.state, "session", None)
    return session


def request_id_of(request: Request) -> str:
    """The id that the guard gave the request, "" where there is no guard."""
    return str(getattr(request.state, "request_id", ""))


ServiceOf = Annotated[Service, Depends(service_of)]
CallerOf = Annotated[Caller, Depends(identify)]


def allow(action: Action) -> Callable[[Caller], Caller]:
    """A dependency that gives the caller, whom one of their roles must allow the action."""

    def allowed(caller: CallerOf) -> Caller:
        caller.require(action)
        return caller

    allowed.action = action  # type: ignore[attr-defined] # read by the test of roles and operations
    return allowed


def _bearer_caller(service: Service, authorization: str, request_id: str) -> Caller:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AuthenticationError("Send a token or an API key as Authorization: Bearer …")
    if token.startswith(START):
        return caller_of_key(service, token, request_id)
    return caller_of_token(service, token, request_id)
