"""What carrying out moves needs beside the rules of an instance: escorts, time, places to wait."""

from dataclasses import dataclass

from allocator.model.shapes import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class MoveFacts:
    """Escorts and places to wait, for the people and cells of one instance.

    Parameters
    ----------
    start_places : shape (n_persons,), where everybody is: a cell, a virtual place, or None.
    start_facility : shape (n_persons,), facility number of that place, -1 where it is not known.
    is_held : shape (n_persons,), people who start in a holding location.
    facility : shape (n_cells,), facility number of each cell.
    facilities : name of each facility, by number.
    holding : name of each facility's holding location (CSWAP), None where there is none.
    buffer_places : shape (n_cells,), places of each buffer cell that is in use, else 0.
    person_officers, cell_officers : officers for people of high risk, and for moves from and to
        separation and sealed units; 0 for all others; shape (n_persons,) and (n_cells,).
    officers_per_move : officers where neither the person nor a cell asks for another number.
    person_class : shape (n_persons,), number of each person's sex, age and legal category.
    is_restrictive : shape (n_cells,), cells under a regime above the ordinary ceiling.
    escort_officers : officers of each facility for escorts, None for no limit.
    minutes_per_move, window_minutes, holding_limit_minutes : minutes.
    """

    start_places: tuple[str | None, ...]
    start_facility: IntArray
    is_held: BoolArray
    facility: IntArray
    facilities: tuple[str, ...]
    holding: tuple[str | None, ...]
    buffer_places: IntArray
    person_officers: IntArray
    cell_officers: IntArray
    officers_per_move: int
    person_class: IntArray
    is_restrictive: BoolArray
    escort_officers: int | None
    minutes_per_move: int
    window_minutes: int
    holding_limit_minutes: int

    @property
    def window_batches(self) -> int:
        """Batches for which a window is long enough."""
        return self.window_minutes // self.minutes_per_move

    @property
    def holding_batches(self) -> int:
        """Batches that may begin before somebody has been in the holding location for too long."""
        return self.holding_limit_minutes // self.minutes_per_move
