"""Explanations of random plans against the judge, and smallest changes against smaller ones."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from allocator.explain.blocking import Placed
from allocator.explain.case import Case
from allocator.explain.entry import NOWHERE
from allocator.explain.exchange import MOST_OF_A_CELL
from allocator.explain.prices import Prices
from allocator.explain.records import Record, RecordKind, without
from allocator.explain.reduced import Reduced, others_without, with_all_levels
from allocator.explain.smallest_change import Outcome
from allocator.jobs.explain import Explainer
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.judgement import Judgement
from allocator.model.relations import InfluenceEdge, StablePair
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import EdgeKind, EvidenceBasis, SourceGrade, Status
from allocator.prepare.instance import prepare_instance
from allocator.verify import verify
from tests.builders import HARD, days_ago, derogable, soft
from tests.jobs.plans import plan_of
from tests.rules.random_scenarios import CELLS, PEOPLE, couples, scenarios
from tests.rules.test_agreement import placements, within_places

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
PAIRS = (StablePair("p1", "p2"), StablePair("p3", "p4"))
few_hard = st.sampled_from([derogable(3), soft(2), soft(5), derogable(7), soft(2), HARD])
some_settings = st.fixed_dictionaries(dict.fromkeys(RuleId, few_hard))
edges = st.builds(
    lambda pair, kind, strength, grade, age: InfluenceEdge(
        pair[0], pair[1], kind, strength, grade, EvidenceBasis.FACT, days_ago(age), days_ago(-60)
    ),
    couples,
    st.sampled_from(EdgeKind),
    st.integers(1, 3),
    st.sampled_from(SourceGrade),
    st.sampled_from([2, 11, 130]),
)


@st.composite
def planned(draw: st.DrawFn) -> tuple[Scenario, dict[str, str | None]]:
    """A random scenario and a placement that is lawful: who breaks a rule is left out."""
    scenario = draw(
        scenarios(
            settings=draw(some_settings),
            stable_pairs=PAIRS,
            influence_edges=draw(st.lists(edges, max_size=6)),
        )
    )
    last = draw(st.sampled_from([None, CELLS[0], CELLS[3]]))
    people = tuple(
        replace(p, planned_place=last, home_area="h", programme="x", prefers_single=k % 2 == 0)
        for k, p in enumerate(scenario.people)
    )
    estate = replace(
        scenario.estate,
        units=tuple(replace(u, status=Status.ACTIVE) for u in scenario.estate.units),
        cells=tuple(
            replace(c, buffer=False, certified=True, working_capacity=max(c.working_capacity, 1))
            for c in scenario.estate.cells
        ),
    )
    scenario = replace(scenario, people=people, estate=estate)
    cells = within_places(scenario, draw(placements))
    return scenario, _lawful(scenario, dict(zip(PEOPLE, cells, strict=True)))


def _lawful(scenario: Scenario, placement: dict[str, str | None]) -> dict[str, str | None]:
    while unlawful := verify(scenario, placement).unlawful:
        placed = [p for b in unlawful for p in b.person_ids if placement[p] is not None]
        placement = {**placement, placed[0]: None}
    return placement


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(planned(), st.sampled_from((None, *CELLS)))
def test_every_number_is_the_judges(
    case: tuple[Scenario, dict[str, str | None]], cell_id: str | None
) -> None:
    explainer = Explainer(case[0], plan_of(*case))
    for person_id in PEOPLE:
        found = explainer.check(explainer.explain(person_id, cell_id))
        assert found.is_checked
        assert (found.asked is None) == (cell_id in {None, found.planned_cell})
        closed = sum(group.cells for group in found.closed)
        assert found.lawful + closed == len(CELLS)


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(planned(), st.sampled_from(CELLS))
def test_the_smallest_change_is_enough_and_no_smaller_one_is(
    case: tuple[Scenario, dict[str, str | None]], cell_id: str
) -> None:
    scenario, placement = case
    explainer = Explainer(scenario, plan_of(*case))
    for person_id in PEOPLE:
        change = explainer.explain(person_id, cell_id).change
        if change is None or change.outcome is Outcome.NOT_POSSIBLE:
            continue
        assert is_choice(scenario, placement, person_id, cell_id, change.records)
        for record in change.records:
            rest = tuple(other for other in change.records if other != record)
            assert not is_choice(scenario, placement, person_id, cell_id, rest)


def broken(judged: Judgement) -> Counter[tuple[RuleId, str]]:
    """By rule and place how much is unlawful; another place is another breach of the same rule."""
    found = Counter[tuple[RuleId, str]]()
    for breach in judged.unlawful:
        found[breach.rule, breach.place] += breach.amount
    return found


def is_choice(
    scenario: Scenario,
    placement: dict[str, str | None],
    person_id: str,
    cell_id: str,
    records: tuple[Record, ...],
) -> bool:
    """True when the judge finds the cell lawful, and no lawful cell better, without the records.

    Lawful: nothing is broken there that is not broken both without the person and with them where
    they are planned, where they may keep others company.
    """
    reduced = without(scenario, person_id, records)
    gone = {p for r in records if r.kind is RecordKind.PLACE for p in r.person_ids}
    others = {p: None if p in gone else place for p, place in placement.items()}
    absent, planned = (
        broken(verify(reduced, {**others, person_id: c})) for c in (None, placement[person_id])
    )
    before = absent & planned
    values = {}
    for cell in CELLS:
        judged = verify(reduced, {**others, person_id: cell})
        if broken(judged) <= before:
            values[cell] = tuple(judged.tiers[setting.tier] for setting in reduced.tiers)
    return cell_id in values and values[cell_id] == min(values.values())


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(planned(), st.lists(st.sampled_from(RecordKind), max_size=4, unique=True))
def test_only_what_reads_a_record_is_compiled_anew(
    case: tuple[Scenario, dict[str, str | None]], kinds: list[RecordKind]
) -> None:
    scenario = case[0]
    index = ScenarioIndex(scenario)
    instance = with_all_levels(index, prepare_instance(scenario))
    cells = [NOWHERE if case[1][i] is None else CELLS.index(case[1][i] or "") for i in PEOPLE]
    here = Case(index, instance, int_array(cells), 2)
    here = replace(here, placement=here.others)
    records = [Record(kind, ("p1", "p4")) for kind in kinds]
    quick = Reduced(here).prices(frozenset(records))
    whole = with_all_levels(index, prepare_instance(without(scenario, "p3", records)))
    whole = replace(whole, tiers=instance.tiers)
    full = Prices(Placed(whole, others_without(here, records)), 2, NOWHERE)
    assert _text(quick.points) == _text(full.points)
    assert _text(quick.closed) == _text(full.closed)


def _text(arrays: Mapping[Any, Any]) -> str:
    return str({key: value.tolist() for key, value in arrays.items() if value.any()})


@st.composite
def settled(draw: st.DrawFn) -> tuple[Scenario, dict[str, str | None]]:
    """As `planned`, but everybody with a planned cell is there already."""
    scenario, placement = draw(planned())
    people = tuple(
        replace(p, current_place=placement[p.person_id] or p.current_place) for p in scenario.people
    )
    scenario = replace(scenario, people=people)
    return scenario, _lawful(scenario, placement)


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(settled())
def test_no_exchange_that_the_judge_allows_is_better_than_the_best_shown(
    case: tuple[Scenario, dict[str, str | None]],
) -> None:
    scenario, placement = case
    explainer = Explainer(scenario, plan_of(*case))
    for person_id in PEOPLE:
        found = explainer.check(explainer.explain(person_id))
        assert (found.exchanges is not None) == found.stays
        if found.exchanges is None or not found.exchanges.best:
            continue
        values = {other: _exchanged(scenario, placement, person_id, other) for other in PEOPLE}
        best = found.exchanges.best[0]
        shown = values[best.person_id]
        assert shown is not None
        crowd = max(list(placement.values()).count(cell) for cell in CELLS)
        if crowd <= MOST_OF_A_CELL:
            assert shown == min(value for value in values.values() if value is not None)


def _exchanged(
    scenario: Scenario, placement: dict[str, str | None], one: str, other: str
) -> tuple[int, ...] | None:
    """The judge's values with two people in each other's cells; None where not lawful."""
    if None in {placement[one], placement[other]} or placement[one] == placement[other]:
        return None
    judged = verify(scenario, {**placement, one: placement[other], other: placement[one]})
    values = tuple(judged.tiers[setting.tier] for setting in scenario.tiers)
    return values if judged.is_lawful else None
