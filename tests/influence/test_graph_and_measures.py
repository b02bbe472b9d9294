"""The graph holds current evidence only; measures by hand on small graphs."""

import pytest

from allocator.influence import influence_graph
from allocator.influence.measures import brokers, out_strength, reach, strongest_edges
from allocator.model.relations import InfluenceEdge
from allocator.model.vocabulary import EdgeKind, EvidenceBasis, SourceGrade
from tests.builders import days_ago, make_scenario


def edge(source: str, target: str, kind: EdgeKind, strength: int, age: int = 0) -> InfluenceEdge:
    return InfluenceEdge(
        source, target, kind, strength, SourceGrade.B, EvidenceBasis.ASSESSMENT,
        days_ago(age), days_ago(-5), "wing officer",
    )  # fmt: skip


CHAIN = (
    edge("p1", "p2", EdgeKind.DIRECTS, 3),
    edge("p1", "p2", EdgeKind.RECRUITS, 2),
    edge("p1", "p3", EdgeKind.RECRUITS, 3, age=180),
    edge("p2", "p4", EdgeKind.COERCES, 3),
    edge("p4", "p5", EdgeKind.DIRECTS, 3),
    edge("p5", "p1", EdgeKind.MENTORS, 3),
)


def test_every_current_piece_of_evidence_is_an_edge_of_its_own() -> None:
    old = InfluenceEdge(
        "p2", "p1", EdgeKind.DIRECTS, 3, SourceGrade.A, EvidenceBasis.FACT, days_ago(9), days_ago(1)
    )
    graph = influence_graph(make_scenario(people=["p1", "p2"], influence_edges=(*CHAIN[:2], old)))

    assert sorted(graph) == ["p1", "p2"]
    assert graph.number_of_edges("p1", "p2") == 2
    assert not graph.has_edge("p2", "p1")
    first = graph.get_edge_data("p1", "p2", 0)
    assert first == {
        "kind": EdgeKind.DIRECTS,
        "strength": 3,
        "grade": SourceGrade.B,
        "basis": EvidenceBasis.ASSESSMENT,
        "observed": days_ago(0),
        "expires": days_ago(-5),
        "author": "wing officer",
        "freshness": pytest.approx(0.8),
        "points": None,
        "points_kind": None,
    }


def test_measures_follow_the_freshest_harmful_evidence() -> None:
    people = [f"p{i}" for i in range(1, 7)]
    graph = strongest_edges(influence_graph(make_scenario(people=people, influence_edges=CHAIN)))

    assert out_strength(graph)["p1"] == pytest.approx(0.8 + 0.4)
    assert reach(graph, steps=1, decay=0.5)["p1"] == pytest.approx(2)
    assert reach(graph, steps=3, decay=0.5)["p1"] == pytest.approx(2 + 0.5 + 0.25)
    assert reach(graph, steps=2, decay=0.3)["p5"] == 0
    found = brokers(graph)
    assert found is not None
    assert found["p2"] == pytest.approx(2 / 12)
    assert found["p1"] == found["p6"] == 0


def test_brokers_are_not_computed_on_a_graph_that_is_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = strongest_edges(
        influence_graph(make_scenario(people=["p1", "p2"], influence_edges=CHAIN[:1]))
    )
    monkeypatch.setattr("allocator.influence.measures.LARGEST_BROKER_WORK", 1)

    assert brokers(graph) is None
