"""Why a person leaves the present cell: what that does for them, and who has the cell after.

The alternatives of an explanation hold everybody else where the plan puts them. The cell that a
person leaves is then often closed, because others have been given it, which says nothing of why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.explain.exposure import ExposureTables
from allocator.explain.move_lines import rules_settled
from allocator.model.catalogue import RuleId
from allocator.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a move from one cell to another does for the person.

    Parameters
    ----------
    settled : rules that the present placement breaks for the person and the plan does not.
    lowers_exposure : the exposure of all pairs that the person is part of falls.
    taken_by : people whom the plan has in the cell that is left, by id.
    """

    settled: frozenset[RuleId]
    lowers_exposure: bool
    taken_by: tuple[str, ...]


def leavings(
    plan: Plan,
    tables: ExposureTables,
    broken_before: Mapping[str, frozenset[RuleId]],
    broken_after: Mapping[str, frozenset[RuleId]],
) -> dict[str, Leaving]:
    """For everybody who moves from a cell to another, by person id; the move list says the same."""
    cells, at = tables.placed.scenario.estate.cell_by_id, tables.placed.index.person_at
    planned: dict[str, list[str]] = {}
    for placement in plan.placements:
        planned.setdefault(placement.cell_id or "", []).append(placement.person_id)
    return {
        move.person_id: Leaving(
            rules_settled(move.person_id, broken_before, broken_after),
            bool(tables.shared_after[i] < tables.shared_before[i]),
            tuple(sorted(planned.get(move.from_place, ()))),
        )
        for move in plan.moves
        if move.from_place is not None and move.from_place in cells
        for i in (at[move.person_id],)
    }
