"""What an officer has decided about one person and one cell, for every later plan to keep (R51)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LockKind(StrEnum):
    """Whether the person must be in the cell or must not.

    A rejection forbids the cell because a plan proposed it and an officer refused.
    """

    LOCK = "lock"
    FORBID = "forbid"
    REJECT = "reject"

    @property
    def is_ban(self) -> bool:
        """True where the person must not be in the cell."""
        return self is not LockKind.LOCK


class LockReason(StrEnum):
    """Why, from a fixed list: the reasons for moves in use in prison services, and health."""

    ADMINISTRATIVE = "administrative"
    BEHAVIOUR = "behaviour"
    CLASSIFICATION = "classification"
    CONFLICT = "conflict"
    HEALTH = "health"
    LOCAL_NEEDS = "local_needs"
    VULNERABLE = "vulnerable"


@dataclass(frozen=True, slots=True)
class Lock:
    """One decision on one person and one cell.

    Parameters
    ----------
    by : role or pseudonymous id of the officer, never a name.
    at : day of the decision, from which it holds.
    until : last day on which it holds; None until somebody takes it back.
    text : what the fixed reason does not say, "" for nothing.
    plan : SHA-256 of the plan that was rejected, None where no plan was.
    """

    person_id: str
    cell_id: str
    kind: LockKind
    reason: LockReason
    by: str
    at: date
    until: date | None = None
    text: str = ""
    plan: str | None = None

    def is_current(self, on: date) -> bool:
        """True from the day of the decision to the last day, both included."""
        return self.at <= on and (self.until is None or on <= self.until)
