"""A view in which one person is elsewhere is judged as the same placement read afresh."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from allocator.model.relations import InfluenceEdge
from allocator.model.vocabulary import EdgeKind, EvidenceBasis, SourceGrade
from allocator.verify.judge import judge, verify
from allocator.verify.view import View
from tests.builders import days_ago
from tests.rules.random_scenarios import CELLS, PEOPLE, scenarios
from tests.rules.test_agreement import placements

ANYWHERE = (*CELLS, None)
edges = st.builds(
    InfluenceEdge,
    source=st.sampled_from(PEOPLE),
    target=st.sampled_from(PEOPLE),
    kind=st.sampled_from(EdgeKind),
    strength=st.integers(1, 3),
    source_grade=st.sampled_from(SourceGrade),
    basis=st.just(EvidenceBasis.FACT),
    observed_at=st.sampled_from([days_ago(2), days_ago(130)]),
    expires_at=st.just(days_ago(-60)),
)


@settings(max_examples=24, deadline=None, phases=(Phase.generate,))
@given(st.data())
def test_random_scenarios(data: st.DataObject) -> None:
    evidence = data.draw(st.lists(edges, max_size=6))
    scenario = data.draw(scenarios(influence_edges=evidence))
    view = View(scenario, dict(zip(PEOPLE, data.draw(placements), strict=True)))
    for _ in range(4):
        person, cell = data.draw(st.sampled_from(PEOPLE)), data.draw(st.sampled_from(ANYWHERE))
        view = view.with_person_in(person, cell)
        assert judge(view) == verify(scenario, view.placement)
