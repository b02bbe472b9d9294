"""Where one person can go now: the best lawful cells, and what closes each of the others (R59).

Everybody else stays in the present cell. Cells are ranked tier by tier in the scenario's order,
without tolerance; of equal cells the first of the estate comes first. The present cell is never
offered.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocator.explain.blocking import Placed
from allocator.explain.entry import NOWHERE, contact_sums
from allocator.explain.offers import (
    Answer,
    NearestCell,
    Offer,
    OtherCell,
    Signature,
    Space,
)
from allocator.explain.prices import Prices
from allocator.influence.points import InfluencePoints
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import ExposureKind, Level, Tier

MOST_OFFERS = 5
ROUNDING = 1e-9
NEVER_A_STEP = frozenset(
    {
        RuleId.LEAST_RESTRICTIVE,
        RuleId.AUTHORITY,
        RuleId.MEDICAL_CONSIDERED,
        RuleId.EXPIRED_AUTHORITY,
        RuleId.NO_SOLITARY,
    }
)
"""Nobody is told to obtain an authority or to isolate somebody so that a cell opens."""


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """A scenario made ready for many answers."""

    index: ScenarioIndex
    instance: Instance
    influence: InfluencePoints

    def answer(self, person_id: str, count: int = MOST_OFFERS) -> Answer:
        """The best `count` lawful cells for somebody, and why not the others.

        Raises
        ------
        KeyError
            If the scenario has no such person.
        """
        return _Case(self, self.index.person_at[person_id]).answer(count)


class _Case:
    """Everything that is known of one person's being in each cell."""

    def __init__(self, desk: Desk, person: int) -> None:
        self.desk, self.person = desk, person
        self.scenario = desk.index.scenario
        self.home = int(desk.instance.current[person])
        placement = desk.instance.current.copy()
        placement[person] = NOWHERE
        self.at = Placed(desk.instance, placement)
        self.prices = Prices(self.at, person, self.home)

    def answer(self, count: int) -> Answer:
        is_open = self.prices.open_cells()
        if self.home >= 0:
            is_open[self.home] = False
        ranked = self.prices.ranked(np.flatnonzero(is_open).astype(np.int64))
        offered = ranked[:count].tolist()
        return Answer(
            person_id=self.scenario.people[self.person].person_id,
            present_place=self.scenario.people[self.person].current_place,
            cells=self.desk.instance.n_cells,
            lawful=len(ranked),
            unsigned=sum(not tuple(self._signatures(c)) for c in ranked.tolist()),
            offers=tuple(self._offer(rank, c, ranked) for rank, c in enumerate(offered, start=1)),
            others=self._others(ranked, set(offered)),
            closed_by={rule: int(mask.sum()) for rule, mask in self.prices.closed.items()},
            nearest=None if offered else self._nearest(),
        )

    def _offer(self, rank: int, c: int, ranked: IntArray) -> Offer:
        index = self.desk.index
        changes = self.prices.changes.values()
        values = np.stack([change[ranked] - change[c] for change in changes])
        return Offer(
            rank=rank,
            cell_id=self.desk.instance.cell_ids[c],
            wing_id=_unit_name(index, Level.WING, c),
            landing_id=_unit_name(index, Level.LANDING, c),
            equals=int((values == 0).all(axis=0).sum()),
            tiers=self.prices.changes_in(c),
            exposure=self._exposure(c),
            shares=tuple(self.prices.shares(c)),
            signatures=tuple(self._signatures(c)),
            space=self._space(c),
        )

    def _signatures(self, c: int) -> Iterable[Signature]:
        policy, profile = self.scenario.policy, self.scenario.profile
        for term, points in self.prices.points.items():
            added = int(points[c])
            if term.tier is Tier.DEROGATIONS and isinstance(term.source, RuleId) and added > 0:
                setting = policy.settings.get(term.source) or profile.settings[term.source]
                yield Signature(term.source, added, setting.signed_by)

    def _exposure(self, c: int) -> dict[ExposureKind, int]:
        found = {}
        for kind in ExposureKind:
            table = self.desk.influence.of(kind)
            out, back = table.source == self.person, table.target == self.person
            total = contact_sums(
                self.at, table.target[out], table.points[out], towards=True
            ) + contact_sums(self.at, table.source[back], table.points[back], towards=False)
            found[kind] = int(total[c] - (total[self.home] if self.home >= 0 else 0))
        return found

    def _space(self, c: int) -> Space:
        cell, limits = self.scenario.estate.cells[c], self.scenario.profile.thresholds
        inside = self.at.placement == c
        held, taken = int(inside.sum()), int(self.desk.instance.places[inside].sum())
        here = c == self.home
        own = int(self.desk.instance.places[self.person])
        return Space(
            held_before=held + int(here),
            held_after=held + 1,
            taken_before=taken + own * int(here),
            taken_after=taken + own,
            cna=cell.cna,
            working_capacity=cell.working_capacity,
            max_capacity=cell.max_capacity,
            area_m2=cell.area_m2,
            hard_floor_places=_places(cell.area_m2, limits.space_floor_hard_m2),
            warning_floor_places=_places(cell.area_m2, limits.space_floor_warning_m2),
        )

    def _others(self, ranked: IntArray, offered: set[int]) -> tuple[OtherCell, ...]:
        rank_of = {c: rank for rank, c in enumerate(ranked.tolist(), start=1)}
        rows = self.prices.rules_of_cells()
        return tuple(
            OtherCell(cell_id, rank_of.get(c), rows[c], is_present=c == self.home)
            for c, cell_id in enumerate(self.desk.instance.cell_ids)
            if c not in offered
        )

    def _nearest(self) -> NearestCell | None:
        rows = self.prices.rules_of_cells()
        steps = [
            c for c, found in enumerate(rows) if c != self.home and NEVER_A_STEP.isdisjoint(found)
        ]
        if not steps:
            return None
        in_use: BoolArray = self.desk.instance.max_places > 0
        nearest = min(steps, key=lambda c: (len(rows[c]), not in_use[c], self.prices.price(c), c))
        return NearestCell(
            cell_id=self.desk.instance.cell_ids[nearest],
            closed_by=rows[nearest],
            cells=sum(found == rows[nearest] for found in rows),
            in_use=bool(in_use[nearest]),
            tiers=self.prices.changes_in(nearest),
        )


def _unit_name(index: ScenarioIndex, level: Level, c: int) -> str:
    return index.unit_names(level)[int(index.unit_of(level)[c])]


def _places(area_m2: float | None, floor_m2: float) -> int | None:
    return None if area_m2 is None else int(area_m2 / floor_m2 + ROUNDING)
