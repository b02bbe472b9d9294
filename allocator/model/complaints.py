"""A complaint or appeal against a placement: the case goes back to a human (R55)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ComplaintReason(StrEnum):
    """What the complaint is about, from a fixed list; never who the person is."""

    SAFETY = "safety"
    HEALTH = "health"
    CONDITIONS = "conditions"
    REGIME = "regime"
    FAMILY_CONTACT = "family_contact"
    PROGRAMME = "programme"
    PROCEDURE = "procedure"


class ComplaintOutcome(StrEnum):
    """How somebody closed it."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint of one person against being placed in one cell, now or by a plan.

    Parameters
    ----------
    by, closed_by : role or pseudonymous id of whoever recorded and whoever closed it, never a name.
    closed_at, closed_by, outcome : all three, or None while it is open.
    """

    person_id: str
    cell_id: str
    reason: ComplaintReason
    by: str
    opened_at: date
    text: str = ""
    closed_at: date | None = None
    closed_by: str | None = None
    outcome: ComplaintOutcome | None = None

    def is_open(self, on: date) -> bool:
        """True from the day on which it was opened to the day before it was closed."""
        return self.opened_at <= on and (self.closed_at is None or on < self.closed_at)
