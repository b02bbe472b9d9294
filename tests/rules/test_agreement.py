"""Rules and judge, which share no code, give every rule the same amount."""

from collections import Counter

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.scenario import Scenario
from allocator.model.shapes import CellPoints, Placed
from allocator.rules import compile_rules
from allocator.verify import verify
from tests.builders import HARD, bare_instance, soft
from tests.rules.random_scenarios import CELLS, PEOPLE, scenarios
from tests.shape_oracle import breach_amount

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
placements = st.lists(
    st.sampled_from((*CELLS, *CELLS, None)), min_size=len(PEOPLE), max_size=len(PEOPLE)
)


def within_places(scenario: Scenario, cells: list[str | None]) -> list[str | None]:
    """The placement without the people for whom a cell has no place left at all."""
    estate = scenario.estate
    room = {c.cell_id: c.max_capacity * estate.is_in_use(c) for c in estate.cells}
    kept: list[str | None] = []
    for person, cell_id in zip(scenario.people, cells, strict=True):
        fits = cell_id is not None and person.places_needed <= room[cell_id]
        kept.append(cell_id if fits else None)
        if cell_id is not None and fits:
            room[cell_id] -= person.places_needed
    return kept


def amounts_of_shapes(scenario: Scenario, cells: list[str | None]) -> tuple[Counter[RuleId], ...]:
    """Amounts of hard and of priced shapes, by rule."""
    shapes = compile_rules(ScenarioIndex(scenario))
    instance = bare_instance(scenario, shapes)
    placement = [-1 if c is None else CELLS.index(c) for c in cells]
    hard, priced = Counter[RuleId](), Counter[RuleId]()
    for shape in shapes:
        if not isinstance(shape, CellPoints | Placed):
            kind = hard if shape.penalty is None else priced
            kind[shape.rule] += breach_amount(instance, shape, placement)
    hard += _too_few(scenario, cells)
    return +hard, +priced


def _too_few(scenario: Scenario, cells: list[str | None]) -> Counter[RuleId]:
    """Lower limits have no amount: R16 counts one person for each cell with one person."""
    estate = scenario.estate
    alone = [c for c, n in Counter(cells).items() if n == 1 and c is not None]

    def is_low(cell_id: str) -> bool:
        cell = estate.cell_by_id[cell_id]
        hours = ("unlock_hours", "meaningful_contact_hours")
        return (
            estate.is_in_use(cell)
            and cell.max_capacity > 1
            and all(estate.inherited(cell, name) == 1.0 for name in hours)
        )

    return Counter({RuleId.NO_SOLITARY: sum(map(is_low, alone))})


def amounts_of_judge(scenario: Scenario, cells: list[str | None]) -> tuple[Counter[RuleId], ...]:
    judged = verify(scenario, dict(zip(PEOPLE, cells, strict=True)))
    hard, priced = Counter[RuleId](), Counter[RuleId]()
    for breach in judged.unlawful:
        hard[breach.rule] += breach.amount
    for conflict in judged.conflicts:
        priced[conflict.breach.rule] += conflict.breach.amount
    return hard, priced


@settings(max_examples=35, deadline=None, phases=QUICK)
@given(scenarios(settings=dict.fromkeys(RuleId, soft(1))), placements)
def test_priced_amounts_agree(scenario: Scenario, cells: list[str | None]) -> None:
    cells = within_places(scenario, cells)
    hard, priced = amounts_of_shapes(scenario, cells)
    judged_hard, judged_priced = amounts_of_judge(scenario, cells)
    assert priced == judged_priced
    assert set(hard) == set(judged_hard)


@settings(max_examples=24, deadline=None, phases=QUICK)
@given(scenarios(settings=dict.fromkeys(RuleId, HARD)), placements)
def test_hard_rules_broken_agree(scenario: Scenario, cells: list[str | None]) -> None:
    cells = within_places(scenario, cells)
    hard, priced = amounts_of_shapes(scenario, cells)
    judged_hard, judged_priced = amounts_of_judge(scenario, cells)
    assert set(hard) == set(judged_hard)
    assert not priced
    assert not judged_priced
