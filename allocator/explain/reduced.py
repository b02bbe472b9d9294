"""A person's prices as they would be without some records: only what reads them is compiled anew.

Each rule and goal is compiled once for each set of records that it reads. Points of pairs are those
of the person alone: nobody else's are asked for here.
"""

from collections.abc import Iterable
from dataclasses import replace

from allocator.explain.blocking import Placed
from allocator.explain.case import Case
from allocator.explain.entry import NOWHERE, Source
from allocator.explain.prices import Prices
from allocator.explain.records import AFFECTS, EXPOSURE, Record, RecordKind, Sources, without
from allocator.goals import compile_goals
from allocator.influence.points import InfluencePoints, influence_points
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from allocator.model.shapes import (
    CellPoints,
    IntArray,
    LoadPoints,
    MovePoints,
    PairPoints,
    Shape,
)
from allocator.model.vocabulary import Level
from allocator.rules import compile_rules

Records = frozenset[Record]


class Reduced:
    """Prices of one case without any set of records."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._indexes: dict[Records, ScenarioIndex] = {}
        self._points: dict[Records, InfluencePoints] = {}
        self._shapes: dict[tuple[Source, Records], tuple[Shape, ...]] = {}

    def prices(self, records: Records) -> Prices:
        """What every cell adds without the records, everybody else as planned."""
        at = Placed(self.instance(records), others_without(self.case, records))
        return Prices(at, self.case.position, self.case.chosen)

    def instance(self, records: Records) -> Instance:
        """The instance without the records; right for the person's entries."""
        affected = Sources().union(*(AFFECTS[record.kind] for record in records))
        shapes = [s for s in self.case.instance.shapes if source_of(s) not in affected]
        for source in sorted(affected):
            read = frozenset(r for r in records if source in AFFECTS[r.kind])
            shapes.extend(self._compiled(source, read))
        return replace(self.case.instance, shapes=tuple(shapes))

    def _compiled(self, source: Source, records: Records) -> tuple[Shape, ...]:
        key = source, records
        if key not in self._shapes:
            index = self._index(records)
            if isinstance(source, RuleId):
                self._shapes[key] = compile_rules(index, (source,))
            else:
                points = self._pairs(records) if source in EXPOSURE else InfluencePoints({})
                self._shapes[key] = compile_goals(index, points, (source,))
        return self._shapes[key]

    def _index(self, records: Records) -> ScenarioIndex:
        if records not in self._indexes:
            person_id = self.case.person.person_id
            reduced = without(self.case.scenario, person_id, sorted(records))
            self._indexes[records] = self.case.index.of_same_estate(reduced)
        return self._indexes[records]

    def _pairs(self, records: Records) -> InfluencePoints:
        if records not in self._points:
            scenario = self._index(records).scenario
            self._points[records] = influence_points(
                _with_edges_of(scenario, self.case.person.person_id)
            )
        return self._points[records]


def _with_edges_of(scenario: Scenario, person_id: str) -> Scenario:
    """The scenario with the evidence on one person only: no other moves points of theirs."""
    edges = tuple(e for e in scenario.influence_edges if person_id in {e.source, e.target})
    return replace(scenario, influence_edges=edges)


def others_without(case: Case, records: Iterable[Record]) -> IntArray:
    """The plan without the person, and without those whose places are taken away."""
    placement = case.others.copy()
    for record in records:
        if record.kind is RecordKind.PLACE:
            for person_id in record.person_ids:
                placement[case.index.person_at[person_id]] = NOWHERE
    return placement


def source_of(shape: Shape) -> Source:
    """The rule or goal that a shape belongs to."""
    if isinstance(shape, CellPoints | LoadPoints | MovePoints | PairPoints):
        return shape.goal
    return shape.rule


def with_all_levels(index: ScenarioIndex, instance: Instance) -> Instance:
    """The instance with the units of every level, so that any rule can be compiled into it."""
    levels: dict[Level, IntArray] = {
        level: index.unit_of(level) for level in Level if level is not Level.CELL
    }
    return replace(instance, unit_of=levels)
