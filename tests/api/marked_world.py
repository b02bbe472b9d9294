"""A prison with one restricted record of each kind, each of which decides something in a plan.

P1 and P2 may not meet (non-association), P3 is to be out of P4's reach (protection need), P5 and P6
are in rival groups, P7 leads and P8 is receptive (finding), and P7 influences P8 (evidence). The
plan has each two of them in one cell, so that each record is broken by a derogation.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fastapi.testclient import TestClient

from allocator.explain.readers import CATALOGUE, Reader
from allocator.jobs.ports import Planned
from allocator.jobs.request import NO_OVERRIDES, PlanRequest
from allocator.jobs.run_tasks import ConflictTask, OrderTask
from allocator.jobs.task import PlanTask
from allocator.model.scenario import Scenario
from allocator.prepare.plan_document import read_plan
from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.workflow import proposing
from allocator.service.workflow.records import SeenPlan
from allocator.solver.options import Observer
from allocator.store.tables import Run, StoredPlan
from allocator.verify import verify
from tests.jobs import fakes
from tests.scenario_documents import document
from tests.service.conftest import caller

READING = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
PRESENT = {"P1": "W-1", "P2": "W-2", "P3": "W-3", "P4": "W-4", "P5": "X-1", "P6": "X-2"}
PRESENT |= {"P7": "X-3", "P8": "X-4"}
PLANNED: dict[str, str | None] = {"P1": "W-1", "P2": "W-1", "P3": "W-3", "P4": "W-3"}
PLANNED |= {"P5": "X-1", "P6": "X-1", "P7": "X-3", "P8": "X-3"}
OTHER: dict[str, str | None] = {**PRESENT}
PLAN_ID, OTHER_ID, ORDER_ID, CONFLICT_ID, CURVE_ID = (f"{n:032x}" for n in range(1, 6))
DAYS = {"assessed_at": "2026-01-01", "valid_until": "2026-02-01"}
RECORDS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "non_association": (
        "non_associations",
        {
            "person_a": "P1", "person_b": "P2", "restriction": "cell",
            "reason": "ORGANISED_CRIME", "owner": "canary-owner-1",
        },
    ),
    "protection_need": (
        "protection_needs",
        {
            "person_id": "P3", "from_person": "P4", "reach": "cell", "reason": "canary-reason",
            "authority": "canary-authority", "review_by": "2026-01-20", "owner": "canary-owner-2",
        },
    ),
    "membership": (
        "keep_apart_memberships",
        {"group_id": "canary-group", "person_id": "P5", "owner": "canary-owner-3"},
    ),
    "finding": (
        "findings",
        {
            "person_id": "P7", "kind": "network_role", "value": "leader", "tool": "canary-tool",
            "assessor_role": "canary-assessor", "evidence_ref": "canary-evidence",
            "network_id": "canary-network", "owner": "canary-owner-4", **DAYS,
        },
    ),
    "edge": (
        "influence_edges",
        {
            "source": "P7", "target": "P8", "kind": "co_defendant", "strength": 3,
            "source_grade": "B", "basis": "fact", "observed_at": "2026-01-02",
            "expires_at": "2026-03-01", "author": "canary-author",
            "points": 47,
            "points_kind": "spillover", "owner": "canary-owner-5",
        },
    ),
}  # fmt: skip
CANARIES = ("canary", "ORGANISED_CRIME", "co_defendant", "network role")


def marked_document(release: list[str], only: str | None = None) -> dict[str, Any]:
    """The scenario with its records restricted to some roles; with one of them for `only`."""
    found = document(n_people=8, places=(2, 2, 2, 2), name="marked")
    found["units"].append({"unit_id": "X", "unit_type": "wing", "parent_id": "F"})
    found["cells"] += [
        {**cell, "cell_id": cell["cell_id"].replace("W", "X"), "parent_id": "X"}
        for cell in found["cells"]
    ]
    for person in found["people"]:
        person["current_place"] = PRESENT[person["person_id"]]
    rules = {"enforcement": "derogable", "price": 5, "signed_by": "governor"}
    names = ("R09", "R10", "R18", "R19", "R21")
    found["legal_profile"] = {
        "extends": "coe_base", "name": "marked", "version": "1",
        "settings": dict.fromkeys(names, rules),
    }  # fmt: skip
    found["keep_apart_memberships"] = [{"group_id": "other-group", "person_id": "P6"}]
    found["findings"] = [
        {
            "person_id": "P8", "kind": "receptivity", "value": "high", "tool": "plain-tool",
            "assessor_role": "plain-assessor", "evidence_ref": "plain-evidence", **DAYS,
        }
    ]  # fmt: skip
    for name, (table, row) in RECORDS.items():
        if only in {None, name}:
            marked = {**row, "marking": "restricted", "released_to": release}
            found.setdefault(table, []).append(marked)
    if only in {None, "membership"}:
        pair = {"group_a": "canary-group", "group_b": "other-group", "restriction": "cell"}
        found["group_rivalries"] = [pair]
    return found


def planned(scenario: Scenario, placement: dict[str, str | None]) -> Planned:
    """A verified plan that puts people there."""
    before = verify(scenario, dict(PRESENT)).exposure
    plan = replace(fakes.put(scenario, placement), exposure_before=before)
    return Planned(plan, verify(scenario, placement))


class Silent:
    """An observer that wants nothing."""

    def on_progress(self, progress: Any) -> None:
        del progress

    def should_stop(self) -> bool:
        return False


def results_of(found: Mapping[str, Any], placement: dict[str, str | None]) -> dict[str, Any]:
    """What a run of a plan returns."""

    def plan(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
        del request, observer
        return planned(scenario, placement)

    request = PlanRequest("quick", None, 1, 1)
    task = PlanTask(found, request, returns_documents=True, reader=Reader.WHOLE, planner=plan)
    return task.run(Silent())


def fill(service: Service, found: dict[str, Any]) -> str:
    """Two plans, their order and the conflicts of a scenario, as finished runs leave them."""
    version = scenarios.upload(service, caller(Role.PLANNER), found)
    now = service.clock()
    about = {"scenario_id": version.scenario_id, "version": 1, "made_at": now, "made_by": "x"}
    about["catalogue"] = CATALOGUE
    rows: list[Any] = []
    for plan_id, placement in ((PLAN_ID, PLANNED), (OTHER_ID, OTHER)):
        made = results_of(found, placement)
        rows.append(
            StoredPlan(
                plan_id=plan_id, content_hash=version.content_hash, state="draft",
                document=made["plan"], summary=made["summary"], reports=made["reports"], **about,
            )
        )  # fmt: skip
    plan = read_plan(rows[0].document)
    done: dict[str, tuple[str, Any]] = {
        "order": (ORDER_ID, OrderTask(found, plan).run(Silent())),
        "conflict": (CONFLICT_ID, ConflictTask(found, NO_OVERRIDES).run(Silent())),
    }
    curve = {"words": "Two points.", "points": [], "plans": {"plan.json": rows[0].document}}
    done["curve"] = (CURVE_ID, curve)
    rows[0].sequence = json.loads(json.dumps(done["order"][1]["officer"]))
    for kind, (run_id, result) in done.items():
        request: dict[str, Any] = {"options": {}, "from_plan_id": None, "plan_id": None}
        rows.append(
            Run(
                run_id=run_id, kind=kind, state="done", request=request, progress={},
                result=json.loads(json.dumps(result)), **about,
            )
        )  # fmt: skip
    with service.database.write() as session:
        session.add_all(rows)
    proposing.propose(service, caller(Role.PLANNER), SeenPlan(PLAN_ID))
    return version.scenario_id


def read_routes(scenario_id: str) -> Iterator[str]:
    """Everything that can be read."""
    yield from (f"/v1/scenarios/{scenario_id}{part}" for part in ("", "/versions", "/reviews"))
    yield f"/v1/scenarios/{scenario_id}/versions/1"
    yield f"/v1/scenarios/{scenario_id}/intake"
    for plan_id, other in ((PLAN_ID, OTHER_ID), (OTHER_ID, PLAN_ID)):
        start = f"/v1/plans/{plan_id}"
        parts = ("", "/document", "/report", "/moves", "/verification", "/workflow")
        yield from (start + part for part in parts)
        yield f"{start}/diff?against={other}"
    for person_id in PRESENT:
        yield f"/v1/plans/{PLAN_ID}/notices/{person_id}"
        yield f"/v1/plans/{PLAN_ID}/explanations/{person_id}?cell={PRESENT[person_id]}"
        yield f"/v1/plans/{OTHER_ID}/explanations/{person_id}?cell={PLANNED[person_id]}"
    yield f"/v1/plans/{PLAN_ID}/order"
    for run_id in (ORDER_ID, CONFLICT_ID, CURVE_ID):
        yield from (f"/v1/runs/{run_id}", f"/v1/runs/{run_id}/result")
    yield f"/v1/runs/{CONFLICT_ID}/report"
    yield from ("/v1/scenarios", "/v1/plans", "/v1/runs")


def ask(client: TestClient, scenario_id: str, plan: Mapping[str, Any]) -> dict[str, str]:
    """What every route that says something of a scenario answers."""
    found = {path: client.get(path).text for path in read_routes(scenario_id)}
    place = f"/v1/scenarios/{scenario_id}/placements"
    for person_id in PRESENT:
        found[f"{place} {person_id}"] = client.post(place, json={"person_id": person_id}).text
    wrong = {**plan, "derogations": []}
    body = {"plan": wrong, "scenario_id": scenario_id}
    found["/v1/verifications"] = client.post("/v1/verifications", json=body).text
    return found


def plan_of(service: Service) -> dict[str, Any]:
    """The stored plan as it is."""
    with service.database.read() as session:
        document: dict[str, Any] | None = session.get_one(StoredPlan, PLAN_ID).document
    assert document is not None
    return document
