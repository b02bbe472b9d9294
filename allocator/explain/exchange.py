"""Whom somebody who stays could change places with, and what that would cost (R42).

In a full prison hardly a cell is open while everybody else is as planned, so that the price of a
cell says little of why staying is the choice. An exchange with one other person leaves the room as
it is. The cells that would be best for the person are tried first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from allocator.explain.blocking import Placed, closed_cells, standing_bars
from allocator.explain.case import Case
from allocator.explain.entry import NOWHERE, Term, added_points
from allocator.explain.offers import Share
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Level, Tier

MOST_TRIED = 12
MOST_OF_A_CELL = 2
MOST_EXCHANGES = 2


@dataclass(frozen=True, slots=True)
class Exchange:
    """The person in another's planned cell, and the other in the person's; against the plan.

    `tiers`, `shares` : differences from the plan, as for an alternative.
    """

    person_id: str
    cell_id: str
    wing_id: str
    tiers: Mapping[Tier, int]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The best lawful exchanges among those tried, best first; empty where none is lawful.

    Lower limits are left to the judge, who refuses an exchange that leaves too few behind.
    """

    tried: int
    best: tuple[Exchange, ...]


def best_exchanges(case: Case) -> Exchanges:
    """Exchanges of somebody who has a planned cell."""
    pairs = list(_candidates(case))
    found = [exchange for q in pairs if (exchange := _exchange(case, q)) is not None]
    ranked = sorted(found, key=lambda e: (tuple(e.tiers.values()), e.cell_id, e.person_id))
    return Exchanges(len(pairs), tuple(ranked[:MOST_EXCHANGES]))


def _candidates(case: Case) -> Iterator[int]:
    """People in the cells that would be best for the person, whom no standing rule keeps apart."""
    instance, home = case.instance, case.chosen
    barred = standing_bars(instance, case.position)
    tried = 0
    for c in case.prices.ranked(np.arange(instance.n_cells, dtype=np.int64)).tolist():
        if c == home or any(mask[c] for mask in barred.values()):
            continue
        taken = 0
        for q in case.occupants(c):
            if taken < MOST_OF_A_CELL and not _is_barred(case, q):
                taken += 1
                tried += 1
                yield q
                if tried == MOST_TRIED:
                    return


def _is_barred(case: Case, q: int) -> bool:
    """True where a rule closes the person's cell to somebody, whoever else is there."""
    return any(mask[case.chosen] for mask in standing_bars(case.instance, q).values())


def _exchange(case: Case, q: int) -> Exchange | None:
    """The exchange with one person, None where a hard rule is against it."""
    home, there = case.chosen, int(case.others[q])
    neither = case.others.copy()
    neither[q] = NOWHERE
    if _is_closed(case, neither, case.position, there):
        return None
    away = _with(neither, case.position, there)
    if _is_closed(case, away, q, home):
        return None
    mine = added_points(Placed(case.instance, neither), case.position)
    now = added_points(Placed(case.instance, _with(neither, case.position, home)), q)
    then = added_points(Placed(case.instance, away), q)
    change = Counter[Term]()
    for term, points in mine.items():
        change[term] += int(points[there] - points[home])
    for term, points in then.items():
        change[term] += int(points[home])
    for term, points in now.items():
        change[term] -= int(points[there])
    shares = tuple(
        Share(tier, term.source, points)
        for tier in case.prices.tiers
        for term, points in sorted(change.items())
        if term.tier is tier and points
    )
    return Exchange(
        person_id=case.instance.person_ids[q],
        cell_id=case.instance.cell_ids[there],
        wing_id=case.unit_name(Level.WING, there),
        tiers=_tiers(case, shares),
        shares=shares,
    )


def _is_closed(case: Case, placement: IntArray, person: int, c: int) -> bool:
    masks = closed_cells(Placed(case.instance, placement), person)
    return any(mask[c] for mask in masks.values())


def _with(placement: IntArray, person: int, c: int) -> IntArray:
    found = placement.copy()
    found[person] = c
    return found


def _tiers(case: Case, shares: tuple[Share, ...]) -> dict[Tier, int]:
    return {
        tier: sum(share.points for share in shares if share.tier is tier)
        for tier in case.prices.tiers
    }
