"""What has to be signed of a plan: each move, and each derogation (R50, R52).

A move needs one signature; two where somebody with a VEO status goes to another facility, and where
the new unit's regime level is 3 or above. A derogation always needs two. What needs two, and every
move out of or into such a unit, is signed by itself and never together with others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allocator.explain.readers import Reader
from allocator.explain.signing import derogation_lines
from allocator.model.plan import Placement, Plan
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import VeoStatus

RESTRICTIVE_LEVEL = 3
MOVE, DEROGATION = "move", "derogation"
VEO_TRANSFER, RESTRICTIVE_REGIME = "veo_transfer", "restrictive_regime"
WORDS = {
    VEO_TRANSFER: "a transfer to another facility of a person with a VEO status",
    RESTRICTIVE_REGIME: f"a placement under a regime of level {RESTRICTIVE_LEVEL} or above",
    DEROGATION: "a derogation from a rule",
}
"""Why two people have to sign, in words."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to sign.

    Parameters
    ----------
    item_id : `move:<person>` or `derogation:<number>`, the number as in the report, from 1.
    person_ids : whom it concerns.
    reasons : why two people sign, keys of `WORDS`, sorted; empty where one is enough.
    alone : it may not be signed in one request with others.
    detail : places and rule, plain data.
    """

    item_id: str
    kind: str
    person_ids: tuple[str, ...]
    reasons: tuple[str, ...]
    alone: bool
    detail: dict[str, Any]

    @property
    def signatures_needed(self) -> int:
        """1 or 2."""
        return 2 if self.reasons else 1


def items_of(scenario: Scenario, plan: Plan) -> tuple[Item, ...]:
    """Moves in the order of the plan, then derogations."""
    moves = (_move(scenario, placement) for placement in plan.moves)
    return (*moves, *_derogations(scenario, plan))


def _move(scenario: Scenario, placement: Placement) -> Item:
    person = scenario.person_by_id[placement.person_id]
    before = regime_level(scenario, placement.from_place)
    after = regime_level(scenario, placement.cell_id)
    here = facility_of(scenario, placement.from_place)
    there = facility_of(scenario, placement.cell_id)
    is_transfer = here is not None and here != there
    found = {
        VEO_TRANSFER: is_transfer and person.veo_status is not VeoStatus.NONE,
        RESTRICTIVE_REGIME: after >= RESTRICTIVE_LEVEL,
    }
    reasons = tuple(sorted(reason for reason, holds in found.items() if holds))
    detail = {
        "person_id": placement.person_id,
        "from": placement.from_place,
        "to": placement.cell_id,
        "is_transfer": is_transfer,
        "regime_level": after,
    }
    alone = bool(reasons) or before >= RESTRICTIVE_LEVEL
    item_id = f"{MOVE}:{placement.person_id}"
    return Item(item_id, MOVE, (placement.person_id,), reasons, alone, detail)


def _derogations(scenario: Scenario, plan: Plan) -> Iterator[Item]:
    found = derogation_lines(scenario, plan.derogations, Reader.WHOLE)
    lines = {line.number: line for line in found}
    for number, derogation in enumerate(plan.derogations, start=1):
        line, people = lines[number], derogation.breach.person_ids
        detail = {
            "rule": line.rule,
            "words": line.words,
            "place": line.place,
            "amount": line.amount,
            "unit": line.unit,
            "role": line.signed_by,
            "person_ids": list(people),
        }
        item_id = f"{DEROGATION}:{number}"
        yield Item(item_id, DEROGATION, people, (DEROGATION,), alone=True, detail=detail)


def regime_level(scenario: Scenario, place: str | None) -> int:
    """Regime level of a cell, 0-5; 0 for a virtual place, for none, and where none is recorded."""
    cell = scenario.estate.cell_by_id.get(place or "")
    level = None if cell is None else scenario.estate.inherited(cell, "regime_level")
    return level if isinstance(level, int) else 0


def facility_of(scenario: Scenario, place: str | None) -> str | None:
    """Facility of a cell or a virtual place; None for no place or an unknown one."""
    estate = scenario.estate
    if (cell := estate.cell_by_id.get(place or "")) is not None:
        return estate.facility_of(cell).unit_id
    virtual = estate.virtual_by_id.get(place or "")
    return None if virtual is None else virtual.facility_id
