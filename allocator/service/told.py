"""What leaves the service, as the caller's role may see it (R54, R60).

The catalogue of the explanations says what is hidden; stored documents, which were made for no
reader, are masked here by the same catalogue.
"""

from collections.abc import Mapping
from typing import Any

from allocator.explain.offers import Answer
from allocator.explain.person import Explanation
from allocator.explain.present import present_state
from allocator.explain.words import HIDDEN_RULES, RECORDED
from allocator.jobs.diff import Compared
from allocator.jobs.diff_document import diff_document
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_document import HIDDEN_WORDS, explain_document, notice_document
from allocator.jobs.place import Placer
from allocator.jobs.place_document import place_document
from allocator.jobs.present_document import present_document
from allocator.model.scenario import Scenario
from allocator.service.access.caller import Caller
from allocator.service.access.readers import reader_of, sees_intelligence

HIDDEN = frozenset(rule.value for rule in HIDDEN_RULES)
NAMES = ("rule", "source")
BLANK: dict[str, Any] = {
    "person_ids": [],
    "cell_ids": [],
    "detail": "",
    "words": HIDDEN_WORDS,
    "price": None,
}


def offers(placer: Placer, answer: Answer, caller: Caller) -> dict[str, Any]:
    """Cells offered for one person."""
    return masked(place_document(placer.scenario, answer, placer.present), caller)


def reasons(explainer: Explainer, found: Explanation, caller: Caller) -> dict[str, Any]:
    """The explanation of one person's place."""
    return explain_document(explainer.scenario, explainer.plan, found, reader_of(caller))


def notice(explainer: Explainer, found: Explanation) -> dict[str, Any]:
    """The notice for the person concerned: the same for every reader."""
    return notice_document(explainer.scenario, found)


def differences(found: Compared, names: tuple[str, str], caller: Caller) -> dict[str, Any]:
    """Two plans against each other."""
    return masked(diff_document(found, names), caller)


def reviews(scenario: Scenario, caller: Caller) -> dict[str, Any]:
    """The review calendar of the present placement."""
    return masked(present_document(scenario, present_state(scenario), ("reviews",)), caller)


def masked(document: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """A document without what rests on findings, for those who may not read intelligence.

    A hidden rule becomes recorded information without people, details or price; how much there is
    and who signs it stays.
    """
    if sees_intelligence(caller):
        return dict(document)
    return {key: _value(value) for key, value in document.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return _each_once([_value(item) for item in value])
    return RECORDED if isinstance(value, str) and value in HIDDEN else value


def _each_once(values: list[Any]) -> list[Any]:
    """The values, with what is hidden named once."""
    first = values.index(RECORDED) if RECORDED in values else len(values)
    return [value for at, value in enumerate(values) if value != RECORDED or at == first]


def _mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        told = _value(item)
        name = RECORDED if key in HIDDEN else key
        if name in found and isinstance(told, int) and isinstance(found[name], int):
            told += found[name]
        found[name] = told
    is_hidden = any(value.get(name) in HIDDEN for name in NAMES if isinstance(value.get(name), str))
    rules = value.get("rules", ())
    if is_hidden or (isinstance(rules, list | tuple) and not HIDDEN.isdisjoint(map(str, rules))):
        found.update({name: blank for name, blank in BLANK.items() if name in found})
    return found
