"""The workflow of a plan to read: items with signatures, history, steps, and how it still fits."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.explain.readers import Reader
from allocator.service.access.caller import Caller
from allocator.service.access.masking import masked
from allocator.service.access.roles import Action
from allocator.service.access.sight import reader_in
from allocator.service.audit.chain import Event
from allocator.service.root import Service
from allocator.service.workflow.changed import INTELLIGENCE, Changed
from allocator.service.workflow.fit import Fit, fit_of
from allocator.service.workflow.items import WORDS
from allocator.service.workflow.records import KIND, Status, find_plan, status_of
from allocator.service.workflow.states import PlanState, is_final
from allocator.store.tables import (
    Consultation,
    ExecutionStep,
    FacilityExecution,
    PlanChange,
    PlanItem,
    Signature,
)

Rows = Sequence[Mapping[str, Any]]
IN_ORDER = (PlanItem.kind, func.length(PlanItem.item_id), PlanItem.item_id)
"""Derogations by their number, then moves."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """Everything that people did with a plan, as plain data.

    `due_at` : until when steps are to be recorded, None where it is not being carried out.
    """

    status: Status
    fits: bool
    fit: Mapping[str, Any]
    items: Rows
    history: Rows
    steps: Rows
    due_at: datetime | None


def read_status(service: Service, caller: Caller, plan_id: str) -> Status:
    """Where a plan is.

    Raises
    ------
    NotFoundError
        If there is none, or it is out of scope.
    """
    caller.require(Action.READ_PLAN)
    with service.database.read() as session:
        plan, facilities = find_plan(session, caller, plan_id)
        return status_of(plan, facilities)


def state_of_step(service: Service, plan_id: str, number: int) -> str | None:
    """Where a step of a plan is whose scope was checked; None where there is no such step."""
    with service.database.read() as session:
        return session.scalar(
            select(ExecutionStep.state).where(
                ExecutionStep.plan_id == plan_id, ExecutionStep.number == number
            )
        )


def read_workflow(service: Service, caller: Caller, plan_id: str) -> Workflow:
    """As `read_status`, with items, history and steps; noted in the audit log."""
    caller.require(Action.READ_PLAN)
    with service.database.read() as session:
        plan, facilities = find_plan(session, caller, plan_id)
        status = status_of(plan, facilities)
        is_over = is_final(PlanState(plan.state))
        fit = Fit(plan.version, plan.version) if is_over else fit_of(service, session, plan)
        reader = reader_in(session, caller, plan.scenario_id, plan.version)
        found = Workflow(
            status,
            fits=not fit.reason and not is_over,
            fit=_fit(fit, reader),
            items=masked({"items": _items(session, plan_id)}, reader)["items"],
            history=_history(session, plan_id),
            steps=_steps(session, plan_id),
            due_at=_due_at(session, plan_id),
        )
    service.note(caller, Event(Action.READ_PLAN, KIND, plan_id, facilities))
    return found


def _fit(fit: Fit, reader: Reader) -> dict[str, Any]:
    return {
        "reason": fit.reason,
        "words": fit.words,
        "version": fit.version,
        "newest_version": fit.head,
        "changed": [each for change in fit.concerning for each in _told(change, reader)],
        "unconcerning": [each for change in fit.harmless for each in _told(change, reader)],
    }


def _told(change: Changed, reader: Reader) -> Iterator[dict[str, Any]]:
    """A change; of restricted records only their number, except what is released to the reader."""
    if not change.is_restricted:
        is_told = reader.sees_intelligence or change.table not in INTELLIGENCE
        ids = list(change.ids) if is_told else []
        yield {"kind": change.kind, "count": change.count, "ids": ids}
        return
    opened = [part for part in change.parts(reader.roles) if _is_open(part, reader)]
    for part in opened:
        yield {"kind": part.kind, "count": part.count, "ids": list(part.ids)}
    rest = change.count - sum(part.count for part in opened)
    if rest:
        yield {"kind": change.kind, "count": rest, "ids": []}


def _is_open(part: Changed, reader: Reader) -> bool:
    return reader.sees_intelligence or part.table not in INTELLIGENCE


def _items(session: Session, plan_id: str) -> list[dict[str, Any]]:
    signatures = defaultdict(list)
    signed = select(Signature).where(Signature.plan_id == plan_id).order_by(Signature.at)
    for row in session.scalars(signed):
        signatures[row.item_id].append(
            {
                "by": row.by,
                "decision": row.decision,
                "reason": row.reason,
                "text": row.text,
                "at": row.at.isoformat(),
            }
        )
    asked = select(Consultation).where(Consultation.plan_id == plan_id)
    heard = {row.person_id: _heard(row) for row in session.scalars(asked)}
    items = select(PlanItem).where(PlanItem.plan_id == plan_id).order_by(*IN_ORDER)
    return [
        {
            "item_id": item.item_id,
            "kind": item.kind,
            "state": item.state,
            "signatures_needed": item.signatures_needed,
            "why_two": [WORDS[reason] for reason in item.detail["reasons"]],
            "alone": item.detail["alone"],
            "detail": {k: v for k, v in item.detail.items() if k not in {"reasons", "alone"}},
            "consultation": heard.get(item.detail.get("person_id", "")),
            "signatures": signatures[item.item_id],
        }
        for item in session.scalars(items)
    ]


def _heard(row: Consultation) -> dict[str, Any]:
    return {
        "consulted": row.consulted,
        "views": row.views,
        "preferred_cellmate": row.preferred_cellmate,
        "by": row.by,
        "at": row.at.isoformat(),
    }


def _history(session: Session, plan_id: str) -> list[dict[str, Any]]:
    query = select(PlanChange).where(PlanChange.plan_id == plan_id).order_by(PlanChange.number)
    names = ("number", "before", "after", "by", "reason", "text", "detail")
    return [
        {name: getattr(row, name) for name in names} | {"at": row.at.isoformat()}
        for row in session.scalars(query)
    ]


def _steps(session: Session, plan_id: str) -> list[dict[str, Any]]:
    query = select(ExecutionStep).where(ExecutionStep.plan_id == plan_id)
    names = ("number", "batch", "person_id", "origin", "target", "state", "by", "note")
    return [
        {name: getattr(row, name) for name in names}
        | {"at": None if row.at is None else row.at.isoformat()}
        for row in session.scalars(query.order_by(ExecutionStep.number))
    ]


def _due_at(session: Session, plan_id: str) -> datetime | None:
    query = select(FacilityExecution.until).where(FacilityExecution.plan_id == plan_id)
    return session.scalars(query).first()
