"""An officer takes an offered cell: the decision, its version and a draft plan in one (R59).

The offer is made anew and judged anew, because others may have taken beds since. Nobody else moves.
The draft goes the way of every plan: it is proposed, reviewed and signed, a derogation by two
people (R52), before anybody moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allocator.explain.readers import Reader, told_labels
from allocator.jobs.decisions import DecisionDesk, Said
from allocator.jobs.decisions_document import decided_document
from allocator.jobs.place import Placer
from allocator.jobs.results import plan_documents
from allocator.jobs.summary import summary_document
from allocator.jobs.task import read_source
from allocator.jobs.urgent import urgent_plan
from allocator.model.locks import LockKind
from allocator.service import told
from allocator.service.access.caller import Caller
from allocator.service.access.readers import reader_of
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.decisions import REASONS, Decision, DecisionKind, Ready, add_decision
from allocator.service.desk import Desk, require_cell_in, require_person_in
from allocator.service.errors import StateError
from allocator.service.plans import KIND, Draft, store_draft
from allocator.service.root import Service
from allocator.service.scenarios import Version
from allocator.service.workflow.expiry import expire_due
from allocator.service.workflow.reasons import require_reason
from allocator.service.workflow.records import require_person


class OfferGoneError(StateError):
    """The cell is not lawful for the person any longer."""

    code = "offer_gone"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it.

    Parameters
    ----------
    version : number of the new version. plan_id : the draft.
    decision, offer : documents of the decision and of the offer as it was judged now.
    ended : ids of plans that it ended.
    """

    version: int
    content_hash: str
    plan_id: str
    decision: Mapping[str, Any]
    offer: Mapping[str, Any]
    ended: tuple[str, ...]


def take_place(
    service: Service, desk: Desk, caller: Caller, seen: Version, decision: Decision
) -> Taken:
    """Decide for an offered cell, on the newest version of a scenario, which the caller has seen.

    Parameters
    ----------
    decision : a lock of the person in the cell, with its reason.

    Raises
    ------
    ForbiddenError
        If the caller is a program, or may not place or not decide.
    NotFoundError
        If there is no such person or cell.
    OfferGoneError
        If the cell is not lawful for the person, or the person is in it.
    StateError
        If no plan can be verified, because the present placement of others breaks a hard rule.
    StaleError, UnfitReasonError, ConfigError
        As `decisions.decide`.
    """
    caller.require(Action.PLACE)
    caller.require(Action.DECIDE)
    require_person(caller)
    caller.require_scope(seen.facilities, "scenario")
    require_reason(decision.reason, REASONS[DecisionKind.LOCK])
    offer = _offer(desk, caller, seen, decision)
    ready = _ready(seen, decision, caller.actor)
    result = _planned(ready)
    with service.change(caller) as change:
        version = add_decision(service, change, caller, seen, ready)
        change.session.flush()
        draft = Draft(seen.scenario_id, version.number, result, caller.actor)
        plan_id = store_draft(change.session, draft, service.clock()).plan_id
        detail = {"version": version.number, "made_by": "urgent"}
        where, person_id = seen.facilities, decision.person_id
        change.note(Event("plan.make", KIND, plan_id, where, person_id, detail))
        number = version.number
    decided = decided_document(ready.decided, decision.kind.value, reader_of(caller))
    ended = expire_due(service, seen.scenario_id)
    return Taken(number, ready.decided.after.content_hash, plan_id, decided, offer, ended)


def _offer(desk: Desk, caller: Caller, seen: Version, decision: Decision) -> dict[str, Any]:
    """The offer as the judge finds it now, for a reader like the caller."""
    person_id, cell_id = decision.person_id, str(decision.cell_id)
    placer = desk.placers.get(
        seen.content_hash, lambda: Placer(read_source(seen.require_document()))
    )
    require_person_in(placer.scenario, person_id)
    require_cell_in(placer.scenario, cell_id)
    answer = placer.place_in(person_id, cell_id)
    if not answer.offers:
        closed = next((o.closed_by for o in answer.others if o.cell_id == cell_id), ())
        reader = reader_of(caller).of(placer.scenario).about(person_id)
        labels = ", ".join(told_labels(closed, reader)) or "the person is in it"
        raise OfferGoneError(f"The cell is not open to this person now: {labels}. Ask for offers.")
    return told.offers(placer, placer.check(answer), caller)


def _ready(seen: Version, decision: Decision, by: str) -> Ready:
    said = Said(by, decision.reason, decision.text)
    officer = DecisionDesk(seen.require_document())
    place = decision.person_id, str(decision.cell_id)
    return Ready(decision, officer.lock(LockKind.LOCK, *place, said, decision.until))


def _planned(ready: Ready) -> dict[str, Any]:
    """Documents of the verified plan, under the version with the decision."""
    scenario, decision = ready.decided.after, ready.decision
    planned = urgent_plan(scenario, decision.person_id, str(decision.cell_id))
    if not planned.plan.verified:
        raise StateError(
            f"The places of people at present break {len(planned.judgement.unlawful)} hard rules, "
            "so no plan that leaves them there is verified. Lock the cell and make a plan."
        )
    summary = summary_document(scenario, planned, reader=Reader.WHOLE)
    return {"summary": summary, **plan_documents(scenario, planned)}
