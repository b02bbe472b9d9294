"""Stored plans over HTTP: lists, documents by role, exports, and what the audit log keeps."""

import csv
import io
from http import HTTPStatus

import pytest

from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_document
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import PlanChange, StoredPlan
from tests.api.conftest import OTHER_ID, PLAN_ID, Connect, audit, store_plan, upload
from tests.jobs.fakes import put
from tests.scenario_documents import document

HIDDEN = "R18-source-receptive-cell"
READS = ("", "/document", "/report", "/moves", "/verification", "/notices/P1", "/explanations/P1")


@pytest.fixture
def scenario_id(connect: Connect, sqlite_service: Service) -> str:
    """A stored scenario with a draft plan of it."""
    found = upload(connect(Role.PLANNER), document())
    store_plan(sqlite_service, found, document())
    return found


def test_a_plan_with_its_history_and_documents(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    with sqlite_service.database.write() as session:
        change = {"number": 1, "before": "draft", "after": "proposed", "by": "account:one"}
        session.add(PlanChange(plan_id=PLAN_ID, at=sqlite_service.clock(), detail={}, **change))
        session.get_one(StoredPlan, PLAN_ID).revision = 7
    client = connect(Role.OFFICER)
    answer = client.get(f"/v1/plans/{PLAN_ID}")
    assert answer.headers["ETag"] == '"7"'
    found = answer.json()
    assert (found["scenario_id"], found["version"], found["state"]) == (scenario_id, 1, "draft")
    assert found["summary"]["people"] == 2
    assert [(c["after"], c["by"]) for c in found["changes"]] == [("proposed", "account:one")]
    placed = client.get(f"/v1/plans/{PLAN_ID}/document").json()["document"]["placements"]
    assert {p["person_id"]: p["cell_id"] for p in placed} == {"P1": "W-1", "P2": "W-1"}
    report = client.get(f"/v1/plans/{PLAN_ID}/report")
    assert report.headers["Content-Type"].startswith("text/html")
    policy = report.headers["Content-Security-Policy"]
    assert "sha256-" in policy
    assert "unsafe" not in policy


def test_every_read_is_noted_with_the_person_as_a_digest(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    assert scenario_id
    client = connect(Role.OFFICER)
    for path in READS:
        assert client.get(f"/v1/plans/{PLAN_ID}{path}").status_code == HTTPStatus.OK, path
    rows = audit(sqlite_service)[1:]
    subject = sqlite_service.keys.subject("P1")
    assert [(r.action, r.detail.get("what", ""), r.subject) for r in rows] == [
        ("plan.read", "summary", ""),
        ("plan.read", "document", ""),
        ("plan.read", "report", ""),
        ("export", "moves", ""),
        ("verify", "", ""),
        ("explain", "notice", subject),
        ("explain", "", subject),
    ]
    assert {r.object_id for r in rows} == {PLAN_ID}
    assert {tuple(r.facilities) for r in rows} == {("F",)}


def test_a_plan_of_another_facility_is_not_there(connect: Connect, scenario_id: str) -> None:
    stranger = connect(Role.OFFICER, Role.SECURITY, facilities=("G",))
    for path in (*READS, "/order", f"/diff?against={PLAN_ID}"):
        answer = stranger.get(f"/v1/plans/{PLAN_ID}{path}")
        assert answer.status_code == HTTPStatus.NOT_FOUND, path
    assert stranger.get("/v1/plans").json() == {"plans": [], "next": None}
    listed = stranger.get("/v1/plans", params={"scenario_id": scenario_id}).json()
    assert listed["plans"] == []


def test_plans_are_listed_by_scenario_and_state(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.INSPECTOR)
    store_plan(sqlite_service, scenario_id, document(), OTHER_ID, state="proposed")

    def ids(**params: str) -> list[str]:
        return [p["plan_id"] for p in client.get("/v1/plans", params=params).json()["plans"]]

    assert ids() == [OTHER_ID, PLAN_ID]
    assert ids(state="draft") == [PLAN_ID]
    assert ids(state="draft", scenario_id=scenario_id) == [PLAN_ID]
    assert ids(scenario_id="0" * 32) == []
    assert client.get("/v1/plans?state=pending").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_moves_are_safe_to_open_in_a_spreadsheet(connect: Connect, sqlite_service: Service) -> None:
    scenario_id = upload(connect(Role.PLANNER), document())
    plan = plan_document(put(read_source(document()), {"P1": "W-1", "P2": "W-1"}))
    for row, name in zip(plan["placements"], ("=1+1", "@P2"), strict=True):
        row["person_id"] = name  # no reader lets such a name in; the export does not rely on it
    store_plan(sqlite_service, scenario_id, document(), document=plan)
    answer = connect(Role.OFFICER).get(f"/v1/plans/{PLAN_ID}/moves")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["person_id", "from_place", "to_cell"]
    assert sorted(rows[1:]) == [["'=1+1", "", "W-1"], ["'@P2", "", "W-1"]]


def test_what_rests_on_findings_is_masked_for_officers(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    hidden = {"rule": HIDDEN, "person_ids": ["P1", "P2"], "place": "W-1", "amount": 3}
    hidden |= {"detail": "P1 is a source", "price": 11, "signed_by": "governor"}
    open_one = hidden | {"rule": "R02-capacity", "detail": "one too many"}
    placement = {"person_id": "P1", "blocked_by": {HIDDEN: 2, "R02-capacity": 5}}
    stored = {"derogations": [hidden, open_one], "placements": [placement]}
    store_plan(sqlite_service, scenario_id, document(), OTHER_ID, document=stored)
    path = f"/v1/plans/{OTHER_ID}/document"
    assert connect(Role.SECURITY).get(path).json() == {
        "plan_id": OTHER_ID,
        "is_redacted": False,
        "document": stored,
    }
    answer = connect(Role.SIGNER).get(path)
    assert answer.json()["is_redacted"] is True
    assert HIDDEN not in answer.text
    assert "source" not in answer.text
    masked, shown = answer.json()["document"]["derogations"]
    assert shown == open_one
    assert masked == hidden | {
        "rule": "recorded information",
        "person_ids": [],
        "detail": "",
        "price": None,
    }
    blocked = answer.json()["document"]["placements"][0]["blocked_by"]
    assert blocked == {"recorded information": 2, "R02-capacity": 5}


def test_a_plan_whose_data_are_gone_still_has_a_heading(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    gone = {"document": None, "summary": None, "reports": None}
    store_plan(sqlite_service, scenario_id, document(), OTHER_ID, **gone)
    client = connect(Role.OFFICER)
    assert client.get(f"/v1/plans/{OTHER_ID}").json()["summary"] is None
    for path in (*READS[1:], "/order"):
        answer = client.get(f"/v1/plans/{OTHER_ID}{path}")
        assert answer.status_code == HTTPStatus.CONFLICT, path
        assert answer.json()["code"] == "state_conflict"
