"""What one more cell of a kind would save: people without a place, then derogation points.

The scenario is solved again with a copy of an existing cell. Both sides of the difference have a
value and a proven bound; where they meet the saving is exact, otherwise it lies in a range.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import floor

from allocator.explain.repair.optimum import Optimum, find_optimum
from allocator.explain.repair.problem import Problem, make_problem
from allocator.model.estate import Cell
from allocator.model.scenario import Scenario

MOST_KINDS = 8
ROUNDING = 1e-9
NEW_CELL = "one-more"


@dataclass(frozen=True, slots=True)
class CellKind:
    """Cells of one facility that differ in nothing that a rule or a goal asks of a cell.

    Parameters
    ----------
    legal_category, security_category : inherited; "" for none. uses, specialist : sorted names.
    working, most : places by working and by maximum capacity.
    with_space : people whom the area allows at the hard floor; None where the area is unknown.
    """

    facility_id: str
    legal_category: str
    security_category: str
    uses: tuple[str, ...]
    specialist: tuple[str, ...]
    working: int
    most: int
    with_space: int | None


@dataclass(frozen=True, slots=True)
class Saving:
    """A saving that is proved to lie from `least` to `most`; `found` is that of the plans found."""

    least: int
    found: int
    most: int

    @property
    def is_exact(self) -> bool:
        """True when both ends meet."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Price:
    """What one more cell like `like` would save.

    Parameters
    ----------
    cells : existing cells of the kind in use.
    people : people who get a place. points : derogation points with the fewest people left out,
        negative where more people in cells need more signatures; None where the fewest people left
        out are not known on both sides, so that points of different plans would be compared.
    """

    kind: CellKind
    like: str
    cells: int
    people: Saving
    points: Saving | None


def price_places(problem: Problem, base: Optimum, limit: int = MOST_KINDS) -> tuple[Price, ...]:
    """Prices of the commonest kinds of cells, one of each use and category first."""
    kinds = cell_kinds(problem.scenario)
    return tuple(_price(problem, base, kind, kinds[kind]) for kind in _chosen(kinds, limit))


def cell_kinds(scenario: Scenario) -> dict[CellKind, list[Cell]]:
    """Cells that people may be put in, by kind; kinds in the estate's order."""
    estate = scenario.estate
    found: defaultdict[CellKind, list[Cell]] = defaultdict(list)
    for cell in estate.cells:
        if estate.is_in_use(cell) and not cell.buffer and estate.effective_capacity(cell) > 0:
            found[_kind_of(scenario, cell)].append(cell)
    return dict(found)


def _kind_of(scenario: Scenario, cell: Cell) -> CellKind:
    estate = scenario.estate
    floor_m2 = scenario.profile.thresholds.space_floor_hard_m2
    area = cell.area_m2
    return CellKind(
        estate.facility_of(cell).unit_id,
        _name(estate.inherited(cell, "legal_category")),
        _name(estate.inherited(cell, "security_category")),
        tuple(sorted(use.value for use in estate.uses(cell))),
        tuple(sorted(need.value for need in cell.specialist_cell_types)),
        estate.effective_capacity(cell),
        cell.max_capacity,
        None if area is None else floor(area / floor_m2 + ROUNDING),
    )


def _name(value: object) -> str:
    return "" if value is None else str(getattr(value, "value", value))


def _chosen(kinds: dict[CellKind, list[Cell]], limit: int) -> list[CellKind]:
    """The commonest kind of each use and category, then the commonest of the rest."""
    ordered = sorted(kinds, key=lambda kind: -len(kinds[kind]))
    seen: Counter[tuple[str, tuple[str, ...], tuple[str, ...]]] = Counter()
    rank = {}
    for kind in ordered:
        use = kind.legal_category, kind.uses, kind.specialist
        rank[kind] = seen[use]
        seen[use] += 1
    return sorted(ordered, key=lambda kind: rank[kind])[:limit]


def with_one_more(scenario: Scenario, like: Cell) -> Scenario:
    """The scenario with a copy of a cell, in the same unit, in which nobody is."""
    known = scenario.estate.cell_by_id
    cell_id = next(name for name in _names() if name not in known)
    cells = (*scenario.estate.cells, replace(like, cell_id=cell_id))
    return replace(scenario, estate=replace(scenario.estate, cells=cells))


def _names() -> Iterable[str]:
    yield NEW_CELL
    yield from (f"{NEW_CELL}-{k}" for k in range(2, 1000))


def _price(problem: Problem, base: Optimum, kind: CellKind, cells: list[Cell]) -> Price:
    added = make_problem(with_one_more(problem.scenario, cells[0]))
    more = find_optimum(added, added.everything, base.options, base.placement)
    people = _saving(base.people, more.people)
    most = min(people.most, kind.most)
    people = Saving(max(0, people.least), max(0, people.found), max(0, most))
    known = all(least == found for least, found in (base.people, more.people))
    points = _saving(base.points, more.points) if known else None
    if points is not None and people.found == 0:
        points = Saving(max(0, points.least), max(0, points.found), points.most)
    return Price(kind, cells[0].cell_id, len(cells), people, points)


def _saving(before: tuple[int, int], after: tuple[int, int]) -> Saving:
    return Saving(before[0] - after[1], before[1] - after[1], before[1] - after[0])
