"""The question of a conflict: may everybody be placed, without derogations or with some?

Rules that nobody may sign hold throughout. Derogations are counted in groups: a rule in one wing
(limits of cells), in one unit (limits of units), or as a whole where its breach has no one place
(separations, classes, cooldowns). A group is signed or not; what is in it is counted afterwards.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from allocator.errors import InternalError
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from allocator.model.shapes import (
    Alone,
    Apart,
    Count,
    Eligible,
    IntArray,
    MoveLimit,
    OneClass,
    Penalty,
    Placed,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from allocator.prepare.instance import prepare_instance
from allocator.rules._common import setting_of
from allocator.solver.counting_kinds import Guarded
from allocator.verify.judge import Findings, find_breaches
from allocator.verify.view import View

WHOLE = ""
RULE_SHAPES = Eligible | Stay | Alone | Apart | Count | OneClass | MoveLimit


@dataclass(frozen=True, slots=True)
class DerogationGroup:
    """Breaches of one rule that are signed together.

    Parameters
    ----------
    place : id of a wing or unit; "" for the rule as a whole or for cells outside wings.
    price : points of one unit of breach.
    """

    rule: RuleId
    place: str
    price: int
    signed_by: str


@dataclass(frozen=True, eq=False)
class Problem:
    """Who is to be placed under which rules; goals and soft rules are left out.

    Parameters
    ----------
    instance : people, cells and units, without shapes.
    placed : being without a place, priced in tier unplaced.
    hard : rules that nobody may sign.
    signable : every derogable shape with its price and the number of its group.
    """

    scenario: Scenario
    index: ScenarioIndex
    instance: Instance
    placed: tuple[Placed, ...]
    hard: tuple[Shape, ...]
    signable: tuple[tuple[Shape, int], ...]
    groups: tuple[DerogationGroup, ...]

    @cached_property
    def strict(self) -> Instance:
        """Everything holds."""
        return self.signed(frozenset())

    def signed(self, groups: Collection[int]) -> Instance:
        """The breaches of some groups are priced; everything else holds."""
        gone = frozenset(groups)
        rest = (s if g in gone else as_hard(s) for s, g in self.signable)
        return replace(self.instance, shapes=(*self.placed, *self.hard, *rest))

    @staticmethod
    def placed_of(persons: IntArray) -> Placed:
        """The price of being without a place."""
        return Placed(RuleId.ONE_BED, persons, Penalty(Tier.UNPLACED, 1))

    @property
    def everything(self) -> frozenset[int]:
        """All groups."""
        return frozenset(range(len(self.groups)))

    def guarded(self) -> tuple[Guarded, ...]:
        """Every shape, which holds unless its group is signed; then its breach has its price."""
        hard = (Guarded(shape) for shape in self.hard)
        return (*hard, *(Guarded(shape, group) for shape, group in self.signable))

    def group_at(self, rule: RuleId, place: str) -> int:
        """Number of the group of a derogation of a rule in a cell or unit.

        Raises
        ------
        InternalError
            If nobody signs for that rule there.
        """
        key = rule, self.wing_of_cell.get(place, place)
        group = self._by_place.get(key, self._by_place.get((rule, WHOLE)))
        if group is None:
            raise InternalError(f"A derogation of {rule} at {place!r} belongs to no group.")
        return group

    @cached_property
    def wing_of_cell(self) -> dict[str, str]:
        """Wing of each cell id, "" for none."""
        names = self.index.unit_names(Level.WING)
        units = self.index.unit_of(Level.WING).tolist()
        cells = self.instance.cell_ids
        return {c: names[u] if u >= 0 else WHOLE for c, u in zip(cells, units, strict=True)}

    @cached_property
    def _by_place(self) -> dict[tuple[RuleId, str], int]:
        return {(group.rule, group.place): k for k, group in enumerate(self.groups)}

    def find_breaches(self, placement: IntArray) -> Findings:
        """The judge's word on a placement, shape (n_persons,), cell or -1.

        Raises
        ------
        InternalError
            If the judge finds a breach of a hard rule.
        """
        cells = (self.instance.cell_ids[c] if c >= 0 else None for c in placement.tolist())
        where = dict(zip(self.instance.person_ids, cells, strict=True))
        findings = find_breaches(View(self.scenario, where))
        if findings.unlawful:
            raise InternalError(
                "A placement behind a repair failed its verification, so nothing is shown. This is "
                "a fault of the program and not of your data; please report it.",
                "; ".join(breach.detail for breach in findings.unlawful),
            )
        return findings

    def needed_groups(self, placement: IntArray) -> frozenset[int]:
        """Groups that have to be signed for a placement, as the judge finds its derogations."""
        return frozenset(
            self.group_at(entry.breach.rule, entry.breach.place)
            for entry in self.find_breaches(placement).derogations
        )


def make_problem(scenario: Scenario) -> Problem:
    """The question for a scenario under its profile and policy."""
    full = prepare_instance(scenario)
    index = ScenarioIndex(scenario)
    hard: list[Shape] = []
    derogable: list[Shape] = []
    placed = []
    for shape in full.shapes:
        if isinstance(shape, Placed):
            placed += [shape] if shape.penalty.tier is Tier.UNPLACED else []
        elif isinstance(shape, RULE_SHAPES):
            if shape.penalty is None:
                hard.append(shape)
            elif shape.penalty.tier is Tier.DEROGATIONS:
                derogable.append(shape)
    groups: dict[tuple[RuleId, str], int] = {}
    signable = tuple(
        (part, groups.setdefault((part.rule, place), len(groups)))  # type: ignore[union-attr]
        for shape in derogable
        for part, place in _parts(index, shape, _whole_rules(derogable))
    )
    return Problem(
        scenario, index, replace(full, shapes=()), tuple(placed), tuple(hard), signable,
        tuple(_group(scenario, rule, place) for rule, place in groups),
    )  # fmt: skip


def as_hard(shape: Shape) -> Shape:
    """The same shape without a price.

    Raises
    ------
    InternalError
        If it is a goal, or the price of having no place.
    """
    if not isinstance(shape, RULE_SHAPES):
        raise InternalError("Only rules can be held.", repr(shape))
    return replace(shape, penalty=None)


def _group(scenario: Scenario, rule: RuleId, place: str) -> DerogationGroup:
    setting = setting_of(scenario, rule)
    return DerogationGroup(rule, place, setting.price, setting.signed_by)


def _whole_rules(shapes: list[Shape]) -> frozenset[RuleId]:
    """Rules some breach of which has no one wing or unit."""
    return frozenset(
        shape.rule
        for shape in shapes
        if isinstance(shape, Stay | Alone | Apart | OneClass | MoveLimit)
    )


def _parts(
    index: ScenarioIndex, shape: Shape, whole: frozenset[RuleId]
) -> Iterator[tuple[Shape, str]]:
    """A shape by the place where its breach is signed."""
    if isinstance(shape, Eligible) and shape.rule not in whole:
        for cells, wing in _by_wing(index, shape.barred):
            yield replace(shape, barred=cells), wing
    elif isinstance(shape, Count) and shape.rule not in whole:
        yield from _count_parts(index, shape)
    else:
        yield shape, WHOLE


def _count_parts(index: ScenarioIndex, shape: Count) -> Iterator[tuple[Shape, str]]:
    if shape.level is Level.CELL:
        split = _by_wing(index, shape.units)
    else:
        names = index.unit_names(shape.level)
        split = ((np.array([u]), names[u]) for u in shape.units.tolist())
    for units, place in split:
        chosen = np.isin(shape.units, units)
        yield (
            replace(
                shape, units=shape.units[chosen], low=shape.low[chosen], high=shape.high[chosen]
            ),
            place,
        )


def _by_wing(index: ScenarioIndex, cells: IntArray) -> Iterator[tuple[IntArray, str]]:
    wings = index.unit_of(Level.WING)[cells]
    names = index.unit_names(Level.WING)
    for wing in np.unique(wings).tolist():
        yield cells[wings == wing], names[wing] if wing >= 0 else WHOLE
