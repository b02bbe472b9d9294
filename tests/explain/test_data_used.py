"""Which data an explanation rests on: states, dates and the evidence of the pairs that matter."""

import json
from dataclasses import replace
from typing import Any

from allocator.explain.data_rows import DataKind, DataRow, DataState
from allocator.explain.data_used import DataUsed
from allocator.explain.readers import Reader
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_data import data_document
from allocator.model.complaints import ComplaintOutcome
from allocator.model.relations import InfluenceEdge, ProtectionNeed, StablePair
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    EdgeKind,
    EvidenceBasis,
    Grade,
    Restriction,
    SourceGrade,
    VeoStatus,
)
from tests.builders import (
    authority,
    cell,
    complaint,
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


def test_what_rules_go_by_without_a_record_of_its_own_is_named_too() -> None:
    """Age decided a move, and a complaint froze one, and neither was among the data used."""
    known = person(
        "p",
        current_place="b1",
        age_years=19,
        moves_last_90_days=3,
        days_below_hard_floor=5,
        places_needed=2,
        first_time=True,
        veo_status=VeoStatus.UNDER_ASSESSMENT,
    )
    cells = [cell("a1", 3), cell("b1", 2, "L2")]
    closed = complaint("p", "a1", opened_at=days_ago(9), closed_at=days_ago(2), closed_by="x")
    scenario = make_scenario(
        cells,
        [known, "q", "r"],
        units=[wing("W2"), landing("L2", "W2")],
        complaints=[
            complaint("p", "b1", opened_at=days_ago(7)),
            replace(closed, outcome=ComplaintOutcome.UPHELD),
            complaint("q", "a1"),
        ],
    )
    explainer = Explainer(scenario, plan_of(scenario, {"p": "b1", "q": "a1", "r": "a1"}))
    data = explainer.explain("p").data
    values = {kind: [row.value for row in rows_of(data, kind)] for kind in DataKind}
    assert values[DataKind.SEX_AND_AGE] == ["male, 19"]
    assert values[DataKind.NEEDS] == ["2 places"]
    assert values[DataKind.COUNTS] == [
        "moves in the last 90 days: 3, days in a row below the hard space floor: 5"
    ]
    assert [row.on for row in rows_of(data, DataKind.COMPLAINT)] == [days_ago(7)]
    for kind, value in ((DataKind.VEO_STATUS, "under assessment"), (DataKind.FIRST_TIME, "yes")):
        (row,) = rows_of(data, kind)
        assert (row.value, row.is_intelligence) == (value, True)
    shown = json.dumps(data_document(scenario, data, Reader.OFFICER.of(scenario).about("p")))
    assert "VEO" not in shown
    assert "under assessment" not in shown
    assert "first time" not in shown


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
