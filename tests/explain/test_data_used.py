"""Which data an explanation rests on: states, dates and the evidence of the pairs that matter."""

from dataclasses import replace
from typing import Any

from allocator.explain.data_rows import DataKind, DataRow, DataState
from allocator.explain.data_used import DataUsed
from allocator.jobs.explain import Explainer
from allocator.model.relations import InfluenceEdge, ProtectionNeed, StablePair
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    EdgeKind,
    EvidenceBasis,
    Grade,
    Restriction,
    SourceGrade,
)
from tests.builders import (
    authority,
    cell,
    days_ago,
    forbid,
    freeze,
    landing,
    lock,
    make_scenario,
    person,
    receptivity,
    wing,
)
from tests.jobs.plans import plan_of


def used(scenario: Scenario, cell_id: str | None = None) -> DataUsed:
    """The data on p, who is planned into a1 with q; r is in b1 of the other wing."""
    explainer = Explainer(scenario, plan_of(scenario, {"p": "a1", "q": "a1", "r": "b1"}))
    return explainer.explain("p", cell_id).data


def prison(**known: Any) -> Scenario:
    return make_scenario(
        [cell("a1", 2), cell("b1", 2, "L2"), cell("b2", 2, "L2")],
        [person("p", sharing_assessed_at=days_ago(17)), "q", "r"],
        units=[wing("W2"), landing("L2", "W2")],
        **known,
    )


def rows_of(data: DataUsed, kind: DataKind) -> list[DataRow]:
    return [row for row in data.rows if row.kind is kind]


def states(data: DataUsed, kind: DataKind) -> list[DataState]:
    return [row.state for row in rows_of(data, kind)]


def test_findings_are_current_replaced_expired_or_missing() -> None:
    newest = replace(receptivity("p", Grade.HIGH), assessed_at=days_ago(3))
    older = receptivity("p", Grade.LOW)
    old = replace(older, assessed_at=days_ago(500), valid_until=days_ago(300))
    data = used(prison(findings=[newest, older, old]))
    assert states(data, DataKind.RECEPTIVITY) == [
        DataState.CURRENT,
        DataState.REPLACED,
        DataState.EXPIRED,
    ]
    assert rows_of(data, DataKind.RECEPTIVITY)[0].on == days_ago(3)
    assert states(data, DataKind.NETWORK_ROLE) == [DataState.MISSING]
    assert [row.on for row in rows_of(data, DataKind.SHARING_RISK)] == [days_ago(17)]


def test_authorities_holds_and_locks_have_their_state() -> None:
    acts = [
        authority("p", AuthorityKind.ASSESSMENT, 3),
        authority("p", AuthorityKind.ASSESSMENT, 4, review_by=days_ago(1)),
        authority("p", AuthorityKind.SEPARATION, 5, expires_at=days_ago(2)),
        authority("p", AuthorityKind.SEPARATION, 2, issued_at=days_ago(-1)),
    ]
    locks = [
        forbid("p", "b1"),
        lock("p", "b2", until=days_ago(1)),
        lock("p", "b2", at=days_ago(-2)),
        lock("q", "a1"),
    ]
    freezes = [freeze("p", days_ago(-5)), freeze("p", days_ago(7)), freeze("q")]
    data = used(prison(authorities=acts, locks=locks, freezes=freezes))
    assert states(data, DataKind.AUTHORITY) == [
        DataState.CURRENT,
        DataState.REVIEW_OVERDUE,
        DataState.EXPIRED,
        DataState.NOT_YET,
    ]
    assert states(data, DataKind.LOCK) == [
        DataState.CURRENT,
        DataState.EXPIRED,
        DataState.NOT_YET,
    ]
    assert "is not to be in b1" in rows_of(data, DataKind.LOCK)[0].value
    assert states(data, DataKind.FREEZE) == [DataState.CURRENT, DataState.EXPIRED]


def test_relations_are_those_of_the_person() -> None:
    data = used(
        prison(
            protection_needs=[
                ProtectionNeed("r", Restriction.CELL, "threat", "governor", days_ago(4), "p"),
                ProtectionNeed("r", Restriction.CELL, "threat", "governor", days_ago(4), "q"),
            ],
            stable_pairs=[StablePair("q", "p"), StablePair("q", "r")],
        )
    )
    (need,) = rows_of(data, DataKind.PROTECTION_NEED)
    assert (need.person_ids, need.state) == (("r",), DataState.REVIEW_OVERDUE)
    (pair,) = rows_of(data, DataKind.STABLE_PAIR)
    assert pair.person_ids == ("q",)


def test_evidence_of_the_pairs_that_matter() -> None:
    def edge(
        source: str, kind: EdgeKind, grade: SourceGrade, observed: int, expires: int
    ) -> InfluenceEdge:
        days = days_ago(observed), days_ago(expires)
        return InfluenceEdge(source, "p", kind, 3, grade, EvidenceBasis.FACT, *days)

    edges = [
        edge("q", EdgeKind.COERCES, SourceGrade.B, 41, -30),
        edge("q", EdgeKind.COERCES, SourceGrade.D, 7, -30),
        edge("q", EdgeKind.DIRECTS, SourceGrade.A, 90, 20),
        edge("r", EdgeKind.SUPPORTS, SourceGrade.C, 5, -30),
    ]
    data = used(prison(influence_edges=edges), "b1")
    q, r = data.pairs
    assert (q.person_id, q.evidence.pieces, q.evidence.expired) == ("q", 2, 1)
    assert (q.evidence.kinds, q.evidence.grades) == (("coerces",), ("B", "D"))
    assert (q.evidence.oldest, q.evidence.newest) == (days_ago(41), days_ago(7))
    assert q.points > 0 > q.largest_change == q.points // 100 - q.points
    assert (r.person_id, r.evidence.pieces) == ("r", 1)
    assert r.largest_change < r.points < 0
    assert (len(data.others), data.evidence.pieces, data.evidence.expired) == (2, 3, 1)
