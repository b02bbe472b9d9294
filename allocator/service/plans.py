"""Plans in the service: the draft that a finished run leaves."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.errors import InternalError
from allocator.service.workflow.states import PlanState
from allocator.store.tables import Run, ScenarioVersion, StoredPlan

KIND = "plan"


def store_draft(session: Session, run: Run, result: Mapping[str, Any], at: datetime) -> StoredPlan:
    """Keep the plan of a run, within the transaction that ends the run.

    Parameters
    ----------
    result : documents `plan`, `summary` and `reports` of a verified plan.

    Raises
    ------
    InternalError
        If the plan is not verified; nothing is kept.
    """
    document, summary = result["plan"], result["summary"]
    if not (document["verified"] and summary["verified"]):
        raise InternalError("An unverified plan is never kept.")
    plan = StoredPlan(
        plan_id=uuid.uuid4().hex,
        run_id=run.run_id,
        scenario_id=run.scenario_id,
        version=run.version,
        content_hash=_content_hash(session, run),
        state=PlanState.DRAFT,
        revision=1,
        document=document,
        summary=summary,
        reports=result["reports"],
        sequence=None,
        made_at=at,
        made_by=run.made_by,
    )
    session.add(plan)
    session.flush()
    return plan


def _content_hash(session: Session, run: Run) -> str:
    found = select(ScenarioVersion.content_hash).where(
        ScenarioVersion.scenario_id == run.scenario_id, ScenarioVersion.number == run.version
    )
    return session.scalars(found).one()
