"""For the machines that look after the service: does it live, can it take work, which is it."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from allocator import __version__
from allocator.api.examples import answered, open_problems
from allocator.api.identity import ServiceOf
from allocator.api.schemas import Alive, Ready, VersionAnswer
from allocator.service.health import readiness

ROUTER = APIRouter(tags=["health"])
NOT_READY = {"status": "not ready", "checks": {"database": "no answer (OperationalError)"}}
WELL = {"database": "answers", "schema": "current", "workers": "1 seen recently"}


@ROUTER.get(
    "/livez",
    operation_id="livez",
    summary="Is it alive?",
    response_description="The process answers.",
    responses={**answered({"status": "ok"}), **open_problems()},
)
def livez() -> Alive:
    """The process answers; nothing else is asked."""
    return Alive(status="ok")


@ROUTER.get(
    "/readyz",
    operation_id="readyz",
    summary="Can it take work?",
    response_description="It can take work.",
    responses={
        **answered({"status": "ok", "checks": WELL}),
        503: {
            "description": "It cannot take work; checks say why.",
            "model": Ready,
            "content": {"application/json": {"example": NOT_READY}},
        },
        **open_problems(),
    },
)
def readyz(service: ServiceOf, response: Response) -> Ready:
    """Whether the database answers, its schema is current, and a worker was seen recently."""
    checks = readiness(service)
    is_ready = all(check.is_well for check in checks)
    if not is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    words = {check.name: check.words for check in checks}
    return Ready(status="ok" if is_ready else "not ready", checks=words)


@ROUTER.get(
    "/version",
    operation_id="version",
    summary="Which program is it?",
    response_description="Versions of the program, of the interface and of the documents.",
    responses={
        **answered({"version": __version__, "api": "v1", "schema_versions": [1]}),
        **open_problems(),
    },
)
def version() -> VersionAnswer:
    """The program's version, and the schema versions of documents that it reads."""
    return VersionAnswer(version=__version__, api="v1", schema_versions=[1])
