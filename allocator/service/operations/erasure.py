"""Erasing a person who has left custody: out of every stored version, plan and run (R65).

What is recorded about the person is deleted; the id is replaced by a random pseudonym, so that old
plans still add up. The audit log needs no change: it never held the id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, StateError
from allocator.service.operations.pseudonyms import (
    people_of,
    pseudonyms_of,
    replace_ids,
    without_evidence,
)
from allocator.service.root import Service
from allocator.service.scenarios import facilities_in
from allocator.store.tables import (
    Consultation,
    ExecutionStep,
    PlanChange,
    PlanItem,
    Run,
    ScenarioLine,
    ScenarioVersion,
    Signature,
    StoredPlan,
)

KIND = "person"
MOVE_PREFIX = "move:"
NAMING: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (PlanItem, ("detail",)),
    (PlanChange, ("text", "detail")),
    (Signature, ("text",)),
    (ExecutionStep, ("note",)),
    (Consultation, ("views", "preferred_cellmate")),
)
"""What of a plan may name the person besides the rows that are about them."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was changed: versions of scenarios, plans, and runs."""

    versions: int
    plans: int
    runs: int


def erase_person(service: Service, caller: Caller, person_id: str) -> Erased:
    """Erase a person from everything in the caller's scope.

    Raises
    ------
    NotFoundError
        If nothing in scope holds the person.
    StateError
        If the newest version of a scenario still has the person: who is in custody is not erased.
    """
    caller.require(Action.ERASE)
    names = pseudonyms_of([person_id])
    with service.change(caller) as change:
        lines = _lines_in_scope(change.session, caller)
        _refuse_present(change.session, lines, person_id)
        erased = Erased(
            sum(_erase_versions(change.session, line.scenario_id, names) for line in lines),
            sum(_erase_plans(change.session, line.scenario_id, names) for line in lines),
            sum(_erase_runs(change.session, line.scenario_id, names) for line in lines),
        )
        if not erased.versions and not erased.plans and not erased.runs:
            raise NotFoundError("There is no such person in the stored data.")
        detail = {"versions": erased.versions, "plans": erased.plans, "runs": erased.runs}
        change.note(Event(Action.ERASE, KIND, "", person_id=person_id, detail=detail))
    return erased


def _lines_in_scope(session: Session, caller: Caller) -> list[ScenarioLine]:
    lines = session.scalars(select(ScenarioLine).order_by(ScenarioLine.scenario_id))
    return [line for line in lines if caller.sees(facilities_in(session, line.scenario_id))]


def _refuse_present(session: Session, lines: list[ScenarioLine], person_id: str) -> None:
    for line in lines:
        newest = session.get_one(ScenarioVersion, (line.scenario_id, line.head))
        if newest.document is not None and person_id in people_of(newest.document):
            raise StateError(
                "The person is in the newest version of a scenario. Revise the scenario first: "
                "only who has left custody is erased."
            )


def _erase_versions(session: Session, scenario_id: str, names: Mapping[str, str]) -> int:
    rows = select(ScenarioVersion).where(ScenarioVersion.scenario_id == scenario_id)
    return sum(_erase_version(row, names) for row in session.scalars(rows))


def _erase_version(row: ScenarioVersion, names: Mapping[str, str]) -> bool:
    if row.document is None:
        return False
    kept = row.document
    for person_id in names:
        kept = without_evidence(kept, person_id)
    kept = replace_ids(kept, names, empty_words=False)
    changed: bool = kept != row.document
    if changed:
        row.document = kept
    return changed


def _erase_plans(session: Session, scenario_id: str, names: Mapping[str, str]) -> int:
    plans = session.scalars(select(StoredPlan).where(StoredPlan.scenario_id == scenario_id))
    return sum(_erase_plan(session, plan, names) for plan in plans)


def _erase_plan(session: Session, plan: StoredPlan, names: Mapping[str, str]) -> bool:
    changed = _replace_columns(plan, ("document", "summary", "reports", "sequence"), names)
    for person_id, pseudonym in names.items():
        steps = update(ExecutionStep).where(
            ExecutionStep.plan_id == plan.plan_id, ExecutionStep.person_id == person_id
        )
        session.execute(steps.values(person_id=pseudonym, note=""))
        _rename_item(session, plan.plan_id, MOVE_PREFIX + person_id, MOVE_PREFIX + pseudonym)
        own = (Consultation.plan_id == plan.plan_id, Consultation.person_id == person_id)
        session.execute(delete(Consultation).where(*own))
    for kind, columns in NAMING:
        for row in session.scalars(select(kind).where(kind.plan_id == plan.plan_id)):
            _replace_columns(row, columns, names)
    return changed


def _rename_item(session: Session, plan_id: str, old_id: str, new_id: str) -> None:
    """The key of an item with its signatures; their reasons stay, their words go."""
    item = session.get(PlanItem, (plan_id, old_id))
    if item is None:
        return
    columns = {column.key: getattr(item, column.key) for column in PlanItem.__table__.columns}
    session.add(PlanItem(**columns | {"item_id": new_id}))
    session.flush()
    signatures = update(Signature).where(Signature.plan_id == plan_id, Signature.item_id == old_id)
    session.execute(signatures.values(item_id=new_id, text=""))
    session.execute(delete(PlanItem).where(PlanItem.plan_id == plan_id, PlanItem.item_id == old_id))
    session.expire_all()


def _erase_runs(session: Session, scenario_id: str, names: Mapping[str, str]) -> int:
    runs = session.scalars(select(Run).where(Run.scenario_id == scenario_id))
    return sum(_replace_columns(r, ("request", "incumbent", "result"), names) for r in runs)


def _replace_columns(row: Any, columns: tuple[str, ...], names: Mapping[str, str]) -> bool:
    changed = False
    for column in columns:
        before = getattr(row, column)
        after = replace_ids(before, names, empty_words=False)
        if after != before:
            setattr(row, column, after)
            changed = True
    return changed
