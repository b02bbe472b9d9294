"""What runs: the newest runs, plans and scenarios in the caller's scope, for one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action, may
from allocator.service.lists import Part, in_scope
from allocator.service.reading import ScenarioHeading, list_scenarios
from allocator.service.reading_plans import PlanFilter, PlanHeading, list_plans
from allocator.service.root import Service
from allocator.store.tables import Run, ScenarioLine, StoredPlan

SHOWN = 10


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list; `progress` is what its worker reported last."""

    run_id: str
    kind: str
    state: str
    scenario_name: str
    made_at: datetime
    progress: Mapping[str, Any]
    plan_id: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """The newest of everything, and how many runs and plans are in each state."""

    runs: tuple[RunLine, ...]
    plans: tuple[PlanHeading, ...]
    scenarios: tuple[ScenarioHeading, ...]
    run_states: Mapping[str, int]
    plan_states: Mapping[str, int]


def board_of(service: Service, caller: Caller) -> Board:
    """What the caller's roles and scope show; nothing that names a person."""
    part = Part(SHOWN)
    reads_runs = may(caller.roles, Action.READ_RUN)
    reads_plans = may(caller.roles, Action.READ_PLAN)
    reads_scenarios = may(caller.roles, Action.READ_SCENARIO)
    with service.database.read() as session:
        runs = _runs(session, caller) if reads_runs else ()
        run_states = _count(session, caller, Run.state, Run.scenario_id) if reads_runs else {}
        columns = (StoredPlan.state, StoredPlan.scenario_id)
        plan_states = _count(session, caller, *columns) if reads_plans else {}
    plans = list_plans(service, caller, PlanFilter(), part).rows if reads_plans else ()
    found = list_scenarios(service, caller, part).rows if reads_scenarios else ()
    return Board(runs, plans, found, run_states, plan_states)


def _runs(session: Session, caller: Caller) -> tuple[RunLine, ...]:
    query = (
        select(
            Run.run_id,
            Run.kind,
            Run.state,
            ScenarioLine.name,
            Run.made_at,
            Run.progress,
            Run.plan_id,
        )
        .join(ScenarioLine, ScenarioLine.scenario_id == Run.scenario_id)
        .where(in_scope(caller, Run.scenario_id))
        .order_by(Run.made_at.desc(), Run.run_id.desc())
        .limit(SHOWN)
    )
    return tuple(RunLine(*row) for row in session.execute(query))


def _count(
    session: Session,
    caller: Caller,
    state: InstrumentedAttribute[str],
    scenario_id: InstrumentedAttribute[str],
) -> dict[str, int]:
    query = select(state, func.count()).where(in_scope(caller, scenario_id)).group_by(state)
    return {row[0]: row[1] for row in session.execute(query.order_by(state))}
