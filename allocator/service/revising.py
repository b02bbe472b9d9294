"""A scenario's data out and in again: redacted on the way out, completed on the way in."""

from collections.abc import Mapping
from typing import Any

from allocator.errors import ScenarioError
from allocator.jobs.task import read_source
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.readers import complete_scenario, redact_scenario
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import StateError
from allocator.service.reading import ScenarioHeading
from allocator.service.root import Service
from allocator.service.scenarios import KIND, Version

DISAGREES = (
    "The document does not agree with recorded information that is not released to your role. "
    "Somebody to whom it is released has to make this revision."
)


def shown_document(
    service: Service, caller: Caller, heading: ScenarioHeading, facilities: tuple[str, ...]
) -> tuple[dict[str, Any], bool]:
    """The data of a version as the caller may see them, and whether that is less than all.

    Raises
    ------
    StateError
        If retention has deleted them.
    """
    version = scenarios.find(service, caller, heading.scenario_id, heading.number)
    document = version.require_document()
    shown = redact_scenario(document, caller)
    detail = {"what": "document", "version": heading.number}
    event = Event(Action.READ_SCENARIO, KIND, heading.scenario_id, facilities, detail=detail)
    service.note(caller, event)
    return dict(shown), shown != document


def revise(
    service: Service, caller: Caller, scenario_id: str, number: int, document: Mapping[str, Any]
) -> Version:
    """Keep a new version in the place of version `number`; what the caller cannot see stays.

    Raises
    ------
    ScenarioError, StaleError, StateError
        As `scenarios.revise`; what is wrong with the document only because of records that the
        caller cannot see is not told.
    """
    seen = scenarios.find(service, caller, scenario_id, number)
    whole = complete_scenario(document, seen.require_document(), caller)
    try:
        return scenarios.revise(service, caller, seen, whole)
    except ScenarioError:
        if whole == document:
            raise
        read_source(document)
        raise StateError(DISAGREES) from None
