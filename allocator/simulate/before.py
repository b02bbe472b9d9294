"""The "before" placement: legal but poor, by first fit over plain data.

People with VEO-linked roles take turns over the wings, each into its first landing, and half of
the receptive people are placed next, so that spillover is high while networks are spread; then
everybody else. The checks are the hard rules of the Council of Europe profile that concern one
cell; wings are set aside for legal categories and purposes beforehand, and relations are drawn
afterwards so that the placement respects them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from numpy.random import Generator

from allocator.model.estate import Cell, Estate
from allocator.model.vocabulary import (
    LegalCategory,
    SecurityCategory,
    SpecialistCellType,
    UsedFor,
    VeoStatus,
)
from allocator.simulate.estate import Plan
from allocator.simulate.people import INFLUENTIAL, Draft

HARD_FLOOR_M2, WARNING_FLOOR_M2 = 3.0, 4.0
SOLITARY_HOURS = 2.0
RECEPTIVE_PLACED_EARLY = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """How far a cell is filled: -1 within the space floor, 0 within capacity, then over it.

    `mixed` : young adults may share with older ones (R05 is no hard rule).
    """

    excess: int
    mixed: bool = False


@dataclass(slots=True, eq=False)
class CellState:
    """A cell in use, what holds for it, and who is in it."""

    cell: Cell
    site: str
    wing: str
    landing: str
    yard: str | None
    legal: LegalCategory
    purpose: UsedFor
    vulnerable_only: bool
    effective: int
    category: SecurityCategory | None
    monitored: bool
    regime_level: int
    low_contact: bool
    people: list[Draft] = field(default_factory=list)
    load: int = 0  # places taken

    def take(self, person: Draft) -> None:
        """Put a person here."""
        self.people.append(person)
        self.load += person.places
        person.cell = self

    def is_full(self, step: Step) -> bool:
        """True where nobody can be added at a step."""
        return self.load >= self.limit(step.excess)

    def limit(self, excess: int) -> int:
        """Places to fill at a step's excess."""
        if excess >= 0 or self.cell.area_m2 is None:
            return min(self.effective + max(excess, 0), self.cell.max_capacity)
        return min(self.effective, int(self.cell.area_m2 / HARD_FLOOR_M2 + 1e-9))


Kind: TypeAlias = tuple[str, LegalCategory, UsedFor]
Pools: TypeAlias = dict[Kind, list[CellState]]


def list_cells(plan: Plan) -> list[CellState]:
    """Cells that may hold people: in use, not buffer, with some capacity."""
    estate = plan.estate()
    return [
        _state(plan, estate, cell)
        for cell in sorted(plan.cells, key=lambda cell: cell.cell_id)
        if estate.effective_capacity(cell) > 0 and not cell.buffer
    ]


def _state(plan: Plan, estate: Estate, cell: Cell) -> CellState:
    wing = estate.wing_of(cell).unit_id
    uses = estate.uses(cell)
    category = cell.security_category or estate.inherited(cell, "security_category")
    yard = estate.inherited(cell, "exercise_group")
    level = estate.inherited(cell, "regime_level")
    return CellState(
        cell,
        site=estate.facility_of(cell).unit_id,
        wing=wing,
        landing=estate.landing_of(cell).unit_id,
        yard=None if yard is None else str(yard),
        legal=plan.legal_of[wing],
        purpose=UsedFor.SEGREGATION if UsedFor.SEGREGATION in uses else plan.purpose_of[wing],
        vulnerable_only=UsedFor.VULNERABLE in uses,
        effective=estate.effective_capacity(cell),
        category=None if category is None else SecurityCategory(str(category)),
        monitored=bool(estate.inherited(cell, "communications_monitoring")),
        regime_level=level if isinstance(level, int) else 0,
        low_contact=_is_low_contact(estate, cell),
    )


def _is_low_contact(estate: Estate, cell: Cell) -> bool:
    hours = (
        estate.inherited(cell, "unlock_hours"),
        estate.inherited(cell, "meaningful_contact_hours"),
    )
    return all(isinstance(value, float) and value < SOLITARY_HOURS for value in hours)


def place_people(people: Sequence[Draft], cells: Sequence[CellState], rng: Generator) -> None:
    """Give each person a cell by first fit; whoever fits nowhere keeps `cell` None."""
    pools: Pools = {}
    for cell in cells:
        pools.setdefault((cell.site, cell.legal, cell.purpose), []).append(cell)
    most = max((c.cell.max_capacity - c.effective for c in cells), default=0)
    steps = [Step(-1), Step(0), *(Step(excess, mixed=True) for excess in range(most + 1))]
    for group in _order(people, rng):
        left = group
        for step in steps:
            left = _place(left, pools, step)
            if not left:
                break


def _order(people: Sequence[Draft], rng: Generator) -> Iterator[list[Draft]]:
    """Restrictive and special units, people who are alone, the linked ones, the young, the rest."""
    shuffled = [people[int(k)] for k in rng.permutation(len(people))]
    special = [p for p in shuffled if p.purpose is not UsedFor.STANDARD or p.needs]
    ordinary = [p for p in shuffled if p.purpose is UsedFor.STANDARD and not p.needs]
    alone = [p for p in ordinary if p.alone]
    early = {id(p) for p in ordinary if p.receptive and rng.random() < RECEPTIVE_PLACED_EARLY} | {
        id(p) for p in ordinary if p.veo is not VeoStatus.NONE
    }
    company = [p for p in ordinary if not p.alone]
    linked = [p for p in company if id(p) in early]
    rest = [p for p in company if id(p) not in early]
    yield sorted(special, key=lambda p: not p.alone)
    yield sorted(alone, key=lambda p: not p.vulnerable)
    yield sorted(linked, key=lambda p: not p.leading)
    yield sorted(rest, key=lambda p: (not p.vulnerable, not p.young))


def _pool_of(person: Draft, pools: Pools, turn: int) -> list[CellState]:
    """Cells a person may go to, best first; people with VEO status take turns over the wings."""
    pool = pools.get((person.site_id, person.legal, person.purpose), [])
    if person.vulnerable:
        pool = [c for c in pool if c.vulnerable_only] or pool
    if person.alone:
        return sorted(pool, key=lambda c: (c.effective, c.cell.cell_id))
    if person.veo is not VeoStatus.NONE:
        return _starting_at(pool, turn)
    return pool


def _starting_at(pool: list[CellState], turn: int) -> list[CellState]:
    """The cells wing by wing, beginning with the wing whose turn it is."""
    wings = list(dict.fromkeys(c.wing for c in pool))
    place = {wing: (k - turn) % len(wings) for k, wing in enumerate(wings)}
    return sorted(pool, key=lambda c: place[c.wing])


def _place(people: Sequence[Draft], pools: Pools, step: Step) -> list[Draft]:
    """Give people the first cells that fit; those who fit in none.

    Most look through all cells of a kind in one order: for them a cell that is full is left out, as
    looking at each of them again for everybody took most of the time of a prison of 10,000.
    """
    roomy = {kind: [c for c in pool if not c.is_full(step)] for kind, pool in pools.items()}
    left = []
    for turn, person in enumerate(people):
        takes_turns = person.vulnerable or person.alone or person.veo is not VeoStatus.NONE
        pool = _pool_of(person, pools if takes_turns else roomy, turn)
        cell = next((c for c in pool if _fits(person, c, step)), None)
        if cell is None:
            left.append(person)
            continue
        cell.take(person)
        if cell.is_full(step) and not takes_turns:
            pool.remove(cell)
    return left


def _fits(person: Draft, cell: CellState, step: Step) -> bool:
    load = cell.load
    if load + person.places > cell.limit(step.excess):
        return False
    if load and step.excess < 0 and person.purpose is UsedFor.SEGREGATION:
        return False
    if load and (person.alone or any(other.alone for other in cell.people)):
        return False
    return _suits(person, cell) and all(
        _agree(person, other, step) and _agree(other, person, step) for other in cell.people
    )


def _suits(person: Draft, cell: CellState) -> bool:
    """Security category (A the highest), needs, and cells kept for a need."""
    types = cell.cell.specialist_cell_types
    baby = SpecialistCellType.MOTHER_AND_BABY
    return (
        (cell.category is None or cell.category <= person.category)
        and person.needs <= types
        and (baby in types) == (baby in person.needs)
        and (person.vulnerable or not cell.vulnerable_only)
    )


def _agree(person: Draft, other: Draft, step: Step) -> bool:
    """R18, R71 and, as long as there is room, young adults apart (R05)."""
    if person.leading and other.receptive_or_new:
        return False
    if person.role in INFLUENTIAL and other.first_time:
        return False
    return step.mixed or person.young == other.young
