"""How much is recorded between a person and others, in words; from documents of `explain`."""

from collections.abc import Mapping
from typing import Any

from allocator.report.form import plural, thousands


def evidence_words(found: Mapping[str, Any]) -> str:
    """How much evidence, of which kinds and grades, and how old."""
    words = "no piece of evidence, only what is recorded of each person"
    if found["pieces"]:
        grades = f" ({', '.join(found['kinds'])}; grade {', '.join(found['grades'])})"
        newest, oldest = found["newest_age_days"], found["oldest_age_days"]
        span = thousands(newest) + (f" to {thousands(oldest)}" if newest != oldest else "")
        pieces = plural(found["pieces"], "piece")
        words = f"{pieces} of evidence{grades if found['kinds'] else ''}, {span} days old"
    expired = f"; {thousands(found['expired'])} expired and not used" if found["expired"] else ""
    return f"{words}{expired}".replace("_", " ")


def total_words(data: Mapping[str, Any]) -> str:
    """All that is recorded with others, and how many of them are listed; "" for nothing."""
    total, listed = data["evidence"], len(data["pairs"])
    if not total["people"]:
        return ""
    people = plural(total["people"], "other person", "other people")
    if listed == total["people"]:
        people += ", listed" if listed == 1 else ", all listed"
    elif listed:
        people += f", {thousands(listed)} of them listed"
    return f"In all, recorded information on {people}: {evidence_words(total)}."
