"""Signing in and out with a password, and who one is."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import RedirectResponse

from allocator.api.access_schemas import Credentials, Me, PasswordChange, SessionResource
from allocator.api.examples import Responses, problems
from allocator.api.form_body import is_form
from allocator.api.identity import CallerOf, ServiceOf, cookie_name, request_id_of, session_in
from allocator.api.login_body import DESCRIPTION, CredentialsOf
from allocator.service.access.accounts import change_password as set_own_password
from allocator.service.access.caller import Caller
from allocator.service.access.rates import take
from allocator.service.access.roles import POLICY
from allocator.service.access.sessions import SignedIn, sign_in, sign_out
from allocator.service.errors import AuthenticationError, RateError, StateError
from allocator.service.root import Service

ROUTER = APIRouter(prefix="/v1", tags=["access"])
HOUR_SECONDS = 3600
FRONT_PAGE = "/"
REFUSED_PAGE = "/?refused="
SENT_TO_PAGE: Responses = {
    303: {"description": "A form was sent: on to the page, which says how it went."}
}
PASSWORDS = {"change": {"value": {"old_password": "three quiet green lamps",
                                  "new_password": "seven slow blue rivers"}}}  # fmt: skip


@ROUTER.post(
    "/session",
    operation_id="begin_session",
    summary="Sign in",
    response_model=SessionResource,
    response_description="The session has begun; its cookie is set, its csrf_token is for changes.",
    responses=SENT_TO_PAGE
    | problems(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    openapi_extra=DESCRIPTION,
)
def begin_session(
    given: CredentialsOf, request: Request, response: Response, service: ServiceOf
) -> SessionResource | Response:
    """Begin a session with name and password; an older one of this browser ends."""
    if not is_form(request):
        session = _sign_in(service, given, request)
        _set_cookie(response, service, session.token)
        return SessionResource.of(session)
    try:
        session = _sign_in(service, given, request)
    except (AuthenticationError, RateError) as error:
        return RedirectResponse(REFUSED_PAGE + error.code, HTTPStatus.SEE_OTHER)
    answer = RedirectResponse(FRONT_PAGE, HTTPStatus.SEE_OTHER)
    _set_cookie(answer, service, session.token)
    return answer


@ROUTER.delete(
    "/session",
    operation_id="end_session",
    summary="Sign out",
    status_code=HTTPStatus.NO_CONTENT,
    response_description="The session is over.",
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT),
)
def end_session(request: Request, caller: CallerOf, service: ServiceOf) -> Response:
    """End the session that this request came with."""
    return _end(request, caller, service, Response(status_code=HTTPStatus.NO_CONTENT))


@ROUTER.post(
    "/session/end",
    operation_id="end_session_by_form",
    summary="Sign out by a form",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=RedirectResponse,
    response_description="The session is over; on to the page.",
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT),
)
def end_session_by_form(request: Request, caller: CallerOf, service: ServiceOf) -> Response:
    """The same for a page without scripts; the form has the field `csrf_token`."""
    return _end(request, caller, service, RedirectResponse(FRONT_PAGE, HTTPStatus.SEE_OTHER))


@ROUTER.get(
    "/me",
    operation_id="get_me",
    summary="Who am I?",
    response_description="The caller, their roles and scope.",
    responses=problems(HTTPStatus.UNAUTHORIZED),
)
def get_me(request: Request, caller: CallerOf) -> Me:
    """Name, roles, scope and what they allow; the token for changes when it is a session."""
    session = session_in(request)
    return Me(
        actor=caller.actor,
        name=caller.name,
        roles=sorted(caller.roles),
        facilities=sorted(caller.facilities),
        actions=sorted({action for role in caller.roles for action in POLICY[role]}),
        csrf_token=None if session is None else session.csrf_token,
        session_ends_at=None if session is None else session.ends_at,
    )


@ROUTER.put(
    "/me/password",
    operation_id="change_password",
    summary="Change one's password",
    status_code=HTTPStatus.NO_CONTENT,
    response_description="The password is changed; every session of the account is over.",
    responses=problems(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
)
def change_password(
    body: Annotated[PasswordChange, Body(openapi_examples=PASSWORDS)],
    caller: CallerOf,
    service: ServiceOf,
) -> Response:
    """Another password for the account that is signed in; the old one is asked for."""
    take(service, f"password:{caller.actor}", service.settings.login_attempts_per_minute)
    old, new = body.old_password.get_secret_value(), body.new_password.get_secret_value()
    set_own_password(service, caller, old, new)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _sign_in(service: Service, given: Credentials, request: Request) -> SignedIn:
    address = "" if request.client is None else request.client.host
    old = request.cookies.get(cookie_name(service.settings), "")
    password = given.password.get_secret_value()
    return sign_in(service, given.name, password, address, request_id_of(request), old)


def _end(request: Request, caller: Caller, service: Service, answer: Response) -> Response:
    name = cookie_name(service.settings)
    if session_in(request) is None:
        raise StateError("This request has no session that could end.")
    sign_out(service, caller, request.cookies[name])
    answer.delete_cookie(
        name, secure=service.settings.is_production, httponly=True, samesite="strict"
    )
    return answer


def _set_cookie(answer: Response, service: Service, token: str) -> None:
    """For this host and its own pages only, and out of reach of scripts."""
    answer.set_cookie(
        cookie_name(service.settings),
        token,
        max_age=service.settings.session_hours * HOUR_SECONDS,
        path="/",
        secure=service.settings.is_production,
        httponly=True,
        samesite="strict",
    )
