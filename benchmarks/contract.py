"""Random requests from the OpenAPI description: ``python -m benchmarks.contract [--cases N]``.

Schemathesis makes requests that fit the description and requests that do not; half of them get ids
that exist, so that they come past the first 404. Counts 5xx answers, answers whose status, media
type or body is not described, and exits with 1 when there is one. 5,000 cases without an option.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from allocator.api.app import create_app
from allocator.api.examples import SCENARIO
from allocator.api.identity import identify
from allocator.jobs.plan import make_judged_plan
from allocator.jobs.request import PlanRequest
from allocator.jobs.summary import summary_document
from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_document
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service, open_service
from allocator.service.settings import read_settings
from allocator.store.tables import StoredPlan

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
EVERYBODY = Caller("key:contract", "contract", frozenset(Role), frozenset({"*"}), "contract")
PLAN_ID = "c0" * 16
HOST = {"Host": "127.0.0.1:8000"}


@dataclass(slots=True)
class Found:
    """What the requests were answered: statuses and failures, each with an example."""

    cases: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Found") -> None:
        """Count what other requests found too."""
        self.cases += other.cases
        self.statuses += other.statuses
        self.failures |= other.failures


def check_contract(
    app: FastAPI, known: Mapping[str, str], each: int, random_seed: int = 1
) -> Found:
    """Send at most `each` different requests to every operation and check every answer.

    Parameters
    ----------
    known : parameters of addresses by name that half of the requests get.
    """
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST)
    found = Found()
    for result in schema.get_all_operations():
        if not isinstance(result, Ok):
            found.failures[f"{result.err()}"] = "The description of an operation cannot be read."
            continue
        operation = result.ok()
        modes = [
            operation.as_strategy(generation_mode=mode)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        ]
        _send_all(st.one_of(*modes), known, found, each, random_seed)
    return found


def _send_all(
    cases: st.SearchStrategy["Case[Any]"],
    known: Mapping[str, str],
    found: Found,
    each: int,
    first: int,
) -> None:
    @seed(first)
    @settings(
        max_examples=each,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, is_known=st.booleans())
    def send(case: "Case[Any]", is_known: bool) -> None:
        if is_known:
            mine = {name: known[name] for name in case.path_parameters or {} if name in known}
            case.path_parameters = {**(case.path_parameters or {}), **mine}
        _send(case, found)

    send()


def _send(case: "Case[Any]", found: Found) -> None:
    response = case.call(headers={**dict(case.headers or {}), **HOST})
    found.cases += 1
    name = str(case.operation.definition.raw["operationId"])
    found.statuses[f"{name} {response.status_code}"] += 1
    try:
        case.validate_response(response, checks=list(CHECKS))
    except FailureGroup as group:
        for failure in group.exceptions:
            found.failures.setdefault(
                f"{name} {response.status_code}: {failure.title}", str(failure)
            )


def seeded(folder: Path) -> tuple[Service, dict[str, str]]:
    """A service with one scenario and a plan of it, and the ids of both."""
    settings_of = read_settings(
        data_folder=folder, embedded_workers=0, queue_size=100_000, runs_per_minute=1_000_000
    )
    service = open_service(settings_of)
    scenario = read_source(SCENARIO)
    planned = make_judged_plan(scenario, PlanRequest("quick", 20.0, 1, 1))
    made = scenarios.upload(service, EVERYBODY, SCENARIO)
    row: dict[str, Any] = {
        "plan_id": PLAN_ID,
        "scenario_id": made.scenario_id,
        "version": 1,
        "content_hash": made.content_hash,
        "state": "draft",
        "document": plan_document(planned.plan),
        "summary": summary_document(scenario, planned),
        "reports": dict.fromkeys(("officer", "security"), "<!doctype html><title>tiny</title>"),
        "made_at": service.clock(),
        "made_by": EVERYBODY.actor,
    }
    with service.database.write() as session:
        session.add(StoredPlan(**row))
    return service, {"scenario_id": made.scenario_id, "plan_id": PLAN_ID, "person_id": "P1"}


def main() -> int:
    """Send the requests and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service, known = seeded(Path(folder))
        app = create_app(service)
        app.dependency_overrides[identify] = lambda: EVERYBODY
        operations = sum(len(methods) for methods in app.openapi()["paths"].values())
        found, random_seed = Found(), options.seed
        while found.cases < options.cases:
            each = -(-(options.cases - found.cases) // operations)
            found.add(check_contract(app, known, each, random_seed))
            random_seed += 1
        service.database.close()
    print(f"{found.cases} cases of {operations} operations, {len(found.failures)} kinds of failure")
    for answer, count in sorted(found.statuses.items()):
        print(f"  {count:5} {answer}")
    for name, example in sorted(found.failures.items()):
        print(f"{name}\n{example}\n")
    return int(bool(found.failures))


if __name__ == "__main__":
    sys.exit(main())
