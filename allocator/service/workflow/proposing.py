"""Propose, review, reject: what people do with a plan as a whole.

The reviewer is another person than the proposer. Whoever may propose, review or sign may also say
no, at any time before the execution; what was refused item by item can go into the next plan as
rejections, which it keeps (R51).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from allocator.jobs.verification import scenario_of_plan
from allocator.model.locks import LockKind
from allocator.model.plan import Plan
from allocator.prepare.last_plan import plan_hash
from allocator.prepare.plan_document import read_plan
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import SamePersonError, StateError
from allocator.service.root import Service
from allocator.service.scenarios import Revision, add_version, find_in, read_revision
from allocator.service.workflow.expiry import require_fit
from allocator.service.workflow.fit import SYSTEM
from allocator.service.workflow.items import MOVE, Item, items_of
from allocator.service.workflow.reasons import (
    RejectionReason,
    Seen,
    UnfitReasonError,
    require_reason,
    values,
)
from allocator.service.workflow.records import (
    SeenPlan,
    Status,
    Told,
    Work,
    find_plan,
    require_person,
    who_did,
    working_on,
)
from allocator.service.workflow.states import PlanState
from allocator.store.tables import PlanItem, Signature
from allocator.verify import check_plan

OPEN, SIGNED, REFUSED = "open", "signed", "refused"
APPROVE, REFUSE = "approve", "refuse"
AFTER_REFUSALS = "rejections"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a plan is not wanted.

    Parameters
    ----------
    keeps_refusals : the moves that were refused become rejections in a new version of the scenario.
    """

    reason: str
    text: str = ""
    keeps_refusals: bool = False


def propose(service: Service, caller: Caller, seen: SeenPlan, text: str = "") -> Status:
    """Put a draft before the people who decide, with everything that needs a signature.

    Raises
    ------
    ExpiredError
        If the plan does not fit any longer.
    StateError
        If it is no draft, the judge does not confirm it, or it has nothing to sign.
    """
    caller.require(Action.PROPOSE)
    fit = require_fit(service, caller, seen)
    items = _items_to_sign(service, caller, seen)
    with working_on(service, caller, seen, fit) as work:
        work.move_on(PlanState.PROPOSED, Action.PROPOSE, Told("", text, fit.detail))
        work.session.add_all(_row(seen.plan_id, item) for item in items)
        return work.status()


def review(
    service: Service, caller: Caller, seen: SeenPlan, looked_at: Iterable[str], text: str = ""
) -> Status:
    """Say that everything was looked at that a reviewer has to look at.

    Parameters
    ----------
    looked_at : values of `reasons.Seen`; all of them are needed.

    Raises
    ------
    ExpiredError, StateError
        As `propose`.
    SamePersonError
        If the caller proposed the plan.
    UnfitReasonError
        If something was not looked at.
    """
    caller.require(Action.REVIEW)
    require_person(caller)
    missing = sorted(values(Seen) - set(looked_at))
    if missing:
        raise UnfitReasonError(f"A review looks at {', '.join(missing)} too; say so.")
    fit = require_fit(service, caller, seen)
    with working_on(service, caller, seen, fit) as work:
        if who_did(work.session, seen.plan_id, PlanState.PROPOSED) == caller.actor:
            raise SamePersonError("You proposed this plan; another person has to review it.")
        detail = {**fit.detail, "looked_at": sorted(values(Seen))}
        work.move_on(PlanState.REVIEWED, Action.REVIEW, Told("", text, detail))
        return work.status()


def reject(service: Service, caller: Caller, seen: SeenPlan, rejection: Rejection) -> Status:
    """Say no to a plan.

    Raises
    ------
    StateError
        If it is being carried out, or has ended.
    UnfitReasonError
        If the reason is not on the list.
    """
    caller.require(Action.REJECT)
    require_person(caller)
    require_reason(rejection.reason, values(RejectionReason))
    with working_on(service, caller, seen) as work:
        version = _keep_refusals(work) if rejection.keeps_refusals else None
        detail = {} if version is None else {"new_version": version}
        told = Told(rejection.reason, rejection.text, detail)
        work.move_on(PlanState.REJECTED, Action.REJECT, told)
        return work.status(version)


def _items_to_sign(service: Service, caller: Caller, seen: SeenPlan) -> tuple[Item, ...]:
    with service.database.read() as session:
        stored, _ = find_plan(session, caller, seen.plan_id)
        version = find_in(session, SYSTEM, stored.scenario_id, stored.version)
        plan = read_plan(stored.document or {})
    scenario = scenario_of_plan(version.require_document(), plan)
    faults = check_plan(scenario, plan)
    if faults:
        raise StateError(f"The judge does not confirm the plan ({len(faults)} discrepancies).")
    items = items_of(scenario, plan)
    if not items:
        raise StateError("The plan moves nobody and needs no derogation: nothing to sign.")
    return items


def _row(plan_id: str, item: Item) -> PlanItem:
    return PlanItem(
        plan_id=plan_id,
        item_id=item.item_id,
        kind=item.kind,
        signatures_needed=item.signatures_needed,
        state=OPEN,
        detail={**item.detail, "reasons": list(item.reasons), "alone": item.alone},
    )


def _keep_refusals(work: Work) -> int | None:
    """Write refused moves as rejections into a new version; its number, None where none is new."""
    newest = find_in(work.session, SYSTEM, work.plan.scenario_id)
    document, day = newest.require_document(), newest.day
    known = {
        (str(row["person_id"]), str(row["cell_id"]), str(row["at"]))
        for row in document.get("locks") or ()
    }
    people = scenarios.people_of(document)
    rows = [
        row
        for row in _refused_rows(work, read_plan(work.plan.document or {}), day)
        if (row["person_id"], row["cell_id"], row["at"]) not in known and row["person_id"] in people
    ]
    if not rows:
        return None
    document = {**document, "locks": [*(document.get("locks") or ()), *rows]}
    revision = Revision(read_revision(newest, document), document, AFTER_REFUSALS)
    at, by = work.service.clock(), work.caller.actor
    version = add_version(work.change, work.line, revision, at, by)
    detail = {"version": version.number, "why": AFTER_REFUSALS}
    event = Event(
        Action.REJECT, scenarios.KIND, work.plan.scenario_id, work.facilities, detail=detail
    )
    work.change.note(event)
    return version.number


def _refused_rows(work: Work, plan: Plan, day: str) -> list[dict[str, Any]]:
    refusals = select(Signature, PlanItem).join_from(
        Signature,
        PlanItem,
        (PlanItem.plan_id == Signature.plan_id) & (PlanItem.item_id == Signature.item_id),
    )
    mine = refusals.where(Signature.plan_id == work.plan.plan_id, Signature.decision == REFUSE)
    found = work.session.execute(mine.order_by(Signature.item_id)).all()
    return [
        _lock_row(signature, item.detail, day) | {"plan": plan_hash(plan)}
        for signature, item in found
        if item.kind == MOVE
    ]


def _lock_row(signature: Signature, detail: Mapping[str, Any], day: str) -> dict[str, Any]:
    row = {
        "person_id": detail["person_id"],
        "cell_id": detail["to"],
        "kind": LockKind.REJECT.value,
        "reason": signature.reason,
        "by": signature.by,
        "at": day,
    }
    return row | ({"text": signature.text} if signature.text else {})
