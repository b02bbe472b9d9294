"""Officers who escort a move (P23), for R25, the order of moves and the move list."""

from collections.abc import Iterable

from allocator.model.estate import Cell, Estate
from allocator.model.person import Person
from allocator.model.profile import Thresholds
from allocator.model.vocabulary import SecurityCategory, UsedFor

SEPARATION_USES = frozenset({UsedFor.SEPARATION, UsedFor.SEGREGATION})


def officers_for(estate: Estate, person: Person, cells: Iterable[Cell], limits: Thresholds) -> int:
    """Officers that bring a person from and to these cells; the largest number counts."""
    special = [person_officers(person, limits)]
    special += [cell_officers(estate, cell, limits) for cell in cells]
    return max(special) or limits.officers_per_move


def person_officers(person: Person, limits: Thresholds) -> int:
    """Officers for a person of high risk; 0 for all others."""
    return limits.officers_high_risk if person.security_category is SecurityCategory.A else 0


def cell_officers(estate: Estate, cell: Cell, limits: Thresholds) -> int:
    """Officers from and to a cell of a separation or sealed unit; 0 for all others."""
    is_separate = bool(SEPARATION_USES & estate.uses(cell))
    is_sealed = any(unit.sealed for unit in estate.ancestors(cell))
    return max(
        limits.officers_high_risk if is_separate else 0,
        limits.officers_sealed_unit if is_sealed else 0,
    )
