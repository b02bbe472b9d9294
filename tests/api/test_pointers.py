"""Errors of what is sent have JSON pointers into the body that was sent."""

import csv
import io
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from allocator.api.problems import error_response
from allocator.errors import ScenarioError
from allocator.jobs.archive import archive_document
from allocator.jobs.task import read_source
from allocator.prepare.write import write_scenario_folder
from allocator.service.access.roles import Role
from tests.api.conftest import Connect, upload
from tests.api.test_archives import ZIP, packed
from tests.prepare_read.test_pointers import follow
from tests.scenario_documents import bad_document, document

VALUES = {"value_not_listed": "X", "value_out_of_range": -4}


def led_to(answer: Any, body: Any) -> dict[str, Any]:
    """What each error's pointer leads to in the body, by code."""
    assert answer.headers["content-type"] == "application/problem+json"
    return {row["code"]: follow(row["pointer"], body) for row in answer.json()["errors"]}


def test_pointers_lead_into_the_document_that_was_posted(connect: Connect) -> None:
    client = connect(Role.PLANNER)
    bad = bad_document()
    assert led_to(client.post("/v1/scenarios", json=bad), bad) == VALUES
    address = f"/v1/scenarios/{upload(client, document())}"
    seen = {"If-Match": client.get(address).headers["ETag"]}
    assert led_to(client.put(address, json=bad, headers=seen), bad) == VALUES
    checked = client.post("/v1/scenarios:check", json=bad).json()["problems"]
    assert {row["code"]: follow(row["pointer"], bad) for row in checked} == VALUES
    assert {row["column"] for row in checked} == {"people[0].sex", "people[1].age_years"}


def test_pointers_into_a_part_of_the_body_begin_with_it(connect: Connect) -> None:
    client = connect(Role.SECURITY)
    body: dict[str, Any] = {"plan": {"schema_version": 2}, "scenario": bad_document()}
    answer = client.post("/v1/verifications", json=body)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    pointers = {row["pointer"] for row in answer.json()["errors"]}
    assert {"/plan", "/plan/schema_version"} == pointers
    follow("/plan/schema_version", body)


def test_of_tables_the_document_that_they_make_is_meant(connect: Connect, tmp_path: Path) -> None:
    write_scenario_folder(document(), tmp_path / "prison")
    files = {path.name: path.read_bytes() for path in sorted((tmp_path / "prison").iterdir())}
    made = archive_document(packed(files))
    rows = list(csv.DictReader(io.StringIO(files["people.csv"].decode())))
    rows[1]["age_years"] = "-4"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    bad = packed(files | {"people.csv": out.getvalue().encode()})
    answer = connect(Role.PLANNER).post("/v1/scenarios", content=bad, headers=ZIP)
    (error,) = answer.json()["errors"]
    assert (error["file"], error["row"], error["column"]) == ("people.csv", 3, "age_years")
    assert error["pointer"] == "/people/1/age_years"
    assert follow(error["pointer"], made) == 32
    broken = connect(Role.PLANNER).post("/v1/scenarios", content=b"PK", headers=ZIP)
    assert "pointer" not in broken.json()["errors"][0]


def test_without_a_document_in_the_body_there_is_no_pointer() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_source(bad_document())
    rows = json.loads(bytes(error_response(caught.value, "/v1/runs").body))["errors"]
    assert rows
    assert all("pointer" not in row for row in rows)


def test_a_parameter_is_named_and_not_pointed_to(connect: Connect) -> None:
    client = connect(Role.PLANNER)
    (error,) = client.get("/v1/scenarios?limit=0").json()["errors"]
    assert (error["in"], error["parameter"]) == ("query", "limit")
    (error,) = client.post("/v1/verifications", json={"plan": {}, "a/b~": 1}).json()["errors"][:1]
    assert error["pointer"] in {"/a~1b~0", ""}
