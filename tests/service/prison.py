"""Five people in two facilities, and a plan of them with everything that somebody has to sign.

P1 and P3 share W-3, which is a derogation from its working capacity; P4, whose VEO status is known,
goes to the other facility; P5 goes to the separation unit by an authority; P2 stays.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_document
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.scenarios import Version
from allocator.service.workflow import proposing, signing
from allocator.service.workflow.reasons import Plann, Seen, values
from allocator.service.workflow.records import SeenPlan, Status
from allocator.service.workflow.signing import Signing
from allocator.store.tables import StoredPlan
from tests.jobs import fakes
from tests.scenario_documents import document
from tests.service.conftest import caller

BOTH = ("F", "G")
PRESENT = {"P1": "W-1", "P2": "W-1", "P3": "W-2", "P4": "W-4", "P5": "W-4"}
PLANNED: dict[str, str | None] = {
    "P1": "W-3",
    "P2": "W-1",
    "P3": "W-3",
    "P4": "V-1",
    "P5": "S-1",
}
MOVERS = ("P1", "P3", "P4", "P5")
SIMPLE = ("move:P1", "move:P3")
ALONE = ("derogation:1", "move:P4", "move:P5")
ANSWERS = Plann("two weeks", "rule 46", "head of security", "after a threat", "conduct alone")

PLANNER = caller(Role.PLANNER, facilities=BOTH, actor="key:night-run")
OFFICER = caller(Role.OFFICER, facilities=BOTH, actor="account:officer")
REVIEWER = caller(Role.REVIEWER, facilities=BOTH, actor="account:reviewer")
FIRST = caller(Role.SIGNER, facilities=BOTH, actor="account:signer-1")
SECOND = caller(Role.SIGNER, facilities=BOTH, actor="account:signer-2")
ALL_ROLES = caller(*Role, facilities=BOTH, actor="account:every-role")


def prison() -> dict[str, Any]:
    """The scenario's document."""
    found = document(n_people=5, places=(2, 1, 1, 2))
    found["cells"][2]["max_capacity"] = 2
    found["cells"] += [_cell("S-1", "S"), _cell("V-1", "V"), _cell("V-2", "V")]
    found["units"] += [
        {
            "unit_id": "S",
            "unit_type": "wing",
            "parent_id": "F",
            "regime_level": 3,
            "used_for": ["segregation"],
        },
        {"unit_id": "G", "unit_type": "facility"},
        {"unit_id": "V", "unit_type": "wing", "parent_id": "G"},
    ]
    found["transfer_pairs"] = [{"from_facility": "F", "to_facility": "G", "is_open": True}]
    found["virtual_places"] = [{"place_id": "RECP", "facility_id": "F", "kind": "RECEPTION"}]
    for person in found["people"]:
        person["current_place"] = PRESENT[person["person_id"]]
    found["people"][3]["veo_status"] = "monitored"
    found["authorities"] = [
        {
            "authority_id": "A1",
            "person_id": "P5",
            "kind": "segregation",
            "issued_by": "governor",
            "issued_at": "2026-01-10",
            "review_by": "2026-01-20",
            "expires_at": "2026-01-24",
            "grounds": "recorded conduct",
            "regime_level": 3,
            "medical_considered": True,
            "medical_considered_at": "2026-01-10",
        }
    ]
    return found


def _cell(cell_id: str, wing: str) -> dict[str, Any]:
    capacities = dict.fromkeys(("cna", "working_capacity", "max_capacity"), 1)
    return {"cell_id": cell_id, "parent_id": wing, "area_m2": 20.0, **capacities}


def draft(
    service: Service,
    planned: Mapping[str, str | None] = PLANNED,
    found: Mapping[str, Any] | None = None,
) -> tuple[Version, SeenPlan]:
    """A new scenario and a draft plan of it, as a finished run leaves it."""
    version = scenarios.upload(service, PLANNER, found or prison())
    return version, draft_of(service, version, planned)


def draft_of(service: Service, version: Version, planned: Mapping[str, str | None]) -> SeenPlan:
    """A draft plan of a version."""
    scenario = read_source(version.require_document())
    plan_id = uuid.uuid4().hex
    with service.database.write() as session:
        session.add(
            StoredPlan(
                plan_id=plan_id,
                scenario_id=version.scenario_id,
                version=version.number,
                content_hash=version.content_hash,
                state="draft",
                document=plan_document(fakes.put(scenario, dict(planned))),
                made_at=service.clock(),
                made_by="system:worker",
            )
        )
    return SeenPlan(plan_id)


def proposed(service: Service, plan: SeenPlan, by: Caller = PLANNER) -> Status:
    return proposing.propose(service, by, plan)


def reviewed(service: Service, plan: SeenPlan, by: Caller = REVIEWER) -> Status:
    proposed(service, plan)
    return proposing.review(service, by, plan, values(Seen))


def approval(*item_ids: str) -> Signing:
    """Approval with what the kind of item needs."""
    if item_ids[0].startswith("derogation"):
        return Signing(item_ids, True, "no_lawful_place", "both other cells are closed")
    return Signing(item_ids, True, "conflict", plann=ANSWERS if item_ids == ("move:P5",) else None)


def signed(service: Service, plan: SeenPlan) -> Status:
    """Signed by two people."""
    reviewed(service, plan)
    return sign_all(service, plan)


def sign_all(service: Service, plan: SeenPlan) -> Status:
    status = signing.sign(service, FIRST, plan, approval(*SIMPLE))
    for item_id in ALONE:
        for signer in (FIRST, SECOND):
            status = signing.sign(service, signer, plan, approval(item_id))
    return status
