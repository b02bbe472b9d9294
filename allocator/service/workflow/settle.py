"""The end of an execution: what was reached becomes the scenario's newest version.

A step is pending until it is confirmed, failed or stopped. When none is pending any longer, the
places that people reached are written into a new version on top of whatever is the newest, and the
plan is executed, or, where anything failed or was stopped, expired with what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from allocator.errors import ScenarioError
from allocator.model.scenario import Scenario
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.scenarios import KIND, Revision, add_version, find_in, read_revision
from allocator.service.workflow.fit import SYSTEM, fit_of, loaded
from allocator.service.workflow.records import Told, Work
from allocator.service.workflow.states import PlanState
from allocator.store.tables import ExecutionStep, FacilityExecution

ALL_DONE, SOME_DONE = "executed plan", "executed steps"
NOT_WHOLE = "not_carried_out_whole"
CONTRADICTED = "places_contradict_the_data"


class StepState(StrEnum):
    """Where one step is."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    STOPPED = "stopped"


_RECORDED = frozenset({StepState.CONFIRMED, StepState.FAILED})


@dataclass(frozen=True, slots=True)
class Stop:
    """What is to be stopped.

    Parameters
    ----------
    frozen : people whose own steps stop in any case.
    spares_begun : steps of a batch of which something was done or failed stay pending, since
        people may be on their way. False stops them too.
    """

    frozen: frozenset[str] = frozenset()
    spares_begun: bool = True


def steps_of(work: Work) -> Sequence[ExecutionStep]:
    """The steps of a plan in their order."""
    query = select(ExecutionStep).where(ExecutionStep.plan_id == work.plan.plan_id)
    return work.session.scalars(query.order_by(ExecutionStep.number)).all()


def stop(work: Work, what: Stop) -> int:
    """Stop pending steps; how many were stopped."""
    steps = steps_of(work)
    begun = {step.batch for step in steps if step.state in _RECORDED}
    stopped = [
        step
        for step in steps
        if step.state == StepState.PENDING
        and (step.person_id in what.frozen or step.batch not in begun or not what.spares_begun)
    ]
    for step in stopped:
        step.state = StepState.STOPPED
    if stopped:
        work.touch()
        work.note(Action.EXECUTE, stopped=len(stopped))
    return len(stopped)


def settle_if_quiet(work: Work, told: Told | None = None) -> int | None:
    """End the execution if no step is pending.

    Parameters
    ----------
    told : why it ends before all is done; None for what the data say of it.

    Returns
    -------
    The number of the new version; None where there is none.
    """
    steps = steps_of(work)
    states = [step.state for step in steps]
    if StepState.PENDING in states:
        return None
    is_whole = all(state == StepState.CONFIRMED for state in states)
    told = Told() if is_whole else told or _why_not_whole(work)
    version, made = _version(work, steps, ALL_DONE if is_whole else SOME_DONE)
    counts = {state.value: states.count(state) for state in StepState if state in states}
    work.move_on(
        PlanState.EXECUTED if is_whole else PlanState.EXPIRED,
        Action.EXECUTE,
        Told(told.reason, told.text, {**told.detail, **counts, **made}),
    )
    held = FacilityExecution.plan_id == work.plan.plan_id
    work.session.execute(delete(FacilityExecution).where(held))
    return version


def _why_not_whole(work: Work) -> Told:
    fit = fit_of(work.service, work.session, work.plan)
    return Told(fit.reason or NOT_WHOLE, fit.words, fit.detail)


def _version(
    work: Work, steps: Sequence[ExecutionStep], why: str
) -> tuple[int | None, dict[str, int]]:
    """The number of the new version, None for none, and what the history says of it.

    Where the newest data contradict the places reached, say because a revision put somebody else
    into the same bed, no version is made: the plan ends, its steps keep what was done, and a person
    has to mend the data.
    """
    if all(step.state != StepState.CONFIRMED for step in steps):
        return None, {}
    try:
        number = _write_places(work, steps, why)
    except ScenarioError as error:
        return None, {CONTRADICTED: len(error.problems)}
    return number, {"new_version": number}


def _write_places(work: Work, steps: Sequence[ExecutionStep], why: str) -> int:
    """Add the version in which people are where they were brought; its number.

    A place that the newest version does not know any longer is left out: only a revision of the
    estate can say where that person is.
    """
    newest = find_in(work.session, SYSTEM, work.plan.scenario_id)
    estate = loaded(newest).estate
    reached = {
        step.person_id: step.target
        for step in steps
        if step.state == StepState.CONFIRMED
        and (step.target in estate.cell_by_id or step.target in estate.virtual_by_id)
    }
    aim = {step.person_id: step.target for step in steps}  # the last step goes to the plan's cell
    document = with_places(newest.require_document(), loaded(newest), reached, aim)
    revision = Revision(read_revision(newest, document), document, why)
    at, by = work.service.clock(), work.caller.actor
    version = add_version(work.change, work.line, revision, at, by)
    detail = {"version": version.number, "why": why}
    event = Event(Action.EXECUTE, KIND, work.plan.scenario_id, work.facilities, detail=detail)
    work.change.note(event)
    return version.number


def with_places(
    document: Mapping[str, Any],
    scenario: Scenario,
    reached: Mapping[str, str | None],
    aim: Mapping[str, str | None],
) -> dict[str, Any]:
    """A scenario document with the places that people reached.

    A move counts once, when the person is where the plan wanted them, and an arrival's first cell
    is no move. Whoever waits in a place on the way has not been moved yet: the cooldown (R26) must
    not keep them there. Counters of days are the next day's import to write.
    """
    cells = scenario.estate.cell_by_id
    day = scenario.day.isoformat()

    def row_of(row: Mapping[str, Any]) -> dict[str, Any]:
        person = scenario.person_by_id[str(row["person_id"]).strip()]
        place = reached.get(person.person_id)
        if place is None or place == person.current_place:
            return dict(row)
        found = {**row, "current_place": place}
        if place not in cells:
            return {key: value for key, value in found.items() if key != "placed_since"}
        found["placed_since"] = day
        if place == aim[person.person_id] and person.current_place in cells:
            found["last_moved_at"] = day
            found["moves_last_90_days"] = person.moves_last_90_days + 1
        return found

    return {**document, "people": [row_of(row) for row in document["people"]]}
