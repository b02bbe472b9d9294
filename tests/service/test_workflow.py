"""From a draft to a signed plan: who may do what, in which order, and what is left behind."""

from threading import Barrier, Thread

import pytest

from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.audit.chain import find_faults
from allocator.service.errors import (
    BulkSigningError,
    ForbiddenError,
    NotFoundError,
    SamePersonError,
    StaleError,
    StateError,
)
from allocator.service.root import Service
from allocator.service.workflow import proposing, signing
from allocator.service.workflow.proposing import Rejection
from allocator.service.workflow.reasons import Plann, Seen, UnfitReasonError, values
from allocator.service.workflow.records import SeenPlan
from allocator.service.workflow.signing import Signing
from allocator.service.workflow.states import PlanState
from allocator.service.workflow.views import read_workflow
from allocator.store.tables import AuditEntry, StoredPlan
from tests.service.conftest import caller
from tests.service.prison import (
    ALL_ROLES,
    ALONE,
    BOTH,
    FIRST,
    PLANNER,
    PRESENT,
    REVIEWER,
    SECOND,
    SIMPLE,
    approval,
    draft,
    prison,
    proposed,
    reviewed,
    signed,
)


def test_a_plan_is_signed_when_every_item_has_its_signatures(service: Service) -> None:
    _, plan = draft(service)
    assert reviewed(service, plan).state is PlanState.REVIEWED
    signing.sign(service, FIRST, plan, approval(*SIMPLE))
    for item_id in ALONE:
        signing.sign(service, FIRST, plan, approval(item_id))
    for item_id in ALONE[:2]:
        status = signing.sign(service, SECOND, plan, approval(item_id))
        assert status.state is PlanState.REVIEWED
    status = signing.sign(service, SECOND, plan, approval(ALONE[2]))
    assert (status.state, status.revision) == (PlanState.SIGNED, 10)
    found = read_workflow(service, REVIEWER, plan.plan_id)
    assert [row["after"] for row in found.history] == ["proposed", "reviewed", "signed"]
    assert [len(item["signatures"]) for item in found.items] == [2, 1, 1, 2, 2]
    assert found.fits


def test_items_say_what_needs_two_people_and_why(service: Service) -> None:
    _, plan = draft(service)
    proposed(service, plan)
    items = read_workflow(service, REVIEWER, plan.plan_id).items
    assert {item["item_id"]: item["signatures_needed"] for item in items} == {
        "derogation:1": 2,
        "move:P1": 1,
        "move:P3": 1,
        "move:P4": 2,
        "move:P5": 2,
    }
    why = {item["item_id"]: item["why_two"] for item in items}
    assert why["move:P4"] == ["a transfer to another facility of a person with a VEO status"]
    assert why["move:P5"] == ["a placement under a regime of level 3 or above"]
    assert items[0]["detail"]["rule"] == "R02-capacity"


def test_the_log_names_nobody_and_is_whole(service: Service) -> None:
    _, plan = draft(service)
    signed(service, plan)
    with service.database.read() as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
        assert list(find_faults(service.keys, entries)) == []
        written = " ".join(f"{entry.object_id} {entry.detail}" for entry in entries)
        assert not any(name in written for name in PRESENT)
        about = [e.action for e in entries if e.subject == service.keys.subject("P5")]
    assert about == ["plan.sign", "plan.sign"]


def test_only_a_draft_that_the_judge_confirms_is_proposed(service: Service) -> None:
    _, plan = draft(service)
    with service.database.write() as session:
        row = session.get_one(StoredPlan, plan.plan_id)
        wrong = dict(row.document or {})
        wrong["derogations"] = []
        row.document = wrong
    with pytest.raises(StateError, match="does not confirm"):
        proposed(service, plan)


def test_a_plan_that_changes_nothing_is_not_proposed(service: Service) -> None:
    _, plan = draft(service, PRESENT)
    with pytest.raises(StateError, match="nothing to sign"):
        proposed(service, plan)


def test_steps_of_the_workflow_cannot_be_skipped(service: Service) -> None:
    _, plan = draft(service)
    with pytest.raises(StateError):
        proposing.review(service, REVIEWER, plan, values(Seen))
    with pytest.raises(StateError):
        signing.sign(service, FIRST, plan, approval(*SIMPLE))
    proposed(service, plan)
    with pytest.raises(StateError):
        proposed(service, plan)


def test_who_proposed_does_not_review(service: Service) -> None:
    _, plan = draft(service)
    proposed(service, plan, ALL_ROLES)
    with pytest.raises(SamePersonError):
        proposing.review(service, ALL_ROLES, plan, values(Seen))
    assert proposing.review(service, REVIEWER, plan, values(Seen)).state is PlanState.REVIEWED


def test_a_review_looks_at_everything(service: Service) -> None:
    _, plan = draft(service)
    proposed(service, plan)
    with pytest.raises(UnfitReasonError, match="worst_off"):
        proposing.review(service, REVIEWER, plan, values(Seen) - {"worst_off"})


def test_a_program_proposes_and_neither_reviews_nor_signs(service: Service) -> None:
    program = caller(*Role, facilities=BOTH, actor="key:console")
    _, plan = draft(service)
    proposed(service, plan, program)
    with pytest.raises(ForbiddenError, match="named person"):
        proposing.review(service, program, plan, values(Seen))
    proposing.review(service, REVIEWER, plan, values(Seen))
    with pytest.raises(ForbiddenError, match="named person"):
        signing.sign(service, program, plan, approval(*SIMPLE))
    with pytest.raises(ForbiddenError, match="named person"):
        proposing.reject(service, program, plan, Rejection("unfair"))


def test_two_signatures_are_two_people_and_not_the_proposer(service: Service) -> None:
    _, plan = draft(service)
    proposed(service, plan, ALL_ROLES)
    proposing.review(service, REVIEWER, plan, values(Seen))
    signing.sign(service, ALL_ROLES, plan, approval(*SIMPLE))  # one signature is enough for these
    for item_id in ALONE:
        with pytest.raises(SamePersonError, match="proposed"):
            signing.sign(service, ALL_ROLES, plan, approval(item_id))
        signing.sign(service, FIRST, plan, approval(item_id))
        with pytest.raises(SamePersonError, match="already"):
            signing.sign(service, FIRST, plan, approval(item_id))


@pytest.mark.parametrize("item_id", ALONE)
def test_what_touches_a_restrictive_unit_is_signed_by_itself(
    sqlite_service: Service, item_id: str
) -> None:
    _, plan = draft(sqlite_service)
    reviewed(sqlite_service, plan)
    with pytest.raises(BulkSigningError):
        signing.sign(sqlite_service, FIRST, plan, approval("move:P1", item_id))


def test_a_move_out_of_a_restrictive_unit_needs_one_person_and_its_own_request(
    sqlite_service: Service,
) -> None:
    found = _held_apart()
    _, plan = draft(sqlite_service, {**PRESENT, "P5": "W-4", "P1": "W-3"}, found)
    reviewed(sqlite_service, plan)
    items = {i["item_id"]: i for i in read_workflow(sqlite_service, FIRST, plan.plan_id).items}
    assert (items["move:P5"]["signatures_needed"], items["move:P5"]["alone"]) == (1, True)
    with pytest.raises(BulkSigningError):
        signing.sign(sqlite_service, FIRST, plan, approval("move:P1", "move:P5"))


def test_reasons_come_from_the_list_of_the_item(sqlite_service: Service) -> None:
    _, plan = draft(sqlite_service)
    reviewed(sqlite_service, plan)
    for item_id, reason, text in (
        ("move:P1", "no_staff", ""),
        ("derogation:1", "lack_of_staff", "nobody on the landing"),
        ("derogation:1", "conflict", "a reason for moves"),
        ("derogation:1", "health", " "),
    ):
        with pytest.raises(UnfitReasonError):
            signing.sign(sqlite_service, FIRST, plan, Signing((item_id,), True, reason, text))
    with pytest.raises(UnfitReasonError, match="five answers"):
        signing.sign(sqlite_service, FIRST, plan, Signing(("move:P5",), True, "conflict"))
    blank = Plann("two weeks", "rule 46", "", "after a threat", "conduct alone")
    with pytest.raises(UnfitReasonError, match="accountable"):
        signing.sign(
            sqlite_service, FIRST, plan, Signing(("move:P5",), True, "conflict", plann=blank)
        )


def test_a_refused_item_stops_the_signing_and_is_kept_for_the_next_plan(service: Service) -> None:
    version, plan = draft(service)
    reviewed(service, plan)
    refusal = Signing(("move:P3",), False, "vulnerable", "beside the stairs")
    signing.sign(service, FIRST, plan, refusal)
    with pytest.raises(StateError, match="refused"):
        signing.sign(service, SECOND, plan, approval("move:P1"))
    status = proposing.reject(
        service, SECOND, plan, Rejection("items_refused", keeps_refusals=True)
    )
    assert (status.state, status.newest_version) == (PlanState.REJECTED, 2)
    newest = scenarios.find(service, PLANNER, version.scenario_id)
    (row,) = newest.require_document()["locks"]
    assert (row["person_id"], row["cell_id"], row["kind"]) == ("P3", "W-3", "reject")
    assert (row["by"], row["reason"]) == (FIRST.actor, "vulnerable")
    assert len(row["plan"]) == 64


def test_a_rejection_without_refusals_leaves_the_scenario_as_it_is(service: Service) -> None:
    version, plan = draft(service)
    proposed(service, plan)
    with pytest.raises(UnfitReasonError):
        proposing.reject(service, REVIEWER, plan, Rejection("do not like it"))
    status = proposing.reject(service, REVIEWER, plan, Rejection("unfair", "P5 pays for all"))
    assert (status.state, status.newest_version) == (PlanState.REJECTED, None)
    assert scenarios.find(service, PLANNER, version.scenario_id).number == 1
    with pytest.raises(StateError):
        proposing.reject(service, REVIEWER, plan, Rejection("unfair"))


def test_another_facility_has_no_such_plan(service: Service) -> None:
    _, plan = draft(service)
    for facilities in (("F",), ("H",), ()):
        stranger = caller(*Role, facilities=facilities, actor="account:stranger")
        for attempt in (
            lambda by: proposed(service, plan, by),
            lambda by: read_workflow(service, by, plan.plan_id),
            lambda by: proposing.reject(service, by, plan, Rejection("unfair")),
        ):
            with pytest.raises(NotFoundError):
                attempt(stranger)


def test_a_change_of_what_somebody_did_not_see_is_refused(service: Service) -> None:
    _, plan = draft(service)
    status = proposed(service, plan)
    seen = SeenPlan(plan.plan_id, status.revision)
    proposing.review(service, REVIEWER, seen, values(Seen))
    with pytest.raises(StaleError):
        proposing.reject(service, REVIEWER, seen, Rejection("unfair"))


def test_one_person_cannot_sign_twice_at_the_same_time(service: Service) -> None:
    _, plan = draft(service)
    reviewed(service, plan)
    outcomes = _at_once(service, plan, [FIRST, FIRST, FIRST, FIRST], approval("move:P4"))
    assert sorted(outcomes) == ["done", *["second_person_needed"] * 3]
    (item,) = [
        item
        for item in read_workflow(service, FIRST, plan.plan_id).items
        if item["item_id"] == "move:P4"
    ]
    assert (item["state"], len(item["signatures"])) == ("open", 1)


def test_two_people_can_sign_at_the_same_time(service: Service) -> None:
    _, plan = draft(service)
    reviewed(service, plan)
    assert _at_once(service, plan, [FIRST, SECOND], approval("move:P4")) == ["done", "done"]
    assert sign_rest(service, plan) is PlanState.SIGNED


def sign_rest(service: Service, plan: SeenPlan) -> PlanState:
    signing.sign(service, FIRST, plan, approval(*SIMPLE))
    status = None
    for item_id in ("derogation:1", "move:P5"):
        for signer in (FIRST, SECOND):
            status = signing.sign(service, signer, plan, approval(item_id))
    assert status is not None
    return status.state


def _at_once(service: Service, plan: SeenPlan, people: list[Caller], what: Signing) -> list[str]:
    """What became of one request of each person, all sent at the same moment."""
    together, outcomes = Barrier(len(people)), []

    def send(by: Caller) -> None:
        together.wait()
        try:
            signing.sign(service, by, plan, what)
        except StateError as error:
            outcomes.append(error.code)
        else:
            outcomes.append("done")

    threads = [Thread(target=send, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _held_apart() -> dict[str, object]:
    found = prison()
    found["people"][4]["current_place"] = "S-1"
    return found
