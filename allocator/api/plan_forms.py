"""Forms of a plan's page: the operations that change a plan, for a browser without scripts.

A form goes to the address of its operation without `/v1`. What it says is read into the operation's
body and handed to the very function that answers the operation, so that no rule stands here. In the
place of the headers it has the fields `csrf_token`, `if_match` and `idempotency_key`. What went
well leads back to the plan's page; what did not is a problem, which a browser is shown as a page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import AwareDatetime, BaseModel, StringConstraints

from allocator.api import routes_workflow as operations
from allocator.api.form_body import FieldsOf, checked
from allocator.api.idempotency import LONGEST_KEY, SIGNS_OF_KEY, Once
from allocator.api.identity import ServiceOf, allow
from allocator.api.plan_changes import ChangedPlan
from allocator.api.schemas import Body
from allocator.api.schemas_workflow import (
    FailureBody,
    ProposalBody,
    RejectionBody,
    ReviewBody,
    SignatureBody,
)
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import StaleError
from allocator.service.root import Service
from allocator.service.workflow.page import words_of_changes

ROUTER = APIRouter(prefix="/plans/{plan_id}", include_in_schema=False)
STEP = "/steps/{number}"


class Hidden(BaseModel):
    """What stands in a form without being seen; `read_at` : when its page was made."""

    csrf_token: str = ""
    if_match: str = ""
    idempotency_key: (
        Annotated[str, StringConstraints(max_length=LONGEST_KEY, pattern=SIGNS_OF_KEY)] | None
    ) = None
    read_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its operation.

    Parameters
    ----------
    path : below the plan's own. change : answers the operation.
    done : what has happened when it went well.
    body : of the operation, None where it takes none.
    """

    path: str
    action: Action
    change: Callable[..., Any]
    done: str
    body: type[Body] | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


FORMS = (
    Form("/proposal", Action.PROPOSE, operations.propose_plan, "You proposed it.", ProposalBody),
    Form("/review", Action.REVIEW, operations.review_plan, "You reviewed it.", ReviewBody),
    Form("/signatures", Action.SIGN, operations.sign_items, "It is signed so.", SignatureBody),
    Form("/rejection", Action.REJECT, operations.reject_plan, "You rejected it.", RejectionBody),
    Form("/execution", Action.EXECUTE, operations.start_execution, "The moves may begin."),
    Form("/halt", Action.EXECUTE, operations.halt_execution, "It is halted.", FailureBody),
    Form(
        f"{STEP}/confirmation",
        Action.EXECUTE,
        operations.confirm_step,
        "The step is recorded as done.",
    ),
    Form(
        f"{STEP}/failure",
        Action.EXECUTE,
        operations.fail_step,
        "The step is recorded as not done.",
        FailureBody,
    ),
)
DONE = {form.name: form.done for form in FORMS}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came in."""

    request: Request
    service: Service
    caller: Caller
    plan_id: str
    fields: Mapping[str, Any]

    def hidden(self) -> Hidden:
        """The fields that nobody sees."""
        return checked(Hidden, self.fields)

    def body(self, model: type[Body]) -> Body:
        """What somebody said, as the body of an operation."""
        hidden = Hidden.model_fields
        return checked(model, {k: v for k, v in self.fields.items() if k not in hidden})


def carry_out(form: Form, sent: Sent, **more: Any) -> RedirectResponse:
    """Do what the operation does, and lead back to the plan.

    Raises
    ------
    StaleError
        If the plan was changed since the form was made; it says what was.
    """
    hidden = sent.hidden()
    once = Once(sent.request, sent.service, sent.caller, hidden.idempotency_key)
    said = {} if form.body is None else {"body": sent.body(form.body)}
    plan = ChangedPlan(sent.plan_id, hidden.if_match, once)
    try:
        form.change(caller=sent.caller, plan=plan, **said, **more)
    except StaleError as error:
        raise _told(error, sent, hidden.read_at) from None
    return RedirectResponse(f"/plans/{sent.plan_id}?done={form.name}", HTTPStatus.SEE_OTHER)


def _told(error: StaleError, sent: Sent, read_at: datetime | None) -> StaleError:
    """The error with what people did since the page was made."""
    if read_at is None:
        return error
    found = words_of_changes(sent.service, sent.caller, sent.plan_id, read_at)
    if not found:
        return error
    words = f"The plan was changed since you opened its page. Since then: {'; '.join(found)}."
    return StaleError(words, error.developer_message)


def _register(form: Form) -> None:
    def sent(
        plan_id: str,
        request: Request,
        caller: Annotated[Caller, Depends(allow(form.action))],
        service: ServiceOf,
        fields: FieldsOf,
    ) -> Sent:
        return Sent(request, service, caller, plan_id, fields)

    def send(sent: Annotated[Sent, Depends(sent)]) -> RedirectResponse:
        return carry_out(form, sent)

    def send_step(
        number: operations.Number, sent: Annotated[Sent, Depends(sent)]
    ) -> RedirectResponse:
        return carry_out(form, sent, number=number)

    endpoint = send_step if form.path.startswith(STEP) else send
    ROUTER.add_api_route(form.path, endpoint, methods=["POST"], name=f"send_{form.name}")


for _form in FORMS:
    _register(_form)
