"""Urgent answers against the judge, who shares no code with them: values and closed cells."""

from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from allocator.explain.placements import placement_now
from allocator.jobs.place import Placer
from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.relations import StablePair
from allocator.model.scenario import Scenario
from allocator.verify import verify
from tests.builders import HARD, derogable, soft
from tests.rules.random_scenarios import CELLS, PEOPLE, scenarios
from tests.rules.test_agreement import placements, within_places

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
PAIRS = (StablePair("p1", "p2"), StablePair("p3", "p4"))
some_settings = st.fixed_dictionaries(
    {rule: st.sampled_from([HARD, derogable(3), soft(2)]) for rule in RuleId}
)


@st.composite
def settled(draw: st.DrawFn) -> Scenario:
    """A random scenario in which people are in random cells, no fuller than they can be."""
    scenario = draw(scenarios(settings=draw(some_settings), stable_pairs=PAIRS))
    cells = within_places(scenario, draw(placements))
    people = zip(scenario.people, cells, strict=True)
    return replace(scenario, people=tuple(_moved(person, cell_id) for person, cell_id in people))


def _moved(person: Person, cell_id: str | None) -> Person:
    away = None if person.current_place in CELLS else person.current_place
    return replace(person, current_place=cell_id or away)


@settings(max_examples=35, deadline=None, phases=QUICK)
@given(settled())
def test_every_lawful_cell_is_confirmed_by_the_judge(scenario: Scenario) -> None:
    placer = Placer(scenario)
    for person_id in PEOPLE:
        answer = placer.place(person_id, count=len(CELLS))
        assert placer.check(answer).is_checked
        assert len(answer.offers) == answer.lawful


@settings(max_examples=22, deadline=None, phases=QUICK)
@given(settled())
def test_every_rule_that_closes_a_cell_is_found_broken_there(scenario: Scenario) -> None:
    placer, now = Placer(scenario), placement_now(scenario)
    for person_id in PEOPLE:
        for other in placer.place(person_id, count=1).others:
            broken = {b.rule for b in verify(scenario, {**now, person_id: other.cell_id}).unlawful}
            assert set(other.closed_by) <= broken
            assert other.closed_by or other.rank or other.is_present
