"""The audit log over HTTP: read, in scope and noted, and checked as a whole."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from allocator.api.cursors import ORDER, CursorOf, LimitOf, link_next, read_cursor
from allocator.api.examples import LINK, problems
from allocator.api.identity import ServiceOf, allow
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Head
from allocator.service.audit.reading import Asked, check_log, entry_document, read_log

ROUTER = APIRouter(prefix="/v1/audit", tags=["audit"])
Reader = Annotated[Caller, Depends(allow(Action.READ_AUDIT))]
AuditSort = Literal["number", "-number"]
Word = Annotated[str, Query(max_length=200)]
LARGEST_NUMBER = 2**31 - 1


class AuditEntryResource(BaseModel):
    """One entry; `subject` is a keyed digest of the person concerned, "" for nobody."""

    number: int
    at: str
    actor: str
    action: str
    object_kind: str
    object_id: str
    facilities: list[str]
    subject: str
    request_id: str
    detail: dict[str, Any]
    hash: str


class AuditList(BaseModel):
    """Entries in the caller's scope; `next` is the cursor of the next page."""

    entries: list[AuditEntryResource]
    next: str | None


class AuditCheck(BaseModel):
    """Whether the log is whole; note `head` elsewhere, and give it next time."""

    whole: bool
    faults: list[str]
    head: str = Field(examples=[f"12:{'a' * 64}"])


@ROUTER.get(
    "",
    operation_id="list_audit_entries",
    summary="Read the audit log",
    response_description="A page of entries by number; Link says where the next one is.",
    responses={200: {"headers": LINK}, **problems(HTTPStatus.UNPROCESSABLE_ENTITY)},
)
def list_audit_entries(  # noqa: PLR0913, PLR0917 - one parameter per filter
    request: Request,
    response: Response,
    caller: Reader,
    service: ServiceOf,
    actor: Word = "",
    action: Word = "",
    object_id: Word = "",
    person_id: Word = "",
    after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="Larger numbers only.")] = 0,
    sort: Annotated[AuditSort, ORDER] = "number",
    limit: LimitOf = 100,
    cursor: CursorOf = None,
) -> AuditList:
    """Who did what to which object, and when; reading the log is itself an entry of it."""
    values, is_down = read_cursor(request, cursor), sort == "-number"
    last = None if values is None else int(values[0])
    start, before = (after, last) if is_down else (after if last is None else last, None)
    asked = Asked(start, limit + 1, actor, action, object_id, person_id, before, is_down)
    found = [AuditEntryResource(**entry_document(e)) for e in read_log(service, caller, asked)]
    shown = found[:limit]
    following = link_next(request, response, [shown[-1].number]) if len(found) > limit else None
    return AuditList(entries=shown, next=following)


@ROUTER.get(
    "/verification",
    operation_id="verify_audit_log",
    summary="Check the audit log",
    response_description="Whether any entry was changed, is missing or out of order.",
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
)
def verify_audit_log(
    caller: Reader,
    service: ServiceOf,
    head: Annotated[str | None, Query(pattern=r"^\d{1,9}:[0-9a-f]{64}$")] = None,
) -> AuditCheck:
    """Check the whole chain, and against a head noted earlier where one is given."""
    number, _, entry_hash = (head or "").partition(":")
    checked = check_log(service, caller, [Head(int(number), entry_hash)] if head else [])
    return AuditCheck(
        whole=not checked.faults,
        faults=list(checked.faults),
        head=f"{checked.head.number}:{checked.head.entry_hash}",
    )
