"""Answers of the desk as the caller's role may see them (R54, R60)."""

from typing import Any

from allocator.explain.notice import notice_to
from allocator.explain.notice_words import Language
from allocator.explain.offers import Answer
from allocator.explain.person import Explanation
from allocator.explain.present import present_state
from allocator.jobs.diff import Compared
from allocator.jobs.diff_document import diff_document
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_document import explain_document
from allocator.jobs.notice import notice_document
from allocator.jobs.place import Placer
from allocator.jobs.place_document import place_document
from allocator.jobs.present_document import present_document
from allocator.model.scenario import Scenario
from allocator.service.access.caller import Caller
from allocator.service.access.readers import reader_of


def offers(placer: Placer, answer: Answer, caller: Caller) -> dict[str, Any]:
    """Cells offered for one person."""
    return place_document(placer.scenario, answer, placer.present, reader_of(caller))


def reasons(explainer: Explainer, found: Explanation, caller: Caller) -> dict[str, Any]:
    """The explanation of one person's place."""
    return explain_document(explainer.scenario, explainer.plan, found, reader_of(caller))


def notice(explainer: Explainer, person_id: str) -> dict[str, Any]:
    """The notice for the person concerned: the same for every reader, and nothing recorded."""
    placement = next(p for p in explainer.plan.placements if p.person_id == person_id)
    return notice_document(
        explainer.scenario, notice_to(explainer.scenario, placement, Language.ENGLISH)
    )


def differences(found: Compared, names: tuple[str, str], caller: Caller) -> dict[str, Any]:
    """Two plans against each other."""
    return diff_document(found, names, reader_of(caller))


def reviews(scenario: Scenario, caller: Caller) -> dict[str, Any]:
    """The review calendar of the present placement."""
    return present_document(scenario, present_state(scenario, reader_of(caller)), ("reviews",))
