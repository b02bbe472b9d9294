"""Breaches and derogations as plain data, as a reader may see them (R54, R60).

What is hidden is one entry for each place and role that signs: how much there is and who signs it,
without rule, people or details.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from allocator.explain.offers import Share
from allocator.explain.readers import (
    RECORDED,
    Reader,
    is_hidden_breach,
    label_of,
    labels_of,
    may_name,
    words_of,
)
from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach, Derogation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier


def rule_documents(rules: Iterable[RuleId], reader: Reader) -> list[dict[str, str]]:
    """Rules with their words, what is hidden once."""
    return [{"rule": label, "words": words} for label, words in labels_of(rules, reader).items()]


def share_documents(shares: Iterable[Share], reader: Reader) -> list[dict[str, Any]]:
    """Points by tier and by rule or goal; what is hidden is one term of its tier."""
    points = Counter[tuple[Tier, str]]()
    words: dict[tuple[Tier, str], str] = {}
    for share in shares:
        key = share.tier, label_of(share.source, reader, share.tier)
        points[key] += share.points
        words[key] = words_of(share.source, reader, share.tier)
    return [
        {"tier": tier.value, "source": label, "points": total, "words": words[tier, label]}
        for (tier, label), total in points.items()
        if total
    ]


def breach_documents(
    scenario: Scenario, breaches: Iterable[Breach], reader: Reader
) -> list[dict[str, Any]]:
    """Breaches of rules with the people and the place."""
    reader = reader.of(scenario)
    found: list[dict[str, Any]] = []
    hidden: dict[str, dict[str, Any]] = {}
    for breach in breaches:
        if not is_hidden_breach(breach, reader):
            found.append(_breach(breach, reader))
        elif breach.place in hidden:
            hidden[breach.place]["amount"] += breach.amount
        else:
            hidden[breach.place] = _hidden(breach)
            found.append(hidden[breach.place])
    return found


def derogation_documents(
    scenario: Scenario, entries: Iterable[Derogation], reader: Reader
) -> list[dict[str, Any]]:
    """Derogations with their breaches, points and who must sign; no price of what is hidden."""
    reader = reader.of(scenario)
    found: list[dict[str, Any]] = []
    hidden: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        key = entry.breach.place, entry.signed_by
        if not is_hidden_breach(entry.breach, reader):
            breach = _breach(entry.breach, reader)
            found.append(
                {
                    **breach,
                    "price": entry.price,
                    "points": entry.points,
                    "signed_by": entry.signed_by,
                }
            )
        elif key in hidden:
            hidden[key]["amount"] += entry.breach.amount
            hidden[key]["points"] += entry.points
        else:
            terms = {"price": None, "points": entry.points, "signed_by": entry.signed_by}
            hidden[key] = {**_hidden(entry.breach), **terms}
            found.append(hidden[key])
    return found


def _breach(breach: Breach, reader: Reader) -> dict[str, Any]:
    named = may_name(breach, reader)
    return {
        "rule": breach.rule.value,
        "person_ids": list(breach.person_ids) if named else [],
        "place": breach.place,
        "amount": breach.amount,
        "detail": breach.detail if named else "",
    }


def _hidden(breach: Breach) -> dict[str, Any]:
    return {
        "rule": RECORDED,
        "person_ids": [],
        "place": breach.place,
        "amount": breach.amount,
        "detail": "",
    }
