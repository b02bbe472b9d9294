"""Figures for Prometheus: of the service from its database, and of this process's requests."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from allocator.api.examples import problems
from allocator.api.identity import identify, service_of
from allocator.errors import Problem, ScenarioError
from allocator.service.access.roles import Action
from allocator.service.operations.metrics import ServiceCollector
from allocator.service.root import Service

ROUTER = APIRouter(tags=["health"])
BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class RequestMetrics:
    """Requests of this process by route template, so that no label holds an id."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(ServiceCollector(service))
        labels = ("method", "route", "status")
        self._count = Counter(
            "allocator_requests", "Requests answered.", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "allocator_request_seconds",
            "Time to answer.",
            ("method", "route"),
            buckets=BUCKETS_SECONDS,
            registry=self.registry,
        )
        self._rejected = Counter(
            "allocator_rejected_rows",
            "Rows of uploads that were refused, by permanent code; a fault of a table counts once.",
            ("code",),
            registry=self.registry,
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; `route` is a template, "" for what no route answers."""
        self._count.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def note_rejected(self, problems: Iterable[Problem]) -> None:
        """Count refused rows; a row is counted once for each code, and codes are a fixed list."""
        for code, _ in {(found.code, _row_of(found)) for found in problems}:
            self._rejected.labels(code).inc()

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self.registry)


def _row_of(problem: Problem) -> tuple[str, str]:
    """The row of a table, or `people[0]` of a document; "" for a fault of the whole."""
    if problem.row is not None:
        return problem.file, str(problem.row)
    return problem.file, (problem.column or "").partition(".")[0]


def count_rejected(request: Request) -> Iterator[None]:
    """A dependency of routes that take scenarios: what they refuse is counted."""
    try:
        yield
    except ScenarioError as error:
        found: RequestMetrics = request.app.state.metrics
        found.note_rejected(error.problems)
        raise


@ROUTER.get(
    "/metrics",
    operation_id="metrics",
    summary="Figures for a monitor",
    response_class=PlainTextResponse,
    response_description="Prometheus text exposition; no data of people.",
    responses=problems(HTTPStatus.UNAUTHORIZED),
)
def metrics(request: Request) -> PlainTextResponse:
    """Runs, plans, waiting time, workers, requests; for administrators, or open by setting."""
    if not service_of(request).settings.metrics_open:
        identify(request, csrf="").require(Action.READ_METRICS)
    found: RequestMetrics = request.app.state.metrics
    return PlainTextResponse(found.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
