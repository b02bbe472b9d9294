"""Numbers and codes as people read them; no number is computed here."""

from datetime import date

from allocator.explain.reasons import MoveReason
from allocator.model.vocabulary import ExposureKind

MINUS = "−"
NOTHING = "–"
STATUS = "PROPOSAL, NOT SIGNED"  # on every sheet of paper

KIND_WORDS: dict[ExposureKind, tuple[str, str]] = {
    ExposureKind.SPILLOVER: (
        "Spillover",
        "people with a recorded role in contact with people recorded as receptive",
    ),
    ExposureKind.COLLUSION: (
        "Collusion",
        "members of one network in contact with one another",
    ),
    ExposureKind.COERCION: (
        "Coercion",
        "people in contact with someone recorded as coercing others",
    ),
    ExposureKind.SUPPORT: (
        "Support",
        "recorded good ties kept close; more is better",
    ),
}

REASON_WORDS: dict[MoveReason, str] = {
    MoveReason.LEGAL_CATEGORY: "Legal category",
    MoveReason.CLASSIFICATION: "Classification",
    MoveReason.CONFLICT: "Conflict",
    MoveReason.VULNERABLE: "Vulnerable",
    MoveReason.LOCAL_NEEDS: "Local needs",
    MoveReason.EXPOSURE_REDUCTION: "Exposure reduction",
    MoveReason.ADMINISTRATIVE: "Administrative",
    MoveReason.RECORDED: "Recorded information",
}


def thousands(value: float | None) -> str:
    """1234 as "1,234"; a dash for nothing."""
    if value is None:
        return NOTHING
    text = f"{abs(value):,}"
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: int) -> str:
    """A change with its sign; "no change" for 0."""
    if value == 0:
        return "no change"
    return f"{'+' if value > 0 else MINUS}{abs(value):,}"


def percent(value: int | None) -> str:
    """Whole per cent; a dash for nothing."""
    return NOTHING if value is None else f"{thousands(value)} %"


def long_date(value: date) -> str:
    """A date as "5 January 2026"."""
    return f"{value.day} {value:%B %Y}"


def short_date(value: date | None) -> str:
    """A date as "5 Jan 2026"; a dash for nothing."""
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun, "1 person" or "2 people"."""
    return f"{thousands(count)} {one if count == 1 else many or one + 's'}"


def hours_words(minutes: int) -> str:
    """Minutes as hours with one decimal."""
    return f"{minutes / 60:,.1f}"


def role_words(role: str) -> str:
    """A role of the profile as people say it: prison_service_director without its underscores."""
    return role.replace("_", " ")


def rule_number(rule: str) -> str:
    """The short id of a rule: R09 of R09-non-association."""
    return rule.split("-", 1)[0]
