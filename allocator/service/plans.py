"""Plans in the service: the draft that a finished run, or an urgent placement, leaves."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.errors import InternalError
from allocator.explain.readers import CATALOGUE
from allocator.service.workflow.states import PlanState
from allocator.store.tables import Run, ScenarioVersion, StoredPlan

KIND = "plan"


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan to be kept.

    Parameters
    ----------
    version : number of the scenario's version that it was made from.
    result : documents `plan`, `summary` and `reports` of a verified plan.
    run_id : of the run that made it, None for none.
    """

    scenario_id: str
    version: int
    result: Mapping[str, Any]
    made_by: str
    run_id: str | None = None


def draft_of_run(run: Run, result: Mapping[str, Any]) -> Draft:
    """What a run of a plan leaves."""
    return Draft(run.scenario_id, run.version, result, run.made_by, run.run_id)


def store_draft(session: Session, draft: Draft, at: datetime) -> StoredPlan:
    """Keep a plan within a transaction that has its version.

    Raises
    ------
    InternalError
        If the plan is not verified; nothing is kept.
    """
    document, summary = draft.result["plan"], draft.result["summary"]
    if not (document["verified"] and summary["verified"]):
        raise InternalError("An unverified plan is never kept.")
    plan = StoredPlan(
        plan_id=uuid.uuid4().hex,
        run_id=draft.run_id,
        scenario_id=draft.scenario_id,
        version=draft.version,
        content_hash=_content_hash(session, draft),
        state=PlanState.DRAFT,
        revision=1,
        document=document,
        summary=summary,
        reports=draft.result["reports"],
        catalogue=CATALOGUE,
        sequence=None,
        made_at=at,
        made_by=draft.made_by,
    )
    session.add(plan)
    session.flush()
    return plan


def _content_hash(session: Session, draft: Draft) -> str:
    found = select(ScenarioVersion.content_hash).where(
        ScenarioVersion.scenario_id == draft.scenario_id, ScenarioVersion.number == draft.version
    )
    return session.scalars(found).one()
