"""Stored documents, which were made for no reader, as a caller may see them (R54, R60).

What is hidden is the catalogue's of the explanations to say (`allocator.explain.readers`).
"""

from collections.abc import Mapping
from typing import Any

from allocator.explain.readers import HIDDEN_RULES, HIDDEN_WORDS, RECORDED
from allocator.service.access.caller import Caller
from allocator.service.access.readers import sees_intelligence

HIDDEN = frozenset(rule.value for rule in HIDDEN_RULES)
NAMES = ("rule", "source")
BLANK: dict[str, Any] = {
    "person_ids": [],
    "cell_ids": [],
    "detail": "",
    "words": HIDDEN_WORDS,
    "price": None,
}


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
