"""A scenario that knows the last plan: everybody's place in it, whatever has changed since."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from allocator.errors import ConfigError
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.prepare.plan_document import plan_document


def plan_hash(plan: Plan) -> str:
    """SHA-256 of the plan's canonical JSON document."""
    text = json.dumps(
        plan_document(plan), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def with_last_plan(scenario: Scenario, plan: Plan) -> Scenario:
    """The scenario with everybody's place in an earlier plan, of this or another version of it.

    People whom the plan does not know have no planned place; people who have left since, and cells
    that are gone, are no reason to refuse it. The content hash stays that of the data.

    Raises
    ------
    ConfigError
        If the plan places nobody of the scenario.
    """
    places = {p.person_id: p.cell_id for p in plan.placements if p.cell_id is not None}
    if not places.keys() & scenario.person_by_id.keys():
        raise ConfigError(
            f"The plan of {plan.scenario_name!r} cannot be revised for {scenario.name!r}: it "
            "places none of its people."
        )
    return with_planned_places(scenario, places, plan_hash(plan))


def with_planned_places(
    scenario: Scenario, places: Mapping[str, str | None], last_plan: str
) -> Scenario:
    """The scenario with planned places, by person id, in place of its own."""
    people = tuple(
        replace(person, planned_place=places.get(person.person_id)) for person in scenario.people
    )
    return replace(scenario, people=people, last_plan=last_plan)
