"""The map of cells: who is where now and under the plan, wing by wing and landing by landing."""

from dataclasses import dataclass, replace

from allocator.explain.exposure import ExposureTables, exposure_steps, harm_by_cell
from allocator.explain.occupancy import usable_places
from allocator.explain.placements import BeforeAfter
from allocator.model.estate import Cell
from allocator.model.plan import Plan
from allocator.model.vocabulary import Level


@dataclass(frozen=True, slots=True)
class MapCell:
    """One cell.

    Parameters
    ----------
    places : effective capacity, 0 for buffer cells and cells out of use.
    max_capacity : places that the cell can hold at all.
    taken_before, taken_after : places taken.
    exposure_before, exposure_after : spillover, coercion and collusion of the people in it; None
        where the reader may not know them.
    step_before, step_after : 0 for none shown, else 1-4 on the map's common scale.
    """

    cell_id: str
    places: int
    max_capacity: int
    taken_before: int
    taken_after: int
    in_use: bool
    buffer: bool
    exposure_before: int | None
    exposure_after: int | None
    step_before: int
    step_after: int
    has_derogation: bool

    @property
    def is_over(self) -> bool:
        """True when the plan takes more places than the effective capacity."""
        return self.taken_after > self.places


@dataclass(frozen=True, slots=True)
class MapLanding:
    """The cells of one landing, by id."""

    landing_id: str
    name: str
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class MapWing:
    """The landings of one wing, by id."""

    wing_id: str
    name: str
    facility: str
    landings: tuple[MapLanding, ...]


@dataclass(frozen=True, slots=True)
class CellMap:
    """All wings; `steps` are the upper ends of the exposure steps 1, 2, ... in points.

    `shows_exposure` : False for a reader who may not know where exposure is.
    """

    steps: tuple[int, ...]
    wings: tuple[MapWing, ...]
    n_cells: int
    shows_exposure: bool = True


def without_exposure(found: CellMap) -> CellMap:
    """The map for a reader who may not know where exposure is."""
    wings = tuple(
        replace(
            wing,
            landings=tuple(
                replace(landing, cells=tuple(_plain(cell) for cell in landing.cells))
                for landing in wing.landings
            ),
        )
        for wing in found.wings
    )
    return CellMap((), wings, found.n_cells, shows_exposure=False)


def _plain(cell: MapCell) -> MapCell:
    return replace(cell, exposure_before=None, exposure_after=None, step_before=0, step_after=0)


def cell_map(tables: ExposureTables, plan: Plan) -> CellMap:
    """Every cell of the scenario, grouped by wing and landing."""
    placed = tables.placed
    before, after = harm_by_cell(tables)
    steps = exposure_steps(before, after)
    signed = {derogation.breach.place for derogation in plan.derogations}
    usable, now, then = (
        usable_places(placed),
        placed.load(placed.before),
        placed.load(placed.after),
    )
    estate = placed.scenario.estate
    drawn = [
        MapCell(
            cell_id=cell.cell_id,
            places=int(usable[c]),
            max_capacity=cell.max_capacity,
            taken_before=int(now[c]),
            taken_after=int(then[c]),
            in_use=estate.is_in_use(cell),
            buffer=cell.buffer,
            exposure_before=int(before[c]),
            exposure_after=int(after[c]),
            step_before=step_of(int(before[c]), steps),
            step_after=step_of(int(after[c]), steps),
            has_derogation=cell.cell_id in signed,
        )
        for c, cell in enumerate(estate.cells)
    ]
    return CellMap(steps, _wings(placed, drawn), len(drawn))


def step_of(value: int, steps: tuple[int, ...]) -> int:
    """0 for no exposure, else the number from 1 of the first step that holds the value."""
    if value <= 0:
        return 0
    return next((n for n, end in enumerate(steps, start=1) if value <= end), len(steps))


def _wings(placed: BeforeAfter, drawn: list[MapCell]) -> tuple[MapWing, ...]:
    estate = placed.scenario.estate
    grouped: dict[tuple[str, str], dict[str, list[MapCell]]] = {}
    for cell, card in zip(estate.cells, drawn, strict=True):
        key = (estate.facility_of(cell).unit_id, _unit(placed, cell, Level.WING))
        landing = _unit(placed, cell, Level.LANDING)
        grouped.setdefault(key, {}).setdefault(landing, []).append(card)
    return tuple(
        MapWing(
            wing_id,
            _name(placed, wing_id),
            _name(placed, facility_id),
            tuple(
                MapLanding(landing_id, _name(placed, landing_id), tuple(cards))
                for landing_id, cards in sorted(landings.items())
            ),
        )
        for (facility_id, wing_id), landings in sorted(grouped.items())
    )


def _unit(placed: BeforeAfter, cell: Cell, level: Level) -> str:
    return placed.index.unit_key(cell, level) or ""


def _name(placed: BeforeAfter, unit_id: str) -> str:
    return placed.scenario.estate.unit_by_id[unit_id].name or unit_id
