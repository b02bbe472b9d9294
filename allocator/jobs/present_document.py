"""The present placement as one plain document: the JSON of `allocator report`."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any

from allocator import __version__
from allocator.explain.placements import at_present
from allocator.explain.present import Present
from allocator.explain.step_down import StepDown
from allocator.jobs.picture import category_documents, unit_documents
from allocator.model.scenario import Scenario
from allocator.report.decision_tables import end_words, target_words

PARTS = ("quality", "capacity", "space", "reviews")
MEANING = "The present placement as it is recorded; nothing here is planned or proposed."


def present_document(
    scenario: Scenario, present: Present, parts: Iterable[str] = PARTS
) -> dict[str, Any]:
    """The parts asked for, as values that JSON can carry."""
    made: dict[str, Callable[[], Any]] = {
        "quality": lambda: [{**asdict(line), "percent": line.percent} for line in present.quality],
        "capacity": lambda: {
            "categories": category_documents(at_present(scenario)),
            "units": unit_documents(at_present(scenario)),
            "large_rooms": {
                "over_places": present.dormitories.over_places,
                "rooms": present.dormitories.rooms,
                "held": present.dormitories.held_before,
            },
        },
        "space": lambda: {
            "totals": asdict(present.space_totals),
            "people": [asdict(line) for line in present.space],
        },
        "reviews": lambda: _reviews(present),
    }
    document: dict[str, Any] = {
        "scenario": present.scenario_name,
        "reader": present.reader.value,
        "day": present.day.isoformat(),
        "people": present.people,
        "without_cell": present.without_cell,
        **{part: _plain(made[part]()) for part in parts},
        "provenance": {
            "scenario_hash": scenario.content_hash,
            "profile": scenario.profile.name,
            "profile_version": scenario.profile.version,
            "software_version": __version__,
        },
        "meaning": MEANING,
        "files": [],
    }
    return document


def _reviews(present: Present) -> dict[str, Any]:
    return {
        "calendar": [{**asdict(line), "is_overdue": line.is_overdue} for line in present.reviews],
        "restrictive": [_step_down(line) for line in present.step_downs],
        "complaints": [
            {key: value for key, value in asdict(line).items() if key != "place_planned"}
            for line in present.complaints
        ],
        "decisions": [asdict(line) for line in present.decisions],
    }


def _step_down(line: StepDown) -> dict[str, Any]:
    return {
        **asdict(line),
        "has_authority": line.has_authority,
        "ends": end_words(line),
        "steps_down_to": target_words(line),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
