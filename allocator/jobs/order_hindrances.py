"""Who waits for whom, and for what, as far as a reader may know it (R54, R60)."""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

from allocator.explain.readers import HIDDEN_WORDS, RECORDED, Reader, may_name
from allocator.jobs.order import Ordered
from allocator.jobs.told import rule_documents
from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.sequence import Hindrance

MISSING_HIDDEN = "another order, or room that every rule leaves open to this person"
HIDDEN_RULES = [{"rule": RECORDED, "words": HIDDEN_WORDS}]


def hindrance_documents(ordered: Ordered, reader: Reader) -> list[dict[str, Any]]:
    """Each hindrance with its people, places, rules and what is missing.

    A rule stands between people who wait for each other, so it is told as its breach by two of
    them would be. Where one may not be, everybody of the hindrance is named alone, with their own
    cells, in the order of ids after all others: so nobody is joined with anybody by it.
    """
    reader = reader.of(ordered.scenario)
    shown: list[dict[str, Any]] = []
    alone: dict[str, list[RuleId]] = {}
    for entry in ordered.sequence.hindrances:
        told = [rule for rule in entry.rules if _may_tell(entry, rule, reader)]
        if len(told) == len(entry.rules):
            rules = rule_documents(told, Reader.WHOLE)
            shown.append(_document(entry.person_ids, entry.places, rules, entry.missing))
        else:
            alone |= dict.fromkeys(entry.person_ids, told)
    for person_id, told in sorted(alone.items()):
        rules = rule_documents(told, Reader.WHOLE) or HIDDEN_RULES
        places = _places(ordered, person_id)
        shown.append(_document((person_id,), places, rules, MISSING_HIDDEN))
    return shown


def _may_tell(entry: Hindrance, rule: RuleId, reader: Reader) -> bool:
    return all(may_name(breach, reader) for breach in _breaches(entry, rule))


def _breaches(entry: Hindrance, rule: RuleId) -> Iterator[Breach]:
    """The rule broken by each two people of whom one waits for the other."""
    people = entry.person_ids
    circle = pairwise((*people, people[0])) if len(people) > 1 else ()
    pairs = [*circle, *product(people, entry.others)]
    return (Breach(rule, pair, "", 1, "") for pair in pairs or [people])


def _places(ordered: Ordered, person_id: str) -> tuple[str, ...]:
    """The cells that somebody leaves and would come to."""
    here = ordered.scenario.person_by_id[person_id].current_place
    there = dict(ordered.sequence.target).get(person_id)
    return tuple(sorted(ordered.scenario.estate.cell_by_id.keys() & {here, there}))


def _document(
    people: tuple[str, ...], places: tuple[str, ...], rules: list[dict[str, str]], missing: str
) -> dict[str, Any]:
    return {
        "people": len(people),
        "person_ids": list(people),
        "places": list(places),
        "rules": rules,
        "missing": missing,
    }
