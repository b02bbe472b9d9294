"""Who is in each cell, unit and exercise group while people are brought from place to place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Level
from allocator.verify.sites import Site

NOBODY: frozenset[str] = frozenset()


def release_buffers(scenario: Scenario) -> Scenario:
    """The scenario with its buffer cells as ordinary ones, which they are while people move."""
    estate = scenario.estate
    if not any(cell.buffer for cell in estate.cells):
        return scenario
    cells = tuple(replace(cell, buffer=False) for cell in estate.cells)
    return replace(scenario, estate=replace(estate, cells=cells))


class Standing:
    """People by place; whoever is on the way counts in every cell entered since `settle`.

    Parameters
    ----------
    places : cell, virtual place or None by person id; only cells count.
    levels : the levels whose units are kept.
    """

    def __init__(
        self, sites: Mapping[str, Site], places: Mapping[str, str | None], levels: frozenset[Level]
    ) -> None:
        self._units_of = {
            cell_id: [(level, unit) for level, unit in site.unit_at.items() if level in levels]
            for cell_id, site in sites.items()
        }
        self._cells_of: defaultdict[str, list[str]] = defaultdict(list)
        self._people_in: defaultdict[str, set[str]] = defaultdict(set)
        for person_id, place in places.items():
            self.enter(person_id, place)

    def enter(self, person_id: str, place: str | None) -> None:
        """The person is in a place as well, if it is a cell."""
        if place is not None and place in self._units_of:
            self._cells_of[person_id].append(place)
            for _, unit_id in self._units_of[place]:
                self._people_in[unit_id].add(person_id)

    def settle(self, person_id: str, place: str | None) -> None:
        """The person is in this place and in no other."""
        for cell_id in self._cells_of.pop(person_id, []):
            for _, unit_id in self._units_of[cell_id]:
                self._people_in[unit_id].discard(person_id)
        self.enter(person_id, place)

    def units_of(self, cell_id: str) -> frozenset[str]:
        """The cell and the units and groups that hold it; nothing for a place that is no cell."""
        return frozenset(unit_id for _, unit_id in self._units_of.get(cell_id, ()))

    def changed_by(self, person_id: str, place: str | None) -> Iterator[str]:
        """Cells, units and groups that a person who goes to a place leaves or comes to."""
        cells = self._cells_of.get(person_id, [])
        old = {unit for cell_id in cells for unit in self._units_of[cell_id]}
        new = set(self._units_of.get(place or "", ()))
        return (unit_id for _, unit_id in old ^ new)

    def within(self, place: str, without: frozenset[str] = NOBODY) -> dict[str, str]:
        """Cell, within a cell, unit or group, of each person there.

        Where a unit stands for several levels, a person in two of its cells is in the one that is
        in it at more of them: those levels are nested, so that nobody is left out of any.
        """
        people = sorted(self._people_in.get(place, NOBODY) - without)
        return {person_id: self._innermost(person_id, place) for person_id in people}

    def _innermost(self, person_id: str, place: str) -> str:
        cells = self._cells_of[person_id]
        if len(cells) == 1:
            return cells[0]
        return max(cells, key=lambda cell: sum(unit == place for _, unit in self._units_of[cell]))
