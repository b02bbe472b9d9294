"""A plan's row as the workflow works on it: found in scope, locked, moved on with its history."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.audit.chain import Event
from allocator.service.errors import ForbiddenError, NotFoundError, StaleError, StateError
from allocator.service.root import Change, Service
from allocator.service.scenarios import facilities_in, lock_line
from allocator.service.workflow.fit import Fit
from allocator.service.workflow.states import PlanState, check_transition
from allocator.store.tables import PlanChange, ScenarioLine, StoredPlan

KIND = "plan"
PEOPLE = ("account:", "oidc:")


@dataclass(frozen=True, slots=True)
class SeenPlan:
    """A plan as the caller saw it; `revision` None for whatever it is now.

    `step` : the state of the step concerned as the caller saw it, None for whatever it is. Steps of
    one batch are independent of one another, so who acts on one need not have seen the others.
    """

    plan_id: str
    revision: int | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of why a state changed; `detail` is plain data without names."""

    reason: str = ""
    text: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """Where a plan is; `newest_version` the number that its own execution made, None for none."""

    plan_id: str
    scenario_id: str
    version: int
    state: PlanState
    revision: int
    facilities: tuple[str, ...]
    newest_version: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A locked plan within a change."""

    service: Service
    caller: Caller
    change: Change
    plan: StoredPlan
    line: ScenarioLine
    facilities: tuple[str, ...]

    @property
    def session(self) -> Session:
        """Of the change."""
        return self.change.session

    @property
    def state(self) -> PlanState:
        """Where the plan is."""
        return PlanState(self.plan.state)

    def require_state(self, states: Collection[PlanState], words: str) -> None:
        """Refuse what is only possible in some states.

        Raises
        ------
        StateError
            If the plan is in another one, with `words`.
        """
        if self.state not in states:
            raise StateError(f"The plan is {self.state}. {words}")

    def note(self, action: str, person_id: str = "", **detail: Any) -> None:
        """Have the audit log say something of the plan."""
        event = Event(action, KIND, self.plan.plan_id, self.facilities, person_id, detail)
        self.change.note(event)

    def touch(self) -> None:
        """Count a change of the plan that changes no state."""
        self.plan.revision += 1

    def move_on(self, after: PlanState, action: str, told: Told) -> None:
        """Change the plan's state, with its history and the audit log.

        Raises
        ------
        StateError
            If the table of states does not allow it.
        """
        before = self.state
        check_transition(before, after)
        count = select(func.count()).where(PlanChange.plan_id == self.plan.plan_id)
        self.session.add(
            PlanChange(
                plan_id=self.plan.plan_id,
                number=self.session.scalars(count).one() + 1,
                before=before,
                after=after,
                by=self.caller.actor,
                at=self.service.clock(),
                reason=told.reason,
                text=told.text,
                detail=dict(told.detail),
            )
        )
        self.plan.state = after
        self.touch()
        self.note(action, before=before, after=after, reason=told.reason)

    def status(self, newest_version: int | None = None) -> Status:
        """Where the plan is now."""
        return status_of(self.plan, self.facilities, newest_version)


def status_of(
    plan: StoredPlan, facilities: tuple[str, ...], newest_version: int | None = None
) -> Status:
    """Where a plan is, from its row."""
    return Status(
        plan.plan_id,
        plan.scenario_id,
        plan.version,
        PlanState(plan.state),
        plan.revision,
        facilities,
        newest_version,
    )


@contextmanager
def working_on(
    service: Service, caller: Caller, seen: SeenPlan, fit: Fit | None = None
) -> Iterator[Work]:
    """A change of a plan, which nobody else changes meanwhile.

    Parameters
    ----------
    fit : how the plan stood a moment ago; it must still stand so.

    Raises
    ------
    NotFoundError
        If there is no such plan, or it is out of scope.
    StaleError
        If it was changed since it was seen, or the scenario since `fit`.
    """
    with service.change(caller) as change:
        plan, facilities = find_plan(change.session, caller, seen.plan_id, lock=True)
        if seen.revision not in {None, plan.revision}:
            raise StaleError("The plan was changed since you read it; read it again.")
        line = lock_line(change.session, plan.scenario_id)
        if fit is not None and line.head != fit.head:
            raise StaleError("The scenario was changed just now; read the plan again.")
        yield Work(service, caller, change, plan, line, facilities)


def find_plan(
    session: Session, caller: Caller, plan_id: str, *, lock: bool = False
) -> tuple[StoredPlan, tuple[str, ...]]:
    """A plan in the caller's scope, with its facilities.

    Raises
    ------
    NotFoundError
        If there is none, or it is out of scope.
    """
    plan = session.get(StoredPlan, plan_id, with_for_update=lock or None)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    facilities = facilities_in(session, plan.scenario_id)
    caller.require_scope(facilities, "plan")
    return plan, facilities


def require_person(caller: Caller) -> None:
    """Refuse programs where a named person has to decide (R50).

    Raises
    ------
    ForbiddenError
        If the caller is an API key or a part of the program.
    """
    if not caller.actor.startswith(PEOPLE):
        raise ForbiddenError("A named person has to do this; a program cannot.")


def who_did(session: Session, plan_id: str, after: PlanState) -> str | None:
    """The actor who brought a plan to a state; None where it never was there."""
    query = select(PlanChange.by).where(PlanChange.plan_id == plan_id, PlanChange.after == after)
    return session.scalars(query).first()
