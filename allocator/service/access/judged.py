"""The verdict on a plan from outside, for a reader from whom something of the scenario is withheld.

Such a plan can be made up to ask one thing: whether something is recorded of two people. The
verdict stays honest, or a breach would be hidden: it says that a rule is broken. It does not say
where, how much or how often; it confirms values that the plan itself tells, and tells no others.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from allocator.explain.readers import RECORDED, Reader
from allocator.model.plan import Plan
from allocator.service.access.masking import masked

HARD = (
    "At least one hard rule is broken, on recorded information that is not released to your role. "
    "The plan may not be carried out. The security department knows the details."
)
OTHER = (
    "The plan departs from a rule on recorded information that is not released to your role. The "
    "security department knows the details."
)
NOT_TOLD = {"place": "", "amount": None, "price": None, "points": None, "signed_by": None}
LISTS = ("unlawful", "derogations", "soft_breaches", "notes")
_NUMBERS = re.compile(r"((?:tier|exposure)(?: before of kind| of kind)? \w+) (?:is|has) .*")
MOST_NOTED = 200


def told_verdict(verdict: Mapping[str, Any], plan: Plan, reader: Reader) -> dict[str, Any]:
    """What the reader is told of the judge's word on a plan that somebody made up."""
    found = masked(verdict, reader)
    if reader.sees_whole_scenario:
        return found
    judgement = dict(found["judgement"])
    hidden = {name: _has_hidden(judgement[name]) for name in LISTS}
    judgement |= {name: _coarse(judgement[name]) for name in LISTS}
    tiers = {entry.tier.value: entry.value for entry in plan.tiers}
    exposure = {kind.value: value for kind, value in plan.exposure.items()}
    judgement["tiers"] = _confirmed(judgement["tiers"], tiers)
    judgement["exposure"] = _confirmed(judgement["exposure"], exposure)
    withheld = HARD if hidden["unlawful"] else OTHER if any(hidden.values()) else None
    words = [_NUMBERS.sub(r"\1 is not what it is said to be", w) for w in found["discrepancies"]]
    return {
        **found,
        "discrepancies": list(dict.fromkeys(words)),
        "judgement": judgement,
        "withheld": withheld,
    }


def asked_about(document: Mapping[str, Any], plan: Plan) -> tuple[str, ...]:
    """Whom a plan asks about: whoever is elsewhere than now, and who shares a cell with them."""
    now = {str(row["person_id"]).strip(): row.get("current_place") for row in document["people"]}
    moved = [p for p in plan.placements if p.cell_id != now.get(p.person_id)]
    cells = {p.cell_id for p in moved} - {None}
    people = {p.person_id for p in moved}
    people |= {p.person_id for p in plan.placements if p.cell_id in cells}
    return tuple(sorted(people))


def _has_hidden(rows: Iterable[Mapping[str, Any]]) -> bool:
    return any(row["rule"] == RECORDED for row in rows)


def _coarse(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with what is hidden as one of them, which says no more than that it is there."""
    shown = [dict(row) for row in rows if row["rule"] != RECORDED]
    hidden = [dict(row) for row in rows if row["rule"] == RECORDED]
    if hidden:
        first = hidden[0]
        shown.append({**first, **{name: NOT_TOLD[name] for name in NOT_TOLD if name in first}})
    return shown


def _confirmed(true: Mapping[str, int], said: Mapping[str, int]) -> dict[str, int | None]:
    """Values that the plan tells as they are; None for any other."""
    return {name: value if said.get(name) == value else None for name, value in true.items()}
