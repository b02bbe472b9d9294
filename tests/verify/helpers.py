"""One rule at a time: every other rule is off, so what is found is that rule's alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.profile import RuleSetting
from allocator.model.scenario import Scenario
from allocator.verify import verify
from tests.builders import HARD, OFF, make_scenario, person

Found = list[tuple[str, str, int]]


def put(**cells: str) -> dict[str, str | None]:
    """Placement from the people of each cell: ``put(c1="p1 p2", c2="p3")``."""
    return {name: cell_id for cell_id, people in cells.items() for name in people.split()}


def scenario_of(
    rule: RuleId,
    placement: Mapping[str, str | None],
    *,
    setting: RuleSetting = HARD,
    people: Iterable[Person] = (),
    **fields: Any,
) -> Scenario:
    """A scenario with one rule on, and quiet people for the names that are not described."""
    described = {p.person_id: p for p in people}
    quiet = {name: person(name) for name in placement}
    settings = dict.fromkeys(RuleId, OFF) | {rule: setting}
    return make_scenario(people=(quiet | described).values(), settings=settings, **fields)


def found(rule: RuleId, placement: Mapping[str, str | None], **fields: Any) -> Found:
    """Place, people and amount of every breach of one rule; who is not placed is unplaced."""
    described = [p.person_id for p in fields.get("people", ())]
    placement = dict.fromkeys(described) | dict(placement)
    judgement = verify(scenario_of(rule, placement, **fields), placement)
    priced = (entry.breach for entry in (*judgement.derogations, *judgement.conflicts))
    return listed((*judgement.unlawful, *priced, *judgement.notes))


def listed(breaches: Iterable[Breach]) -> Found:
    """Place, people and amount of breaches."""
    return [(b.place, " ".join(b.person_ids), b.amount) for b in breaches]
