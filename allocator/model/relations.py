"""Recorded relations between people: separations, protection, support and influence evidence."""

from dataclasses import dataclass
from datetime import date

from allocator.model.vocabulary import (
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    Marking,
    NonAssociationReason,
    NonAssociationRole,
    Restriction,
    SourceGrade,
)


@dataclass(frozen=True, slots=True)
class NonAssociation:
    """Two people who must be kept apart at a level; both directions (R9)."""

    person_a: str
    person_b: str
    restriction: Restriction
    reason: NonAssociationReason = NonAssociationReason.OTHER
    role_a: NonAssociationRole = NonAssociationRole.UNKNOWN
    role_b: NonAssociationRole = NonAssociationRole.UNKNOWN
    is_open: bool = True
    owner: str = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeepApartMembership:
    """A person counted to a keep-apart group by recorded conduct, never by origin or belief."""

    group_id: str
    person_id: str
    owner: str = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GroupRivalry:
    """Two keep-apart groups whose members are kept apart at a level."""

    group_a: str
    group_b: str
    restriction: Restriction


@dataclass(frozen=True, slots=True)
class ProtectionNeed:
    """An individual, reasoned need to be out of reach of a named person or group (R10)."""

    person_id: str
    reach: Restriction
    reason: str
    authority: str
    review_by: date
    from_person: str | None = None
    from_group: str | None = None
    owner: str = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StablePair:
    """Two people who share a cell well; worth keeping together (R34, R38)."""

    person_a: str
    person_b: str


@dataclass(frozen=True, slots=True)
class InfluenceEdge:
    """One piece of recorded evidence about an influence of `source` on `target`.

    Parameters
    ----------
    strength : 1-3, as recorded.
    expires_at : after this date the edge is not used.
    points, points_kind : explicit integer points taken as given, together or not at all;
        then nothing is computed from the edge's other fields.
    """

    source: str
    target: str
    kind: EdgeKind
    strength: int
    source_grade: SourceGrade
    basis: EvidenceBasis
    observed_at: date
    expires_at: date
    author: str = ""
    points: int | None = None
    points_kind: ExposureKind | None = None
    owner: str = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[str] = frozenset()

    def is_current(self, on: date) -> bool:
        """True from the day observed to the day of expiry, both included."""
        return self.observed_at <= on <= self.expires_at
