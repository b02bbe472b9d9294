"""Accounts and keys, kept by administrators; with `routes_session` all of people and access."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response

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
from allocator.api.examples import problems
from allocator.api.identity import ServiceOf, allow
from allocator.service.access import accounts, api_keys
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action

ROUTER = APIRouter()
ROUTER.include_router(routes_session.ROUTER)
KEPT = APIRouter(prefix="/v1", tags=["access"])
KeeperOf = Annotated[Caller, Depends(allow(Action.KEEP_ACCOUNTS))]
REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
WRITTEN = problems(*REFUSALS, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
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
    response_description="The accounts in the caller's scope, by name.",
    responses=problems(HTTPStatus.UNAUTHORIZED),
)
def list_users(caller: KeeperOf, service: ServiceOf) -> AccountList:
    """Local accounts with roles and scope; people of an identity provider are not among them."""
    found = accounts.list_accounts(service, caller)
    return AccountList(users=[AccountResource.of(account) for account in found])


@KEPT.post(
    "/users",
    operation_id="add_user",
    summary="Make an account",
    status_code=HTTPStatus.CREATED,
    response_description="The account is made.",
    responses=WRITTEN,
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
    return AccountResource.of(account)


@KEPT.get(
    "/users/{account_id}",
    operation_id="get_user",
    summary="Get an account",
    response_description="The account.",
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND),
)
def get_user(account_id: str, caller: KeeperOf, service: ServiceOf) -> AccountResource:
    """One account in the caller's scope."""
    return AccountResource.of(accounts.get_account(service, caller, account_id))


@KEPT.patch(
    "/users/{account_id}",
    operation_id="change_user",
    summary="Change an account",
    response_description="The account as it is now.",
    responses=WRITTEN,
)
def change_user(
    account_id: str,
    body: Annotated[AccountChange, Body(openapi_examples=CHANGE)],
    caller: KeeperOf,
    service: ServiceOf,
) -> AccountResource:
    """Other roles and scope, or disabled with all sessions ended; never of one's own account."""
    grant = None if body.grant is None else body.grant.grant()
    changed = accounts.change_account(
        service, caller, account_id, grant, is_disabled=body.is_disabled
    )
    return AccountResource.of(changed)


@KEPT.get(
    "/api-keys",
    operation_id="list_api_keys",
    summary="List keys",
    response_description="The keys in the caller's scope, the newest first.",
    responses=problems(HTTPStatus.UNAUTHORIZED),
)
def list_api_keys(caller: KeeperOf, service: ServiceOf) -> ApiKeyList:
    """Keys of programs, without their secrets."""
    found = api_keys.list_keys(service, caller)
    return ApiKeyList(api_keys=[ApiKeyResource.of(key) for key in found])


@KEPT.post(
    "/api-keys",
    operation_id="add_api_key",
    summary="Make a key",
    status_code=HTTPStatus.CREATED,
    response_description="The key, with its secret for this once.",
    responses=WRITTEN,
)
def add_api_key(
    body: Annotated[NewApiKey, Body(openapi_examples=KEY)], caller: KeeperOf, service: ServiceOf
) -> MadeApiKey:
    """A key for a program. It proposes and reads; decisions are a named person's."""
    made = api_keys.add_key(service, caller, body.name, body.grant(), body.days)
    return MadeApiKey(key=ApiKeyResource.of(made.key), token=made.token)


@KEPT.delete(
    "/api-keys/{key_id}",
    operation_id="revoke_api_key",
    summary="Revoke a key",
    status_code=HTTPStatus.NO_CONTENT,
    response_description="The key opens nothing any more.",
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND),
)
def revoke_api_key(key_id: str, caller: KeeperOf, service: ServiceOf) -> Response:
    """End a key now; revoking it twice changes nothing."""
    api_keys.revoke_key(service, caller, key_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


ROUTER.include_router(KEPT)
