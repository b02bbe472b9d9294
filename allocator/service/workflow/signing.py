"""Sign a plan's items: one officer, one decision, one reason (R50, R52, R53).

Two signatures under one item are those of two people, and neither of them proposed the plan. An
item that needs one signature may be signed by any signer, the proposer among them: then two people
have stood behind it all the same, because the reviewer was another one. A refused item is never
signed by somebody else: the plan is rejected, or made anew with the refusals.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import (
    BulkSigningError,
    NotFoundError,
    SamePersonError,
    StateError,
)
from allocator.service.root import Service
from allocator.service.workflow.expiry import require_fit
from allocator.service.workflow.items import DEROGATION, RESTRICTIVE_REGIME
from allocator.service.workflow.proposing import APPROVE, OPEN, REFUSE, REFUSED, SIGNED
from allocator.service.workflow.reasons import (
    MOVE_REASONS,
    DerogationReason,
    Plann,
    UnfitReasonError,
    require_reason,
    require_text,
    values,
)
from allocator.service.workflow.records import (
    SeenPlan,
    Status,
    Told,
    Work,
    require_person,
    who_did,
    working_on,
)
from allocator.service.workflow.states import PlanState
from allocator.store.tables import PlanItem, Signature


@dataclass(frozen=True, slots=True)
class Signing:
    """A decision on items of a plan.

    Parameters
    ----------
    item_ids : at least one; more only where none of them has to be signed by itself.
    approves : False refuses.
    reason : of the list for the kind of item. text : needed to approve a derogation.
    plann : needed to approve a move into a restrictive unit.
    """

    item_ids: tuple[str, ...]
    approves: bool
    reason: str
    text: str = ""
    plann: Plann | None = None


def sign(service: Service, caller: Caller, seen: SeenPlan, signing: Signing) -> Status:
    """Approve or refuse items; with the last signature that was missing the plan is signed.

    Raises
    ------
    ExpiredError
        If the plan does not fit any longer.
    StateError
        If it is not reviewed, an item is decided already, or one was refused.
    BulkSigningError
        If an item that has to be signed by itself came with others.
    SamePersonError
        If the caller signed the item already, or proposed a plan whose item needs two people.
    UnfitReasonError
        If the reason is not on the list, or words are missing.
    """
    caller.require(Action.SIGN)
    require_person(caller)
    fit = require_fit(service, caller, seen)
    with working_on(service, caller, seen, fit) as work:
        work.require_state(
            {PlanState.REVIEWED}, "It is signed after its review and before its end."
        )
        everything = _items(work)
        chosen = _chosen(everything, signing.item_ids)
        if signing.approves and any(item.state == REFUSED for item in everything):
            raise StateError("An item was refused. Reject the plan, or plan again from it.")
        for item in chosen:
            _sign_one(work, item, signing)
        if all(item.state == SIGNED for item in everything):
            work.move_on(PlanState.SIGNED, Action.SIGN, Told(detail=fit.detail))
        else:
            work.touch()
        return work.status()


def _items(work: Work) -> Sequence[PlanItem]:
    query = select(PlanItem).where(PlanItem.plan_id == work.plan.plan_id)
    return work.session.scalars(query.order_by(PlanItem.item_id)).all()


def _chosen(everything: Sequence[PlanItem], item_ids: tuple[str, ...]) -> list[PlanItem]:
    by_id = {item.item_id: item for item in everything}
    wanted = sorted(set(item_ids))
    if not wanted or not by_id.keys() >= set(wanted):
        raise NotFoundError("The plan has no such item to sign.")
    chosen = [by_id[item_id] for item_id in wanted]
    if len(chosen) > 1 and any(item.detail["alone"] for item in chosen):
        raise BulkSigningError(
            "Derogations, and moves that two people sign or that touch a restrictive unit, are "
            "signed one by one."
        )
    return chosen


def _sign_one(work: Work, item: PlanItem, signing: Signing) -> None:
    if item.state != OPEN:
        raise StateError(f"An item of these is {item.state} already.")
    _require_other_people(work, item)
    text = _text_of(item, signing)
    work.session.add(
        Signature(
            signature_id=uuid.uuid4().hex,
            plan_id=item.plan_id,
            item_id=item.item_id,
            by=work.caller.actor,
            decision=APPROVE if signing.approves else REFUSE,
            reason=signing.reason,
            text=text,
            at=work.service.clock(),
        )
    )
    work.session.flush()
    given = _signers(work, item)
    if not signing.approves:
        item.state = REFUSED
    elif len(given) == item.signatures_needed:
        item.state = SIGNED
    people = item.detail.get("person_ids") or [item.detail.get("person_id", "")]
    for person_id in people:
        work.note(
            Action.SIGN,
            person_id,
            kind=item.kind,
            decision=APPROVE if signing.approves else REFUSE,
            reason=signing.reason,
        )


def _require_other_people(work: Work, item: PlanItem) -> None:
    actor = work.caller.actor
    if actor in _signers(work, item):
        raise SamePersonError("You signed this already; another person has to sign it too.")
    if item.signatures_needed < 2:
        return
    if who_did(work.session, item.plan_id, PlanState.PROPOSED) == actor:
        raise SamePersonError("You proposed this plan; two other people have to sign this item.")


def _signers(work: Work, item: PlanItem) -> Sequence[str]:
    query = select(Signature.by).where(
        Signature.plan_id == item.plan_id, Signature.item_id == item.item_id
    )
    return work.session.scalars(query).all()


def _text_of(item: PlanItem, signing: Signing) -> str:
    """The words under a signature, with the reason checked for this kind of item."""
    if not signing.approves:
        require_reason(signing.reason, MOVE_REASONS)
        return signing.text.strip()
    if item.kind == DEROGATION:
        require_reason(signing.reason, values(DerogationReason))
        require_text(signing.text, "Say in words why the derogation is needed.")
        return signing.text.strip()
    require_reason(signing.reason, MOVE_REASONS)
    if RESTRICTIVE_REGIME not in item.detail["reasons"]:
        return signing.text.strip()
    if signing.plann is None:
        raise UnfitReasonError(
            "A restrictive placement needs five answers: why it is proportionate, lawful, "
            "accountable, necessary and non-discriminatory."
        )
    return " ".join(filter(None, (signing.plann.text(), signing.text.strip())))
