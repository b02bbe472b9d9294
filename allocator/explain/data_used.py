"""Which recorded data a placement rests on and how old it is (R42, R63).

Rows say what is recorded, of when and until when; a finding that has run out counts as unknown.
Rows that come from assessments of the person, from orders or from evidence are marked, so that a
reader without access to such information sees that there is something, and how old, and no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from allocator.explain.case import Case, pair_points
from allocator.explain.data_rows import DataRow, Subject, person_rows, relation_rows
from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario

MOST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pieces of evidence together; `oldest`, `newest` by the day observed, None for no piece."""

    pieces: int
    expired: int
    kinds: tuple[str, ...]
    grades: tuple[str, ...]
    oldest: date | None
    newest: date | None


@dataclass(frozen=True, slots=True)
class PairData:
    """One other person, the points of exposure with them in the planned cell, and the evidence.

    `largest_change` : of the points, over the cells that are shown.
    """

    person_id: str
    points: int
    largest_change: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DataUsed:
    """Rows on the person and on relations; the pairs that matter most; all pairs together.

    `others` : everybody with whom there are points, in the order of the people.
    """

    rows: tuple[DataRow, ...]
    pairs: tuple[PairData, ...]
    others: tuple[str, ...]
    evidence: Evidence


def data_used(case: Case, cells: Iterable[int]) -> DataUsed:
    """What the prices of the planned and of the given cells rest on."""
    asked = (case.chosen, *cells)
    others = {case.instance.person_ids[q]: v for q, v in pair_points(case, asked).items()}
    scenario, person_id = case.scenario, case.person.person_id
    edges = _edges_by_other(scenario, person_id)
    pairs = [
        PairData(
            other,
            int(points[0]),
            max((int(p - points[0]) for p in points[1:]), key=abs, default=0),
            _evidence(scenario, edges.get(other, ())),
        )
        for other, points in others.items()
    ]
    pairs.sort(key=lambda p: (-max(abs(p.points), abs(p.largest_change)), p.person_id))
    every = [edge for other in others for edge in edges.get(other, ())]
    return DataUsed(
        rows=_rows(scenario, person_id),
        pairs=tuple(pairs[:MOST_PAIRS]),
        others=tuple(others),
        evidence=_evidence(scenario, every),
    )


def data_recorded(data: DataUsed, shown: Scenario, person_id: str) -> DataUsed:
    """The same where only so much is recorded; points stay as they are."""
    edges = _edges_by_other(shown, person_id)
    return DataUsed(
        rows=_rows(shown, person_id),
        pairs=tuple(
            replace(pair, evidence=_evidence(shown, edges.get(pair.person_id, ())))
            for pair in data.pairs
        ),
        others=data.others,
        evidence=_evidence(shown, [e for other in data.others for e in edges.get(other, ())]),
    )


def _rows(scenario: Scenario, person_id: str) -> tuple[DataRow, ...]:
    subject = Subject(scenario, scenario.person_by_id[person_id])
    return (*person_rows(subject), *relation_rows(subject))


def _edges_by_other(scenario: Scenario, person_id: str) -> dict[str, list[InfluenceEdge]]:
    """All evidence between the person and each other, valid or not."""
    found: dict[str, list[InfluenceEdge]] = {}
    for edge in scenario.influence_edges:
        if person_id in {edge.source, edge.target}:
            other = edge.target if edge.source == person_id else edge.source
            found.setdefault(other, []).append(edge)
    return found


def _evidence(scenario: Scenario, edges: Iterable[InfluenceEdge]) -> Evidence:
    known = list(edges)
    valid = [edge for edge in known if edge.is_current(scenario.day)]
    days = [edge.observed_at for edge in valid]
    return Evidence(
        pieces=len(valid),
        expired=sum(edge.expires_at < scenario.day for edge in known),
        kinds=tuple(sorted({edge.kind.value for edge in valid})),
        grades=tuple(sorted({edge.source_grade.value for edge in valid})),
        oldest=min(days, default=None),
        newest=max(days, default=None),
    )
