"""The order of moves that a plan is carried out by, for the people who record its steps."""

from collections.abc import Mapping
from typing import Any

from allocator.service.access.caller import Caller
from allocator.service.access.masking import masked
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import StateError
from allocator.service.reading_plans import KIND, heading_of_plan, reader_of_plan
from allocator.service.root import Service
from allocator.service.workflow.choices import NEXT
from allocator.service.workflow.states import UNDER_WAY, PlanState
from allocator.store.tables import StoredPlan

NO_ORDER = (
    "There is no order of its moves: it is made when the plan begins to be carried out, and "
    "deleted when the time of its data is over."
)
SIGNED = "SIGNED, BEING CARRIED OUT"


def order_of(service: Service, caller: Caller, plan_id: str) -> Mapping[str, Any]:
    """The order, as the caller may see it; the read is noted.

    It was made before anybody began, so that `status` and `next_step` are of the plan as it is now.

    Raises
    ------
    StateError
        If the plan has not begun to be carried out, or retention has deleted it.
    """
    heading, facilities = heading_of_plan(service, caller, plan_id)
    with service.database.read() as session:
        order = session.get_one(StoredPlan, plan_id).sequence
    if order is None:
        raise StateError(NO_ORDER)
    service.note(
        caller, Event(Action.READ_PLAN, KIND, plan_id, facilities, detail={"what": "order"})
    )
    told = masked(order, reader_of_plan(service, caller, heading))
    return told | {"status": status_words(heading.state), "next_step": NEXT[heading.state]}


def status_words(state: PlanState) -> str:
    """What stands on every sheet: whether the moves are to be made."""
    return SIGNED if state in UNDER_WAY else f"{state} and over".upper()
