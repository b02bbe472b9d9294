"""What is kept for how long; run daily (`allocator retention`), and by the server once a day.

After `snapshot_days` versions that are no longer the newest, plans that have ended and runs lose
people's ids; after `retention_days` their documents are deleted. What remains says that a plan was
made, from data of which hash, and who decided. The audit log is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.access.rates import forget
from allocator.service.access.sessions import forget_ended
from allocator.service.answers import forget_old
from allocator.service.audit.chain import Event
from allocator.service.operations.pseudonyms import (
    EMPTIED,
    people_of,
    pseudonyms_of,
    replace_ids,
)
from allocator.service.root import Service
from allocator.service.workflow.states import PlanState, is_final
from allocator.store.tables import (
    Consultation,
    ExecutionStep,
    PlanChange,
    PlanItem,
    Run,
    RunEvent,
    ScenarioLine,
    ScenarioVersion,
    Signature,
    StoredPlan,
)

RETENTION = "retention"
ENDED = tuple(sorted(state for state in PlanState if is_final(state)))


@dataclass(frozen=True, slots=True)
class Retained:
    """How many rows lost ids, and how many lost their documents."""

    pseudonymised: int
    deleted: int


def apply_retention(service: Service, caller: Caller) -> Retained:
    """Do whatever is due now; nothing is due twice."""
    now = service.clock()
    old = now - timedelta(days=service.settings.snapshot_days)
    oldest = now - timedelta(days=service.settings.retention_days)
    with service.change(caller) as change:
        session = change.session
        deleted = _delete_documents(session, oldest)
        pseudonymised = _pseudonymise(session, old, now)
        _delete_passing(session, now, service)
        detail = {"pseudonymised": pseudonymised, "deleted": deleted}
        change.note(Event(RETENTION, "service", "", detail=detail))
    return Retained(pseudonymised, deleted)


def _old_versions(session: Session, before: datetime) -> list[ScenarioVersion]:
    is_superseded = and_(
        ScenarioLine.scenario_id == ScenarioVersion.scenario_id,
        ScenarioLine.head != ScenarioVersion.number,
    )
    rows = select(ScenarioVersion).join(ScenarioLine, is_superseded)
    rows = rows.where(ScenarioVersion.made_at < before, ScenarioVersion.document.is_not(None))
    return list(session.scalars(rows))


def _old_plans(session: Session, before: datetime) -> list[StoredPlan]:
    rows = select(StoredPlan).where(StoredPlan.made_at < before, StoredPlan.state.in_(ENDED))
    return list(session.scalars(rows.where(StoredPlan.document.is_not(None))))


def _old_runs(session: Session, before: datetime) -> list[Run]:
    rows = select(Run).where(Run.ended_at.is_not(None), Run.ended_at < before)
    return [run for run in session.scalars(rows) if run.result or run.incumbent or run.request]


def _delete_documents(session: Session, before: datetime) -> int:
    versions, plans = _old_versions(session, before), _old_plans(session, before)
    for version in versions:
        version.document = None
    for plan in plans:
        plan.document = plan.summary = plan.reports = plan.sequence = None
    return len(versions) + len(plans)


def _pseudonymise(session: Session, before: datetime, now: datetime) -> int:
    versions = [v for v in _old_versions(session, before) if v.pseudonymised_at is None]
    plans = [p for p in _old_plans(session, before) if p.pseudonymised_at is None]
    runs = _old_runs(session, before)
    for version in versions:
        version.document = _anonymous(version.document or {})
        version.pseudonymised_at = now
    for plan in plans:
        _pseudonymise_plan(session, plan)
        plan.pseudonymised_at = now
    for run in runs:
        run.request, run.incumbent, run.result = {}, None, None
    return len(versions) + len(plans) + len(runs)


def _anonymous(document: Mapping[str, Any]) -> dict[str, Any]:
    renamed: dict[str, Any] = replace_ids(document, pseudonyms_of(people_of(document)))
    return renamed


def _pseudonymise_plan(session: Session, plan: StoredPlan) -> None:
    """New ids in the document; what was signed and done is kept as states and counts."""
    document = plan.document or {}
    names = pseudonyms_of(people_of(document))
    plan.document = replace_ids(document, names)
    plan.summary = replace_ids(plan.summary, names)
    plan.reports = plan.sequence = None
    for step in session.scalars(select(ExecutionStep).where(ExecutionStep.plan_id == plan.plan_id)):
        step.person_id, step.note = names.get(step.person_id, EMPTIED), ""
    changes = update(PlanChange).where(PlanChange.plan_id == plan.plan_id)
    session.execute(changes.values(text="", detail={}))
    session.execute(delete(Consultation).where(Consultation.plan_id == plan.plan_id))
    session.execute(delete(Signature).where(Signature.plan_id == plan.plan_id))
    session.execute(delete(PlanItem).where(PlanItem.plan_id == plan.plan_id))


def _delete_passing(session: Session, now: datetime, service: Service) -> None:
    """What is only needed for a while: answers, sessions, rates, news of ended runs."""
    news = now - timedelta(days=service.settings.snapshot_days)
    forget_old(service, session)
    forget_ended(session, now, timedelta(minutes=service.settings.session_idle_minutes))
    forget(session, now)
    session.execute(delete(RunEvent).where(RunEvent.at < news))
