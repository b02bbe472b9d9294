"""What would end each restrictive placement, and where it would step down to (R57)."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from allocator.explain.occupancy import usable_places
from allocator.explain.placements import BeforeAfter
from allocator.explain.readers import Reader
from allocator.model.estate import Cell
from allocator.model.person import Authority
from allocator.model.shapes import BoolArray, Eligible, IntArray
from allocator.model.vocabulary import UnitType
from allocator.rules import compile_rules


@dataclass(frozen=True, slots=True)
class StepDown:
    """One person above the ordinary regime.

    Parameters
    ----------
    regime_level : of the cell. kind, grounds : of the authority that carries it, "" without one;
        grounds also "" where the reader may not know them.
    review_by, expires_at : of that authority, None without one.
    solitary_ends : day on which being alone without contact must have ended, None for somebody who
        is not alone.
    next_level : highest lower regime of the facility in cells that no hard rule closes to the
        person whoever else is there, None where there are none.
    next_units : wings with such cells. free_places : usable places free in them.
    """

    person_id: str
    cell_id: str
    regime_level: int
    kind: str
    grounds: str
    review_by: date | None
    expires_at: date | None
    solitary_ends: date | None
    next_level: int | None
    next_units: tuple[str, ...]
    free_places: int

    @property
    def has_authority(self) -> bool:
        """False where nothing carries the placement, so that it must end at once."""
        return self.expires_at is not None

    @property
    def first_date(self) -> date | None:
        """The first day on which somebody must look at it; None where that is now."""
        if not self.has_authority:
            return None
        days = (self.review_by, self.expires_at, self.solitary_ends)
        return min(day for day in days if day is not None)


def step_downs(placed: BeforeAfter, reader: Reader = Reader.OFFICER) -> tuple[StepDown, ...]:
    """Everybody placed above the ordinary ceiling; who must leave first comes first.

    A reader without access to intelligence is not told the grounds of an authority.
    """
    found = _Estate(placed).lines()
    if not reader.sees_intelligence:
        found = [replace(line, grounds="") for line in found]
    return tuple(sorted(found, key=lambda s: (s.first_date or date.min, s.person_id)))


class _Estate:
    """Regime, facility and free places of each cell; arrays have shape (n_cells,)."""

    def __init__(self, placed: BeforeAfter) -> None:
        self.placed = placed
        self.scenario = placed.scenario
        estate = self.scenario.estate
        self.levels: IntArray = np.array([self._level(cell) for cell in estate.cells], np.int64)
        self.in_use: BoolArray = np.array([estate.is_in_use(c) for c in estate.cells], bool)
        self.facilities = np.array([self._unit(c, UnitType.FACILITY) for c in estate.cells])
        free = usable_places(placed) - placed.load(placed.after)
        self.free: IntArray = np.maximum(free, 0)

    def lines(self) -> list[StepDown]:
        """One line per person above the ceiling."""
        ceiling = self.scenario.profile.thresholds.ordinary_regime_ceiling
        after = self.placed.after
        placed = np.flatnonzero(after >= 0)
        strict = placed[self.levels[after[placed]] > ceiling].tolist()
        if not strict:
            return []
        shapes = compile_rules(self.placed.index)
        bars = [s for s in shapes if isinstance(s, Eligible) and s.penalty is None]
        return [self._line(i, int(after[i]), self._open(i, bars)) for i in strict]

    def _open(self, person_at: int, bars: list[Eligible]) -> BoolArray:
        """Cells that no hard rule closes to a person whoever else is there."""
        found = self.in_use.copy()
        for bar in bars:
            if person_at in bar.persons:
                found[bar.barred] = False
        return found

    def _line(self, person_at: int, cell_at: int, open_cells: BoolArray) -> StepDown:
        person = self.scenario.people[person_at]
        cell = self.scenario.estate.cells[cell_at]
        level = int(self.levels[cell_at])
        authority = self._carrying(person.person_id, cell, level)
        same = self.facilities == self.facilities[cell_at]
        lower: BoolArray = same & open_cells & (self.levels < level)
        next_level = int(self.levels[lower].max()) if lower.any() else None
        chosen = lower & (self.levels == next_level)
        cells = [self.scenario.estate.cells[c] for c in np.flatnonzero(chosen).tolist()]
        return StepDown(
            person_id=person.person_id,
            cell_id=cell.cell_id,
            regime_level=level,
            kind=authority.kind.value if authority else "",
            grounds=authority.grounds if authority else "",
            review_by=authority.review_by if authority else None,
            expires_at=authority.expires_at if authority else None,
            solitary_ends=self._solitary_ends(person.days_in_solitary),
            next_level=next_level,
            next_units=tuple(sorted({self._unit(c, UnitType.WING) for c in cells})),
            free_places=int(self.free[chosen].sum()),
        )

    def _carrying(self, person_id: str, cell: Cell, level: int) -> Authority | None:
        """The current authority that carries the placement and lasts longest."""
        day = self.scenario.day
        uses = {use.value for use in self.scenario.estate.uses(cell)}
        held = [
            authority
            for authority in self.scenario.authorities_by_person.get(person_id, ())
            if authority.kind.value in uses
            and authority.is_current(day)
            and authority.regime_level >= level
            and authority.has_medical(day)
        ]
        return max(held, key=lambda a: (a.expires_at, a.authority_id), default=None)

    def _solitary_ends(self, days: int) -> date | None:
        if not days:
            return None
        limit = self.scenario.profile.thresholds.solitary_limit_days
        return date.fromordinal(self.scenario.day.toordinal() + limit - days)

    def _level(self, cell: Cell) -> int:
        found = self.scenario.estate.inherited(cell, "regime_level")
        return found if isinstance(found, int) else 0

    def _unit(self, cell: Cell, unit_type: UnitType) -> str:
        """The wing or facility above a cell; the unit next above where there is none."""
        units = self.scenario.estate.ancestors(cell)
        return next((u.unit_id for u in units if u.unit_type is unit_type), cell.parent_id)
