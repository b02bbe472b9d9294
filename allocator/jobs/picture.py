"""A scenario in numbers, for a list and for one screen."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from allocator.explain.data_quality import data_quality
from allocator.explain.occupancy import category_capacities, unit_occupancies, usable_places
from allocator.explain.placements import BeforeAfter, at_present
from allocator.influence.points import influence_points
from allocator.model.facts import role_of
from allocator.model.scenario import Scenario


def scenario_row(path: Path, scenario: Scenario) -> dict[str, Any]:
    """One line of a list of scenarios; places are those usable without a derogation."""
    places = int(usable_places(at_present(scenario)).sum())
    needed = sum(person.places_needed for person in scenario.people)
    return {
        "name": scenario.name,
        "path": str(path),
        "people": len(scenario.people),
        "places": places,
        "occupancy_percent": 100 * needed // places if places else None,
        "policy": scenario.policy.name,
        "profile": scenario.profile.name,
    }


def scenario_picture(scenario: Scenario) -> dict[str, Any]:
    """Units, capacity by category, findings and size of the graph, as the people are now."""
    placed = at_present(scenario)
    return {
        "scenario": scenario.name,
        "description": scenario.description,
        "day": scenario.day.isoformat(),
        "policy": scenario.policy.name,
        "profile": scenario.profile.name,
        "contact_weights": scenario.contact_weights.name,
        "max_moves": scenario.max_moves,
        "people": len(scenario.people),
        "units": unit_documents(placed),
        "categories": category_documents(placed),
        "roles": _count(role_of(scenario, person).value for person in scenario.people),
        "relations": _relations(scenario),
        "graph": _graph(scenario),
        "data_quality": [
            {"words": line.words, "count": line.count, "of": line.of, "effect": line.effect}
            for line in data_quality(scenario)
        ],
        "content_hash": scenario.content_hash,
    }


def unit_documents(placed: BeforeAfter) -> list[dict[str, Any]]:
    """Places and people of every unit now."""
    return [
        {
            "unit_id": unit.unit_id,
            "name": unit.name,
            "type": unit.unit_type.value,
            "depth": unit.depth,
            "cna": unit.cna,
            "effective": unit.effective,
            "max_capacity": unit.max_capacity,
            "buffer_places": unit.buffer_places,
            "cells_out_of_use": unit.cells_out_of_use,
            "held": unit.before.held,
            "occupancy_percent": unit.before.percent,
            "band": unit.before.band.value,
        }
        for unit in unit_occupancies(placed)
    ]


def category_documents(placed: BeforeAfter) -> list[dict[str, Any]]:
    """Designated places and people of every legal category now."""
    return [
        {
            "category": line.category,
            "places": line.places,
            "people": line.people,
            "held": line.held_before,
            "in_designated": line.in_designated,
            "percent": line.occupancy.percent if line.places else None,
            "band": line.occupancy.band.value if line.places else None,
        }
        for line in category_capacities(placed, {})
    ]


def _relations(scenario: Scenario) -> dict[str, int]:
    names = (
        "findings authorities freezes non_associations group_rivalries protection_needs"
        " stable_pairs locks complaints"
    )
    return {name: len(getattr(scenario, name)) for name in names.split()}


def _graph(scenario: Scenario) -> dict[str, int]:
    points = influence_points(scenario)
    return {
        "edges_recorded": len(scenario.influence_edges),
        **{f"{kind.value}_pairs": len(table.points) for kind, table in points.by_kind.items()},
    }


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
