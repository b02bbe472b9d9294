"""Accounts and keys, kept by administrators; with `routes_session` all of people and access."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.responses import JSONResponse

from allocator.api import routes_session
from allocator.api.access_schemas import (
    AccountChange,
    AccountList,
    AccountResource,
    ApiKeyList,
    ApiKeyResource,
    MadeApiKey,
    NewAccount,
    NewApiKey,
)
from allocator.api.cursors import ORDER, CursorOf, LimitOf, part_of, point_to_next
from allocator.api.etags import IF_MATCH, etag_of, given_tags, require_match
from allocator.api.examples import ETAG, LINK, LOCATION, problems
from allocator.api.idempotency import Made, OnceOf
from allocator.api.identity import ServiceOf, allow
from allocator.service.access import accounts, api_keys
from allocator.service.access.accounts import AccountSort, SeenAccount, mark_of
from allocator.service.access.api_keys import KeySort
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.lists import USUAL
from allocator.service.root import Service
from allocator.store.tables import Account

ROUTER = APIRouter()
ROUTER.include_router(routes_session.ROUTER)
KEPT = APIRouter(prefix="/v1", tags=["access"])
KeeperOf = Annotated[Caller, Depends(allow(Action.KEEP_ACCOUNTS))]
REFUSALS = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
WRITTEN = problems(*REFUSALS)
CHANGED = problems(*REFUSALS, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)
LISTED = {200: {"headers": LINK}, **problems(HTTPStatus.UNPROCESSABLE_ENTITY)}
GRANT = {"roles": ["officer"], "facilities": ["F"]}
ACCOUNT = {"officer": {"value": GRANT | {"name": "amina.officer", "display_name": "A. Officer",
                                         "password": "three quiet green lamps"}}}  # fmt: skip
CHANGE = {
    "disable": {"value": {"is_disabled": True}},
    "roles": {"value": {"grant": GRANT}},
}
KEY = {"night": {"value": {"name": "nightly import", "roles": ["planner"], "facilities": ["F"],
                           "days": 90}}}  # fmt: skip


@KEPT.get(
    "/users",
    operation_id="list_users",
    summary="List accounts",
    response_description="A page of accounts; Link says where the next one is.",
    responses=LISTED,
)
def list_users(
    request: Request,
    response: Response,
    caller: KeeperOf,
    service: ServiceOf,
    sort: Annotated[AccountSort, ORDER] = "-made_at",
    limit: LimitOf = USUAL,
    cursor: CursorOf = None,
) -> AccountList:
    """Local accounts in scope, as a rule the newest first; people of a provider are not there."""
    page = accounts.page_of_accounts(service, caller, part_of(request, limit, cursor, sort))
    following = point_to_next(request, response, page.following)
    return AccountList(users=[AccountResource.of(row) for row in page.rows], next=following)


@KEPT.post(
    "/users",
    operation_id="add_user",
    summary="Make an account",
    status_code=HTTPStatus.CREATED,
    response_description="The account is made; Location says where it is.",
    responses={201: {"headers": {**ETAG, **LOCATION}}, **WRITTEN},
)
def add_user(
    body: Annotated[NewAccount, Body(openapi_examples=ACCOUNT)],
    response: Response,
    caller: KeeperOf,
    service: ServiceOf,
) -> AccountResource:
    """A local account with a first password; nobody gives a scope beyond their own."""
    account = accounts.add_account(
        service,
        caller,
        body.name,
        body.password.get_secret_value(),
        body.grant(),
        body.display_name or "",
    )
    response.headers["Location"] = f"/v1/users/{account.account_id}"
    return _account(response, account)


@KEPT.get(
    "/users/{account_id}",
    operation_id="get_user",
    summary="Get an account",
    response_description="The account; the ETag names its rights.",
    responses={200: {"headers": ETAG}, **problems(HTTPStatus.NOT_FOUND)},
)
def get_user(
    account_id: str, caller: KeeperOf, service: ServiceOf, response: Response
) -> AccountResource:
    """One account in the caller's scope."""
    return _account(response, accounts.get_account(service, caller, account_id))


@KEPT.patch(
    "/users/{account_id}",
    operation_id="change_user",
    summary="Change an account",
    response_description="The account as it is now; the ETag names its rights.",
    responses={200: {"headers": ETAG}, **CHANGED},
    openapi_extra=IF_MATCH,
)
def change_user(
    account_id: str,
    body: Annotated[AccountChange, Body(openapi_examples=CHANGE)],
    caller: KeeperOf,
    service: ServiceOf,
    request: Request,
    response: Response,
) -> AccountResource:
    """Other roles and scope, or disabled with all sessions ended; never of one's own account."""
    mark = mark_of(accounts.get_account(service, caller, account_id))
    require_match(given_tags(request), etag_of(mark))
    grant = None if body.grant is None else body.grant.grant()
    seen = SeenAccount(account_id, mark)
    changed = accounts.change_account(service, caller, seen, grant, is_disabled=body.is_disabled)
    return _account(response, changed)


@KEPT.get(
    "/api-keys",
    operation_id="list_api_keys",
    summary="List keys",
    response_description="A page of keys; Link says where the next one is.",
    responses=LISTED,
)
def list_api_keys(
    request: Request,
    response: Response,
    caller: KeeperOf,
    service: ServiceOf,
    sort: Annotated[KeySort, ORDER] = "-made_at",
    limit: LimitOf = USUAL,
    cursor: CursorOf = None,
) -> ApiKeyList:
    """Keys of programs in scope, as a rule the newest first, without their secrets."""
    page = api_keys.page_of_keys(service, caller, part_of(request, limit, cursor, sort))
    following = point_to_next(request, response, page.following)
    return ApiKeyList(api_keys=[ApiKeyResource.of(row) for row in page.rows], next=following)


@KEPT.post(
    "/api-keys",
    operation_id="add_api_key",
    summary="Make a key",
    status_code=HTTPStatus.CREATED,
    response_model=MadeApiKey,
    response_description="The key, with its secret for this once.",
    responses=WRITTEN,
)
def add_api_key(
    body: Annotated[NewApiKey, Body(openapi_examples=KEY)], caller: KeeperOf, once: OnceOf
) -> JSONResponse:
    """A key for a program. It proposes and reads; decisions are a named person's.

    Sent again with the same Idempotency-Key, no second key is made and the secret is not shown.
    """

    def make(service: Service) -> Made:
        made = api_keys.add_key(service, caller, body.name, body.grant(), body.days)
        answer = MadeApiKey(key=ApiKeyResource.of(made.key), token=made.token)
        return Made(answer, HTTPStatus.CREATED, is_secret=True)

    return once.answer(body, make)


@KEPT.delete(
    "/api-keys/{key_id}",
    operation_id="revoke_api_key",
    summary="Revoke a key",
    status_code=HTTPStatus.NO_CONTENT,
    response_description="The key opens nothing any more.",
    responses=problems(HTTPStatus.NOT_FOUND),
)
def revoke_api_key(key_id: str, caller: KeeperOf, service: ServiceOf) -> Response:
    """End a key now; revoking it twice changes nothing."""
    api_keys.revoke_key(service, caller, key_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _account(response: Response, account: Account) -> AccountResource:
    response.headers["ETag"] = etag_of(mark_of(account))
    return AccountResource.of(account)


ROUTER.include_router(KEPT)
