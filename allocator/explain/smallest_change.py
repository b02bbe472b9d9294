"""What would have to be recorded otherwise for a given cell to be the choice for a person.

A smallest set, by deletion: with all of it taken away the cell is lawful and no lawful cell is
better, tier by tier, everybody else as planned; with any one of it left this is not so. A single
record is looked for first. The answer is proved again on a scenario that is prepared anew without
the records. It explains; it never advises to change a record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from allocator.errors import InternalError
from allocator.explain.blocking import Placed
from allocator.explain.case import Case
from allocator.explain.prices import Prices
from allocator.explain.record_search import places_near, records_near
from allocator.explain.records import Record, RecordKind, without
from allocator.explain.reduced import Reduced, others_without, with_all_levels
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.vocabulary import Tier
from allocator.prepare.instance import prepare_instance


class Outcome(StrEnum):
    """What, if anything, would make a cell the choice."""

    NONE_NEEDED = "none_needed"
    RECORDS = "records"
    OTHERS_MOVE = "others_move"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change found for one cell.

    Parameters
    ----------
    records : what would have to be otherwise; empty where nothing is needed or nothing helps.
    tied : other lawful cells that would be exactly as good.
    closed_by, behind, rival : where nothing helps, the rules that close the cell all the same, or
        else the first tier in which another cell would be better, and that cell.
    """

    cell_id: str
    outcome: Outcome
    records: tuple[Record, ...] = ()
    tied: int = 0
    closed_by: tuple[RuleId, ...] = ()
    behind: Tier | None = None
    rival: str | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a cell stands among all; `behind` None and nothing closed: no lawful cell is better.

    `best` : the best lawful cell, None where the cell itself is closed.
    """

    closed_by: tuple[RuleId, ...]
    behind: Tier | None
    tied: int
    best: int | None = None

    @property
    def is_first(self) -> bool:
        return not self.closed_by and self.behind is None


def smallest_change(case: Case, target: int) -> Change:
    """The smallest change of what is recorded that makes `target`, a cell, the choice.

    Raises
    ------
    InternalError
        If the answer does not hold on a scenario prepared without the records.
    """
    cell_id = case.instance.cell_ids[target]
    now = _standing(case.prices, target)
    if now.is_first:
        return Change(cell_id, Outcome.NONE_NEEDED, tied=now.tied)
    trials = _Trials(case, target)
    records = records_near(case, target)
    places = places_near(case, target)
    for pool in (records, (*records, *places)):
        found = trials.smallest(pool)
        if found is not None:
            proved = _proved(case, target, found)
            moves = any(record.kind is RecordKind.PLACE for record in found)
            outcome = Outcome.OTHERS_MOVE if moves else Outcome.RECORDS
            return Change(cell_id, outcome, found, proved.tied)
    left = trials.standing((*records, *places))
    rival = None if left.best is None else case.instance.cell_ids[left.best]
    return Change(cell_id, Outcome.NOT_POSSIBLE, (), 0, left.closed_by, left.behind, rival)


class _Trials:
    """Prices with some records taken away, each set of them tried once."""

    def __init__(self, case: Case, target: int) -> None:
        self.reduced, self.target = Reduced(case), target
        self._known: dict[frozenset[Record], _Standing] = {}

    def smallest(self, pool: Sequence[Record]) -> tuple[Record, ...] | None:
        """A smallest part of the pool that is enough, in its order; None where all is not.

        The last of the pool is put back first: what is rather named comes first.
        """
        for record in pool:
            if self.standing((record,)).is_first:
                return (record,)
        if not self.standing(pool).is_first:
            return None
        kept, fewer = list(pool), self._with_some_back(pool)
        while len(fewer) < len(kept):
            kept, fewer = fewer, self._with_some_back(fewer)
        return tuple(kept)

    def _with_some_back(self, records: Sequence[Record]) -> list[Record]:
        """The records without those that can be put back, one after another from the last."""
        kept = list(records)
        for record in reversed(records):
            rest = [other for other in kept if other != record]
            if self.standing(rest).is_first:
                kept = rest
        return kept

    def standing(self, records: Iterable[Record]) -> _Standing:
        key = frozenset(records)
        if key not in self._known:
            self._known[key] = _standing(self.reduced.prices(key), self.target)
        return self._known[key]


def _standing(prices: Prices, target: int) -> _Standing:
    rules = tuple(rule for rule, mask in prices.closed.items() if mask[target])
    if rules:
        return _Standing(rules, None, 0)
    cells = np.flatnonzero(prices.open_cells()).astype(np.int64)
    best = int(prices.ranked(cells)[0])
    behind = next((t for t, v in prices.changes.items() if v[target] > v[best]), None)
    same = np.all([v[cells] == v[target] for v in prices.changes.values()], axis=0)
    return _Standing((), behind, int(np.sum(same)) - 1, best)


def _proved(case: Case, target: int, records: Sequence[Record]) -> _Standing:
    """The standing on a scenario that is prepared anew."""
    reduced = without(case.scenario, case.person.person_id, records)
    instance = with_all_levels(ScenarioIndex(reduced), prepare_instance(reduced))
    instance = replace(instance, tiers=case.instance.tiers)
    prices = Prices(Placed(instance, others_without(case, records)), case.position, case.chosen)
    standing = _standing(prices, target)
    if not standing.is_first:
        raise InternalError(
            "An explanation failed its proof, so nothing is shown. This is a fault of the program "
            "and not of your data; please report it.",
            f"{case.instance.cell_ids[target]} is not first without {records}: {standing}",
        )
    return standing
