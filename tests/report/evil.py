"""A document in which every text that could come from somebody is hostile."""

from typing import Any

EVIL = "<script>alert(1)</script>"
CODES = frozenset(
    {
        "cause", "day", "grades", "kind", "legal_category", "newest", "oldest", "on", "outcome",
        "reader", "status", "tier", "tiers", "until", "verdict",
    }
)  # fmt: skip
"""What is no text but a code or a date, which a page turns into words of its own."""


def with_evil(value: Any, name: str = "") -> Any:
    """The document with something hostile before each text."""
    if isinstance(value, dict):
        return {key: with_evil(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [with_evil(part, name) for part in value]
    if isinstance(value, str) and value and name not in CODES:
        return f"{EVIL}{value}"
    return value
