"""What all changes of a plan have in common: If-Match, Idempotency-Key, and the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from allocator.api.etags import IF_MATCH, etag_of, given_tags, require_match, step_etag
from allocator.api.examples import ETAG, PLAN_ID, SCENARIO_ID, Responses, answered, problems
from allocator.api.idempotency import Made, Once, OnceOf
from allocator.api.schemas_workflow import PlanStatus
from allocator.service.root import Service
from allocator.service.workflow import views
from allocator.service.workflow.records import SeenPlan, Status

Route = Callable[..., JSONResponse]
STATUS: dict[str, Any] = {
    "plan_id": PLAN_ID,
    "scenario_id": SCENARIO_ID,
    "version": 2,
    "state": "reviewed",
    "revision": 4,
    "newest_version": None,
    "replan": None,
}
CHANGE: Responses = answered(STATUS, headers=ETAG) | problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.PRECONDITION_REQUIRED,
)


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """The plan of the address, for a request that changes it.

    `seen` : the ETag of what the caller saw, as If-Match has it; "" where they do not say.
    """

    plan_id: str
    seen: str
    once: Once

    def answer(self, sent: Any, do: Callable[[Service, SeenPlan], Status]) -> JSONResponse:
        """Where the plan is after `do`, or the answer given before to the same request.

        Parameters
        ----------
        sent : the body as it was read, None for none.

        Raises
        ------
        StaleError, ConditionMissingError
            If the caller saw another state of the plan, or does not say which.
        """
        return self._answer(sent, lambda service: do(service, self._seen(service)))

    def answer_step(
        self, number: int, sent: Any, do: Callable[[Service, SeenPlan], Status]
    ) -> JSONResponse:
        """As `answer`, for who saw the plan as it is, or the step of this number alone."""
        return self._answer(sent, lambda service: do(service, self._seen_step(service, number)))

    def _answer(self, sent: Any, do: Callable[[Service], Status]) -> JSONResponse:
        def make(service: Service) -> Made:
            status = do(service)
            return Made(PlanStatus.of(status), HTTPStatus.OK, {"ETag": etag_of(status.revision)})

        return self.once.answer(sent, make)

    def _seen(self, service: Service) -> SeenPlan:
        status = views.read_status(service, self.once.caller, self.plan_id)
        require_match(self.seen, etag_of(status.revision))
        return SeenPlan(status.plan_id, status.revision)

    def _seen_step(self, service: Service, number: int) -> SeenPlan:
        status = views.read_status(service, self.once.caller, self.plan_id)
        state = views.state_of_step(service, status.plan_id, number)
        own = () if state is None else (step_etag(number, state),)
        tag = require_match(self.seen, *own, etag_of(status.revision))
        if tag in own:
            return SeenPlan(status.plan_id, step=state)
        return SeenPlan(status.plan_id, status.revision)


def changed_plan(plan_id: str, request: Request, once: OnceOf) -> ChangedPlan:
    """The dependency behind `ChangedPlanOf`."""
    return ChangedPlan(plan_id, given_tags(request), once)


ChangedPlanOf = Annotated[ChangedPlan, Depends(changed_plan)]


def changes(
    router: APIRouter, path: str, operation_id: str, summary: str, method: str = "POST"
) -> Callable[[Route], Route]:
    """Register a route that changes the plan of its address."""
    return router.api_route(
        path,
        methods=[method],
        operation_id=operation_id,
        summary=summary,
        response_model=PlanStatus,
        response_description="Where the plan is now; the ETag names its revision.",
        responses=CHANGE,
        openapi_extra=IF_MATCH,
    )
