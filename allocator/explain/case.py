"""One person of a plan with all others where the plan puts them, priced for every cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.explain.blocking import Placed
from allocator.explain.entry import NOWHERE
from allocator.explain.prices import Prices
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.person import Person
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray, PairPoints
from allocator.model.vocabulary import Level


@dataclass(frozen=True, eq=False)
class Case:
    """A person, and a plan as positions of cells.

    Parameters
    ----------
    instance : of the index's scenario, with the units of every level.
    placement : shape (n_persons,), planned cell or `NOWHERE`; the person's own included.
    position : of the person.
    """

    index: ScenarioIndex
    instance: Instance
    placement: IntArray
    position: int

    @property
    def scenario(self) -> Scenario:
        """The scenario that the positions belong to."""
        return self.index.scenario

    @property
    def person(self) -> Person:
        """The person as recorded."""
        return self.scenario.people[self.position]

    @property
    def chosen(self) -> int:
        """The planned cell, `NOWHERE` for none."""
        return int(self.placement[self.position])

    @property
    def present(self) -> int:
        """The present cell, `NOWHERE` for none."""
        return int(self.instance.current[self.position])

    @cached_property
    def others(self) -> IntArray:
        """The plan without the person; shape (n_persons,)."""
        placement = self.placement.copy()
        placement[self.position] = NOWHERE
        return placement

    @cached_property
    def prices(self) -> Prices:
        """Prices of every cell against the planned one."""
        return Prices(Placed(self.instance, self.others), self.position, self.chosen)

    @cached_property
    def open_cells(self) -> IntArray:
        """Lawful cells, best first; the planned one among them where there is one."""
        return self.prices.ranked(np.flatnonzero(self.prices.open_cells()).astype(np.int64))

    def occupants(self, c: int) -> tuple[int, ...]:
        """Others who are planned into a cell, in order."""
        return tuple(np.flatnonzero(self.others == c).tolist())

    def unit_name(self, level: Level, c: int) -> str:
        """The unit of a cell at a level; "" where it has none."""
        unit = int(self.index.unit_of(level)[c])
        return "" if unit < 0 else self.index.unit_names(level)[unit]


def pair_points(case: Case, cells: Sequence[int]) -> Mapping[int, IntArray]:
    """Points of tier exposure of the person with each other, by the person's cell.

    Returns
    -------
    For the positions of others with points in at least one of the cells, ascending, shape
    (n_cells_asked,); 0 in `NOWHERE`.
    """
    instance, found = case.instance, dict[int, IntArray]()
    for shape in instance.shapes:
        if not isinstance(shape, PairPoints) or shape.level is not None:
            continue
        for mine, theirs, towards in (
            (shape.first, shape.second, True),
            (shape.second, shape.first, False),
        ):
            rows = np.flatnonzero(mine == case.position)
            rows = rows[case.others[theirs[rows]] >= 0]
            for other, points in zip(
                theirs[rows].tolist(), shape.points[rows].tolist(), strict=True
            ):
                values = [points * _contact(case, c, other, towards=towards) for c in cells]
                found[other] = found.get(other, np.int64(0)) + np.array(values, dtype=np.int64)
    return {other: found[other] for other in sorted(found) if found[other].any()}


def _contact(case: Case, c: int, other: int, *, towards: bool) -> int:
    """Contact of a cell with the planned cell of somebody else."""
    if c == NOWHERE:
        return 0
    instance, d = case.instance, int(case.others[other])
    if c == d:
        return int(instance.cell_contact[c])
    here, there = int(instance.contact_class[c]), int(instance.contact_class[d])
    return int(instance.contact[here, there] if towards else instance.contact[there, here])
