"""Stored documents, which were made for no reader, as a caller may see them (R54, R60).

What is hidden is the catalogue's of the explanations to say (`allocator.explain.readers`).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from allocator.explain.markings import EVERYTHING
from allocator.explain.readers import (
    HIDDEN_RULES,
    HIDDEN_WORDS,
    RECORDED,
    Reader,
    is_hidden,
    is_hidden_breach,
    may_name,
)
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.plan import Breach

NAMES = ("rule", "source")
RULES = frozenset(rule.value for rule in RuleId)
SOURCES: tuple[RuleId | GoalId, ...] = (*RuleId, *GoalId)
SECRETS = frozenset(
    source.value for source in SOURCES if source in HIDDEN_RULES or source in EVERYTHING.everywhere
)
"""Names of rules and goals that are hidden from somebody."""
NAMED = re.compile(r"\bR\d\d-[a-z0-9-]+")
BLANK: dict[str, Any] = {
    "person_ids": [],
    "cell_ids": [],
    "detail": "",
    "words": HIDDEN_WORDS,
    "price": None,
}
UNNAMED: dict[str, Any] = {"person_ids": [], "detail": ""}


NOT_KEPT = "It names rules, and perhaps people; the command line says it of the same data."


def told_error(document: Mapping[str, Any]) -> dict[str, Any]:
    """An error without the texts that name what some reader may not know of."""
    return {
        key: NOT_KEPT
        if isinstance(text, str) and not SECRETS.isdisjoint(NAMED.findall(text))
        else text
        for key, text in document.items()
    }


def masked(document: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """A document without what the reader may not know of its scenario.

    A hidden rule becomes recorded information without people, details or price; how much there is
    and who signs it stays.
    """
    if reader.sees_whole_scenario:
        return dict(document)
    return _Mask(reader).mapping(document, ())


class _Mask:
    """Hides rules and goals; which ones depends on the people that a part speaks of."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._known: dict[tuple[str, ...], frozenset[str]] = {}

    def mapping(self, value: Mapping[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
        """A mapping; `above` is whom the mapping around it speaks of, nobody for everybody."""
        people = _people(value) or above
        breach = _breach(value)
        if breach is not None and not is_hidden_breach(breach, self.reader):
            blank = {} if may_name(breach, self.reader) else UNNAMED
            return {key: blank.get(key, item) for key, item in value.items()}
        hidden = self._hidden(people)
        found: dict[str, Any] = {}
        for key, item in value.items():
            told = self._value(item, people)
            name = RECORDED if key in hidden else key
            if name in found and isinstance(told, int) and isinstance(found[name], int):
                told += found[name]
            found[name] = told
        if _speaks_of(value, hidden):
            found.update({name: blank for name, blank in BLANK.items() if name in found})
        return found

    def _value(self, value: Any, people: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            return self.mapping(value, people)
        if isinstance(value, list | tuple):
            return _each_once([self._value(item, people) for item in value])
        if not isinstance(value, str):
            return value
        hidden = self._hidden(people)
        if value in hidden:
            return RECORDED
        return value if hidden.isdisjoint(NAMED.findall(value)) else HIDDEN_WORDS

    def _hidden(self, people: tuple[str, ...]) -> frozenset[str]:
        """Names of rules and goals that are hidden where these people are concerned."""
        touched = tuple(key for key in people if key in self.reader.withheld.by_person)
        key = touched or people[:1]
        if key not in self._known:
            reader = self.reader.about(*key)
            names = (source.value for source in SOURCES if is_hidden(source, None, reader))
            self._known[key] = frozenset(names)
        return self._known[key]


def _people(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom a mapping speaks of."""
    several, one = value.get("person_ids"), value.get("person_id")
    if isinstance(several, list | tuple):
        return tuple(map(str, several))
    return (one,) if isinstance(one, str) else ()


def _breach(value: Mapping[str, Any]) -> Breach | None:
    """The breach that a mapping describes; None where it describes something else."""
    rule = value.get("rule")
    if rule not in RULES or not isinstance(value.get("person_ids"), list | tuple):
        return None
    return Breach(RuleId(str(rule)), _people(value), "", 0, "")


def _speaks_of(value: Mapping[str, Any], hidden: frozenset[str]) -> bool:
    named: Iterable[Any] = (value.get(name) for name in NAMES)
    rules = value.get("rules", ())
    listed = rules if isinstance(rules, list | tuple) else ()
    return any(isinstance(name, str) and name in hidden for name in (*named, *listed))


def _each_once(values: list[Any]) -> list[Any]:
    """The values, with what is hidden named once."""
    unnamed = (RECORDED, HIDDEN_WORDS)
    first = {name: values.index(name) for name in unnamed if name in values}
    return [
        value
        for at, value in enumerate(values)
        if not (isinstance(value, str) and value in first) or at == first[value]
    ]
