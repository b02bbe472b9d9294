"""Redaction of a scenario: nothing of intelligence is left, and a revision loses nothing of it."""

import copy
import json
from typing import Any

import pytest

from allocator.explain.readers import HIDDEN_RECORDS, Reader
from allocator.jobs.task import read_source
from allocator.service.access import readers
from allocator.service.access.roles import Role
from tests.complete import COMPLETE_DOCUMENT
from tests.service.conftest import caller

OFFICER, SECURITY = caller(Role.OFFICER), caller(Role.SECURITY)


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(COMPLETE_DOCUMENT)


def test_every_kind_that_explanations_hide_is_hidden() -> None:
    covered = set(readers.HIDDEN_FIELDS).union(*readers.HIDDEN_TABLES.values())
    assert covered == HIDDEN_RECORDS


def test_officers_get_a_scenario_without_intelligence(document: dict[str, Any]) -> None:
    shown = readers.redact_scenario(document, OFFICER)
    text = json.dumps(shown)
    for name in readers.HIDDEN_TABLES:
        assert document[name], name
        assert name not in shown
    for field in readers.HIDDEN_FIELDS.values():
        assert field not in text
    for finding in document["findings"]:
        assert finding["evidence_ref"] not in text
    assert not any(need.get("from_group") for need in shown["protection_needs"])
    assert readers.redact_scenario(document, SECURITY) == document
    assert readers.reader_of(OFFICER) == Reader.OFFICER
    assert readers.reader_of(SECURITY) == Reader.SECURITY


def test_what_is_shown_still_reads_as_a_scenario(document: dict[str, Any]) -> None:
    read_source(readers.redact_scenario(document, OFFICER))


def test_sending_back_what_was_shown_changes_nothing(document: dict[str, Any]) -> None:
    shown = readers.redact_scenario(document, OFFICER)
    whole = readers.complete_scenario(shown, document, OFFICER)
    assert read_source(whole).content_hash == read_source(document).content_hash


def test_a_revision_without_sight_keeps_what_it_could_not_see(document: dict[str, Any]) -> None:
    shown: dict[str, Any] = copy.deepcopy(dict(readers.redact_scenario(document, OFFICER)))
    shown["description"] = "revised"
    shown["authorities"][0]["grounds"] = "other grounds"
    whole = readers.complete_scenario(shown, document, OFFICER)
    assert whole["findings"] == document["findings"]
    assert whole["authorities"][0]["grounds"] == "other grounds"
    assert read_source(whole).content_hash != read_source(document).content_hash


@pytest.mark.parametrize("people", [None, 7, "x", [7], [{"person_id": ["P1"]}], [None]])
def test_a_document_that_is_none_is_left_to_the_reader(
    document: dict[str, Any], people: Any
) -> None:
    given = {"people": people, "authorities": {"a": 1}, "protection_needs": 7}
    whole = readers.complete_scenario(given, document, OFFICER)
    assert whole["people"] == people
    assert whole["authorities"] == {"a": 1}
    readers.redact_scenario(given, OFFICER)


RESTRICTED: dict[str, Any] = {
    "person_a": "P1", "person_b": "P2", "restriction": "cell", "owner": "police",
    "marking": "restricted", "released_to": ["security"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "is_shown"), [(Role.SECURITY, True), (Role.PLANNER, False), (Role.OFFICER, False)]
)
def test_a_restricted_record_is_for_those_it_was_released_to(role: Role, is_shown: bool) -> None:
    people = [{"person_id": "P1"}, {"person_id": "P2"}]
    stored = {"people": people, "non_associations": [RESTRICTED]}
    reader = caller(role)
    shown = readers.redact_scenario(stored, reader)
    assert bool(shown["non_associations"]) is is_shown
    assert readers.complete_scenario(shown, stored, reader)["non_associations"] == [RESTRICTED]


def test_a_restricted_record_of_who_left_is_not_brought_back() -> None:
    stored = {"people": [{"person_id": "P1"}], "non_associations": [RESTRICTED]}
    sent = {"people": [{"person_id": "P1"}], "non_associations": []}
    assert readers.complete_scenario(sent, stored, caller(Role.PLANNER))["non_associations"] == []


def test_a_group_that_only_restricted_records_name_is_not_shown(document: dict[str, Any]) -> None:
    known = {member["group_id"] for member in document["keep_apart_memberships"]}
    person_id = document["people"][0]["person_id"]
    marked = {"marking": "restricted", "released_to": ["reviewer"]}
    secret = {"group_id": "secret", "person_id": person_id, **marked}
    document["keep_apart_memberships"].append(secret)
    rivals = {"group_a": min(known), "group_b": "secret", "restriction": "cell"}
    document["group_rivalries"].append(rivals)
    shown: dict[str, Any] = copy.deepcopy(readers.redact_scenario(document, SECURITY))  # type: ignore[arg-type]
    assert "secret" not in json.dumps(shown)
    read_source(shown)
    whole = readers.complete_scenario(shown, document, SECURITY)
    assert read_source(whole).content_hash == read_source(document).content_hash
    shown["people"] = shown["people"][1:]
    gone = readers.complete_scenario(shown, document, SECURITY)
    assert "secret" not in json.dumps(gone)
