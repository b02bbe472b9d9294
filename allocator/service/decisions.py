"""Officers' decisions and complaints: each makes a new version of the scenario (R51, R55).

Every plan knows the version it was made from, so a decision ends the plans that it concerns, and
no other; see `allocator.service.workflow.fit`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from allocator.jobs.decisions import Decided, DecisionDesk, Said
from allocator.jobs.decisions_document import decided_document
from allocator.model.complaints import ComplaintOutcome, ComplaintReason
from allocator.model.locks import LockKind
from allocator.model.plan import Plan
from allocator.prepare.plan_document import read_plan
from allocator.service.access.caller import Caller
from allocator.service.access.readers import reader_of
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, StaleError
from allocator.service.root import Change, Service
from allocator.service.scenarios import KIND, Revision, Version, add_version, lock_line
from allocator.service.workflow.expiry import expire_due
from allocator.service.workflow.reasons import (
    MOVE_REASONS,
    UnfitReasonError,
    require_reason,
    values,
)
from allocator.service.workflow.records import find_plan
from allocator.store.tables import ScenarioVersion


class DecisionKind(StrEnum):
    """What can be decided on one person."""

    LOCK = "lock"
    FORBID = "forbid"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    COMPLAIN = "complain"
    CLOSE_COMPLAINT = "close_complaint"


COMPLAINTS = frozenset({DecisionKind.COMPLAIN, DecisionKind.CLOSE_COMPLAINT})
REASONS: Mapping[DecisionKind, frozenset[str]] = {
    DecisionKind.LOCK: MOVE_REASONS,
    DecisionKind.FORBID: MOVE_REASONS,
    DecisionKind.REJECT: MOVE_REASONS,
    DecisionKind.COMPLAIN: values(ComplaintReason),
    DecisionKind.CLOSE_COMPLAINT: values(ComplaintOutcome),
}
"""The reasons of each kind; withdrawing needs none."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Parameters
    ----------
    cell_id : needed to lock, forbid and withdraw; of a complaint the cell complained of, the
        present one for None.
    reason : of `REASONS`. until : last day on which it holds, YYYY-MM-DD.
    plan_id : the plan whose cell is rejected; for that alone.
    """

    kind: DecisionKind
    person_id: str
    cell_id: str | None = None
    reason: str = ""
    text: str = ""
    until: str | None = None
    plan_id: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that was taken.

    Parameters
    ----------
    version : the new version's number. document : the row, what it means, and which rules close a
        cell that was locked, as plain data.
    ended : ids of plans that it ended or stopped.
    """

    version: int
    content_hash: str
    document: Mapping[str, Any]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A decision, and the scenario with it, which nobody has kept yet."""

    decision: Decision
    decided: Decided


def decide(service: Service, caller: Caller, seen: Version, decision: Decision) -> Taken:
    """Take a decision on the newest version of a scenario, which the caller has seen.

    Raises
    ------
    StaleError
        If another version came since.
    UnfitReasonError
        If the reason is not on the list, or a cell or a plan is missing.
    ConfigError, ScenarioError
        As `DecisionDesk`: nobody of that id, decided already, nothing to withdraw.
    """
    is_complaint = decision.kind in COMPLAINTS
    action = Action.COMPLAIN if is_complaint else Action.DECIDE
    caller.require(action)
    caller.require_scope(seen.facilities, "scenario")
    if decision.kind in REASONS:
        require_reason(decision.reason, REASONS[decision.kind])
    with service.database.read() as session:
        plan = _plan_of(session, caller, seen, decision)
    decided = _decided(DecisionDesk(seen.require_document()), decision, plan, caller.actor)
    with service.change(caller) as change:
        version = add_decision(service, change, caller, seen, Ready(decision, decided)).number
    ended = expire_due(service, seen.scenario_id)
    document = decided_document(decided, decision.kind.value, reader_of(caller))
    return Taken(version, decided.after.content_hash, document, ended)


def _plan_of(session: Session, caller: Caller, seen: Version, decision: Decision) -> Plan | None:
    if decision.kind is not DecisionKind.REJECT:
        return None
    if decision.plan_id is None:
        raise UnfitReasonError("Say which plan's cell is rejected.")
    stored, _ = find_plan(session, caller, decision.plan_id)
    if stored.scenario_id != seen.scenario_id or stored.document is None:
        raise NotFoundError("There is no such plan of this scenario.")
    return read_plan(stored.document)


def _decided(desk: DecisionDesk, decision: Decision, plan: Plan | None, by: str) -> Decided:
    said = Said(by, decision.reason, decision.text)
    person, cell = decision.person_id, decision.cell_id
    if plan is not None:
        return desk.reject(plan, person, said, decision.until)
    if decision.kind is DecisionKind.COMPLAIN:
        return desk.complain(person, cell, said)
    if decision.kind is DecisionKind.CLOSE_COMPLAINT:
        return desk.close(person, cell, said)
    if cell is None:
        raise UnfitReasonError("Say which cell it is about.")
    if decision.kind is DecisionKind.WITHDRAW:
        return desk.withdraw(person, cell, by)
    return desk.lock(LockKind(decision.kind.value), person, cell, said, decision.until)


def add_decision(
    service: Service, change: Change, caller: Caller, seen: Version, ready: Ready
) -> ScenarioVersion:
    """Add the version that a decision makes, and note it.

    Raises
    ------
    StaleError
        If another version came since `seen`.
    """
    line = lock_line(change.session, seen.scenario_id)
    if line.head != seen.number:
        raise StaleError("The scenario was changed since you read it; read it again.")
    kind, decided = ready.decision.kind, ready.decided
    revision = Revision(decided.after, decided.document, kind.value)
    version = add_version(change, line, revision, service.clock(), caller.actor)
    action = Action.COMPLAIN if kind in COMPLAINTS else Action.DECIDE
    detail = {"version": version.number, "decision": kind.value}
    person, where = ready.decision.person_id, seen.facilities
    change.note(Event(action, KIND, seen.scenario_id, where, person, detail=detail))
    return version
