"""Gap, bound and rejected rows in the exposition that a monitor reads."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, update

from allocator.prepare.problem_codes import CODES
from allocator.service.access.roles import Role
from allocator.service.operations.gaps import Proof, proof_of, tier_gaps
from allocator.service.root import Service
from allocator.store.tables import Run, ScenarioLine, StoredPlan
from tests.api.access_app import ADDRESS, key_for, make_app
from tests.api.conftest import caller, client_of, upload
from tests.scenario_documents import bad_document, document
from tests.service.conftest import MakeService

Labels = frozenset[tuple[str, str]]


def samples(service: Service) -> dict[tuple[str, Labels], float]:
    """Every sample of the exposition as a monitor's own parser reads it."""
    with TestClient(make_app(service), base_url=ADDRESS) as client:
        return parsed(client)


def parsed(client: TestClient) -> dict[tuple[str, Labels], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def labelled(**labels: str) -> Labels:
    return frozenset(labels.items())


@pytest.fixture
def opened(make_service: MakeService, database_url: str) -> Service:
    """A service whose figures are open to a monitor, on either database."""
    return make_service(metrics_open=True, database_url=database_url)


def keep(
    service: Service, number: int, tiers: list[dict[str, Any]] | None, hours: float = 1
) -> None:
    """A run that ended, with a plan of these tiers; None for one whose data were deleted."""
    ended = service.clock() - timedelta(hours=hours)
    with service.database.write() as session:
        scenario_id = session.scalars(select(ScenarioLine.scenario_id)).one()
        common: dict[str, Any] = {"scenario_id": scenario_id, "version": 1, "made_by": "a"}
        times = {"made_at": ended, "started_at": ended, "ended_at": ended}
        names = {"run_id": f"r{number}", "plan_id": f"p{number}"}
        run = {"kind": "plan", "request": {}, "progress": {}, "state": "done"}
        session.add(Run(**names, **run, **times, **common))
        session.flush()
        summary = None if tiers is None else {"tiers": tiers}
        plan = {"content_hash": "h", "state": "draft", "made_at": ended}
        session.add(StoredPlan(**names, summary=summary, **plan, **common))


def tier(name: str, value: int, bound: int | None) -> dict[str, Any]:
    return {"tier": name, "value": value, "bound": bound}


def test_gaps_and_proofs_are_of_the_plans_of_the_last_day(opened: Service) -> None:
    upload(client_of(opened, caller(Role.PLANNER)), document())
    keep(opened, 1, [tier("unplaced", 0, 0), tier("exposure", 200, 190)])
    keep(opened, 2, [tier("unplaced", 2, 2), tier("exposure", 70, 70)])
    keep(opened, 3, [tier("unplaced", 0, 0), tier("exposure", 50, None)])
    keep(opened, 4, None)
    keep(opened, 5, [tier("exposure", 100, 10)], hours=25)
    found = samples(opened)
    name, of = "allocator_run_gap_ratio", {"tier": "exposure"}
    below = {
        limit: found[f"{name}_bucket", labelled(le=limit, **of)]
        for limit in ("0.0", "0.02", "0.05", "+Inf")
    }
    assert below == {"0.0": 1, "0.02": 1, "0.05": 2, "+Inf": 2}
    assert found[f"{name}_sum", labelled(**of)] == pytest.approx(0.05)
    assert found[f"{name}_count", labelled(tier="unplaced")] == 3
    assert found["allocator_run_tiers_unbounded", labelled(tier="exposure")] == 1
    assert found["allocator_run_tiers_unbounded", labelled(tier="unplaced")] == 0
    proofs = {p: found["allocator_run_proofs", labelled(proof=p)] for p in Proof}
    assert proofs == {"proved": 1, "bounded": 1, "unbounded": 1}


def test_a_plan_is_read_once_and_forgotten_after_a_day(opened: Service) -> None:
    upload(client_of(opened, caller(Role.PLANNER)), document())
    keep(opened, 1, [tier("moves", 9, 9)], hours=23)
    with TestClient(make_app(opened), base_url=ADDRESS) as client:
        key = ("allocator_run_proofs", labelled(proof="proved"))
        assert parsed(client)[key] == 1
        with opened.database.write() as session:
            session.execute(update(StoredPlan).values(summary=None))
        assert parsed(client)[key] == 1
        opened.clock.forward(hours=2)  # type: ignore[attr-defined]
        assert parsed(client)[key] == 0


@pytest.mark.parametrize(
    ("tiers", "proof"),
    [
        ([tier("moves", 7, 7), tier("exposure", 0, 0)], Proof.PROVED),
        ([tier("moves", 7, 7), tier("exposure", 5, 3)], Proof.BOUNDED),
        ([tier("moves", 7, None), tier("exposure", 5, 5)], Proof.UNBOUNDED),
        ([tier("preferences", -8, -10)], Proof.BOUNDED),
    ],
)
def test_a_plan_is_proved_when_all_of_it_is(tiers: list[dict[str, Any]], proof: Proof) -> None:
    assert proof_of(tier_gaps({"tiers": tiers})) is proof


def test_rejected_rows_are_counted_by_permanent_code(make_service: MakeService) -> None:
    service = make_service(metrics_open=True)
    planner = {"Authorization": f"Bearer {key_for(service, Role.PLANNER)}"}
    with TestClient(make_app(service), base_url=ADDRESS) as client:
        whole = client.post("/v1/scenarios", json=document(), headers=planner)
        again = planner | {"If-Match": whole.headers["ETag"]}
        where = f"/v1/scenarios/{whole.json()['scenario_id']}"
        assert client.post("/v1/scenarios", json=bad_document(), headers=planner).status_code == 422
        assert client.put(where, json=bad_document(), headers=again).status_code == 422
        three = document(4)
        for row in three["people"][:3]:
            row["sex"] = "never seen"
        assert client.post("/v1/scenarios", json=three, headers=planner).status_code == 422
        found = parsed(client)
        text = client.get("/metrics").text
    rejected = {
        dict(labels)["code"]: value
        for (name, labels), value in found.items()
        if name == "allocator_rejected_rows_total"
    }
    assert rejected == {"value_not_listed": 5, "value_out_of_range": 2}
    assert set(rejected) <= set(CODES)
    assert "never seen" not in text
