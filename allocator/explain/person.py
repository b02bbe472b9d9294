"""Why one person of a plan is where they are, and why nowhere else (R42).

Numbers are differences of what a judge would say; here the shapes say them, and the job that shows
them has the judge confirm each one. Everybody else is where the plan puts them throughout.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.explain.alternatives import (
    Alternative,
    ClosedGroup,
    alternative_in,
    closed_groups,
    main_alternatives,
    nearest_step,
)
from allocator.explain.case import Case
from allocator.explain.data_used import DataUsed, data_used
from allocator.explain.entry import NOWHERE
from allocator.explain.exchange import Exchanges, best_exchanges
from allocator.explain.leaving import Leaving
from allocator.explain.offers import Share
from allocator.explain.smallest_change import Change, smallest_change
from allocator.model.vocabulary import Tier


@dataclass(frozen=True, slots=True)
class Explanation:
    """One person's placement, its alternatives, the data and what would have to change.

    Parameters
    ----------
    present_place : cell or virtual place, None for an arrival without one.
    planned_cell : None for somebody whom the plan leaves without a cell.
    lawful : lawful cells, the planned one included. better, equals : lawful cells that are better
        than the planned place or exactly as good, tier by tier without tolerance.
    adds, shares : what the placement adds to each tier against the person's being in no cell, in
        all and by rule or goal; empty without a cell.
    alternatives : the present cell first, where it is another one; then lawful cells, best first.
    asked : the cell that the reader asked about, None for none.
    closed : all other cells that hard rules close, by the set of rules.
    change : what would have to be recorded otherwise for the asked cell, or else for the best
        alternative, to be the choice; None where there is no such cell.
    exchanges : for somebody who stays, whom one could change places with; None for others.
    leaving : for somebody who moves, what that does for them; None for others, and unchecked.
    is_checked : the judge has confirmed every number.
    """

    person_id: str
    present_place: str | None
    planned_cell: str | None
    planned_wing: str
    is_move: bool
    cells: int
    lawful: int
    better: int
    equals: int
    adds: Mapping[Tier, int]
    shares: tuple[Share, ...]
    alternatives: tuple[Alternative, ...]
    asked: Alternative | None
    closed: tuple[ClosedGroup, ...]
    change: Change | None
    data: DataUsed
    exchanges: Exchanges | None = None
    leaving: Leaving | None = None
    is_checked: bool = False

    @property
    def stays(self) -> bool:
        """True for somebody who has a cell and keeps it."""
        return self.planned_cell is not None and self.planned_cell == self.present_place


def explain_person(case: Case, asked: int | None = None) -> Explanation:
    """Everything that is said of a person; `asked` is the position of a cell, None for none."""
    prices, chosen = case.prices, case.chosen
    alternatives = main_alternatives(case)
    wanted = None if asked is None or asked == chosen else alternative_in(case, asked)
    target = _target(case, asked, alternatives)
    shown = {
        case.index.cell_at[found.cell_id]
        for found in (*alternatives, *(() if wanted is None else (wanted,)))
    }
    better, equals = _rivals(case)
    return Explanation(
        person_id=case.person.person_id,
        present_place=case.person.current_place,
        planned_cell=None if chosen == NOWHERE else case.instance.cell_ids[chosen],
        planned_wing=_wing_name(case),
        is_move=NOWHERE not in {chosen, case.present} and chosen != case.present,
        cells=case.instance.n_cells,
        lawful=len(case.open_cells),
        better=better,
        equals=equals,
        adds={} if chosen == NOWHERE else _adds(case),
        shares=() if chosen == NOWHERE else tuple(prices.shares(chosen, NOWHERE)),
        alternatives=alternatives,
        asked=wanted,
        closed=closed_groups(case),
        change=None if target is None else smallest_change(case, target),
        data=data_used(case, sorted(shown)),
        exchanges=best_exchanges(case) if _stays(case) else None,
    )


def _stays(case: Case) -> bool:
    return case.chosen != NOWHERE and case.chosen == case.present


def _wing_name(case: Case) -> str:
    if case.chosen == NOWHERE:
        return ""
    cell = case.scenario.estate.cells[case.chosen]
    return case.scenario.estate.wing_of(cell).unit_id


def _adds(case: Case) -> dict[Tier, int]:
    """Points of each tier that the placement adds against the person's being in no cell."""
    return {
        tier: int(total[case.chosen] - total[NOWHERE]) for tier, total in case.prices.tiers.items()
    }


def _rivals(case: Case) -> tuple[int, int]:
    """Lawful cells better than the planned place, and others exactly as good."""
    prices, here = case.prices, case.prices.price(case.chosen)
    equal = better = 0
    for c in case.open_cells.tolist():
        there = prices.price(c)
        better += there < here
        equal += there == here and c != case.chosen
    return better, equal


def _target(case: Case, asked: int | None, alternatives: tuple[Alternative, ...]) -> int | None:
    """The cell whose being the choice is to be explained: asked about, else an alternative.

    A better one comes first, else the best that is worse: what is exactly as good needs no
    explanation. Where no other cell is lawful it is the one that the fewest rules close.
    """
    if asked is not None:
        return None if asked == case.chosen else asked
    lawful = sorted((a for a in alternatives if a.rank is not None), key=lambda a: a.rank or 0)
    if not lawful:
        return nearest_step(case)
    here = case.prices.price(case.chosen)
    unequal = [a for a in lawful if any(a.tiers.values())]
    better = [a for a in unequal if tuple(a.tiers.values()) < here]
    chosen = (*better, *unequal, *lawful)[0]
    return case.index.cell_at[chosen.cell_id]
