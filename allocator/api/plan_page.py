"""The page of a plan: what was done with it, and forms for what its reader can do now."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from allocator.api.etags import etag_of
from allocator.api.identity import ServiceOf, allow, session_in
from allocator.api.plan_forms import DONE
from allocator.api.routes_pages import PageRoute, page_of
from allocator.explain.readers import HIDDEN_WORDS
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.reading_plans import summary_of
from allocator.service.workflow.choices import NEXT
from allocator.service.workflow.items import DEROGATION, RESTRICTIVE_REGIME, WORDS
from allocator.service.workflow.page import read_page
from allocator.service.workflow.reasons import (
    MOVE_REASONS,
    DerogationReason,
    FailureReason,
    Plann,
    RejectionReason,
    Seen,
    values,
)
from allocator.service.workflow.states import is_final

ROUTER = APIRouter(route_class=PageRoute)
MOST_TOGETHER = 200
MOST_ALONE = 30
FIXED: dict[str, Any] = {
    "next": NEXT,
    "plann": Plann.__slots__,
    "seen": [entry.value for entry in Seen],
    "move_reasons": sorted(MOVE_REASONS),
    "derogation_reasons": sorted(values(DerogationReason)),
    "failure_reasons": sorted(values(FailureReason)),
    "rejection_reasons": sorted(values(RejectionReason)),
    "most_together": MOST_TOGETHER,
    "most_alone": MOST_ALONE,
    "derogation": DEROGATION,
    "hidden_words": HIDDEN_WORDS,
    "restrictive": WORDS[RESTRICTIVE_REGIME],
}


@ROUTER.get("/plans/{plan_id}", response_class=HTMLResponse, include_in_schema=False)
def plan_page(
    plan_id: str,
    request: Request,
    caller: Annotated[Caller, Depends(allow(Action.READ_PLAN))],
    service: ServiceOf,
    done: str = "",
) -> HTMLResponse:
    """A plan with what its reader can do; `done` names the form that led here."""
    page = read_page(service, caller, plan_id)
    session = session_in(request)
    return page_of(
        "plan.html",
        **FIXED,
        page=page,
        plan=page.workflow.status,
        is_final=is_final(page.workflow.status.state),
        summary=summary_of(service, caller, plan_id),
        etag=etag_of(page.workflow.status.revision),
        csrf_token=None if session is None else session.csrf_token,
        new_key=lambda: uuid.uuid4().hex,
        done=DONE.get(done, ""),
    )
