"""What an engine solves: people, cells, a contact structure and shapes, as sorted arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allocator.model.policy import TierSetting
from allocator.model.shapes import IntArray, Shape
from allocator.model.vocabulary import Level


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A placement problem.

    Parameters
    ----------
    person_ids, cell_ids : pseudonymous names, used for reading results only.
    places : shape (n_persons,), places each person takes, at least 1.
    max_places : shape (n_cells,), places a cell can hold at all; never exceeded.
    current : shape (n_persons,), present cell or -1.
    unit_of : for each level used by a shape, shape (n_cells,), unit number or -1 for none.
        `Level.CELL` is not listed: a cell's unit is its own index.
    contact_class : shape (n_cells,), cells of one class have the same contact to all others.
    contact : shape (n_classes, n_classes), weight between two different cells of these classes.
    cell_contact : shape (n_cells,), weight between two people in one cell.
    shapes : every rule and goal.
    tiers : order and tolerances of the objective.
    """

    person_ids: tuple[str, ...]
    cell_ids: tuple[str, ...]
    places: IntArray
    max_places: IntArray
    current: IntArray
    unit_of: Mapping[Level, IntArray]
    contact_class: IntArray
    contact: IntArray
    cell_contact: IntArray
    shapes: tuple[Shape, ...]
    tiers: tuple[TierSetting, ...]
    unit_names: Mapping[Level, tuple[str, ...]] = field(default_factory=dict)

    @property
    def n_persons(self) -> int:
        """Number of people."""
        return len(self.person_ids)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.cell_ids)
