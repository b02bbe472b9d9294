"""What a person says of the move that a plan has for them, recorded before anybody signs (R54)."""

from dataclasses import dataclass

from allocator.prepare.plan_document import read_plan
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import NotFoundError, StateError
from allocator.service.root import Service
from allocator.service.workflow.records import SeenPlan, Status, working_on
from allocator.service.workflow.states import is_final
from allocator.store.tables import Consultation


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person said.

    Parameters
    ----------
    consulted : False where the person could not be asked; `views` then says why.
    preferred_cellmate : id of another person of the plan, None for none named.
    """

    consulted: bool
    views: str = ""
    preferred_cellmate: str | None = None


def consult(
    service: Service, caller: Caller, seen: SeenPlan, person_id: str, heard: Heard
) -> Status:
    """Record that a person whom a plan moves was asked, and what they said; the last word counts.

    Raises
    ------
    NotFoundError
        If there is no such plan, or it does not move the person, or knows no such cellmate.
    StateError
        If the plan has ended.
    StaleError
        If it was changed since it was seen.
    """
    caller.require(Action.DECIDE)
    with working_on(service, caller, seen) as work:
        if is_final(work.state) or work.plan.document is None:
            raise StateError(f"The plan is {work.state}; nobody is asked about it any longer.")
        plan = read_plan(work.plan.document)
        if person_id not in {placement.person_id for placement in plan.moves}:
            raise NotFoundError("The plan moves no such person.")
        cellmate = heard.preferred_cellmate
        if cellmate is not None and cellmate not in {p.person_id for p in plan.placements}:
            raise NotFoundError("The plan knows no such cellmate.")
        work.session.merge(
            Consultation(
                plan_id=seen.plan_id,
                person_id=person_id,
                consulted=heard.consulted,
                views=heard.views.strip(),
                preferred_cellmate=cellmate,
                by=caller.actor,
                at=service.clock(),
            )
        )
        work.touch()
        work.note(Action.DECIDE, person_id, consulted=heard.consulted)
        return work.status()
