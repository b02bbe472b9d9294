"""A scenario: everything known on one day, as frozen data."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from allocator.model.complaints import Complaint
from allocator.model.estate import Estate
from allocator.model.locks import Lock
from allocator.model.person import Authority, Freeze, Person, PlacementFinding
from allocator.model.policy import ContactWeights, Policy, TierSetting
from allocator.model.profile import LegalProfile
from allocator.model.relations import (
    GroupRivalry,
    InfluenceEdge,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
    StablePair,
)
from allocator.model.vocabulary import FindingKind, Tier


@dataclass(frozen=True)
class Scenario:
    """Input of every stage; all tuples are sorted by id when the scenario is read.

    Parameters
    ----------
    day : the date on which validity of findings, authorities and freezes is judged.
    max_moves : hard limit on people who change cell in the whole scenario; None for none.
    max_moves_per_facility, max_moves_per_wing : the same for each facility and wing left.
    dedicated_units, satellite_facilities : unit ids that policies with such units use.
    locks : officers' decisions on single placements, current or not.
    complaints : against placements, open or closed.
    content_hash : SHA-256 of the canonical JSON document.
    last_plan : SHA-256 of the plan that people's planned places were taken from; None where the
        tables give them or nobody has one.
    """

    name: str
    description: str
    day: date
    estate: Estate
    people: tuple[Person, ...]
    findings: tuple[PlacementFinding, ...]
    authorities: tuple[Authority, ...]
    freezes: tuple[Freeze, ...]
    non_associations: tuple[NonAssociation, ...]
    keep_apart_memberships: tuple[KeepApartMembership, ...]
    group_rivalries: tuple[GroupRivalry, ...]
    protection_needs: tuple[ProtectionNeed, ...]
    stable_pairs: tuple[StablePair, ...]
    influence_edges: tuple[InfluenceEdge, ...]
    profile: LegalProfile
    policy: Policy
    contact_weights: ContactWeights
    max_moves: int | None = None
    max_moves_per_facility: int | None = None
    max_moves_per_wing: int | None = None
    dedicated_units: frozenset[str] = frozenset()
    satellite_facilities: frozenset[str] = frozenset()
    locks: tuple[Lock, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    content_hash: str = ""
    last_plan: str | None = None

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        """People by id."""
        return {person.person_id: person for person in self.people}

    @cached_property
    def is_revision(self) -> bool:
        """True when a last plan is known for somebody."""
        return any(person.planned_place is not None for person in self.people)

    @property
    def tiers(self) -> tuple[TierSetting, ...]:
        """Tiers of the policy in its order; departures only where a last plan is revised."""
        return tuple(
            setting
            for setting in self.policy.tiers
            if self.is_revision or setting.tier is not Tier.DEPARTURES
        )

    @cached_property
    def authorities_by_person(self) -> dict[str, tuple[Authority, ...]]:
        """Authorities, current or not, of each person who has any."""
        grouped: dict[str, tuple[Authority, ...]] = {}
        for authority in self.authorities:
            grouped[authority.person_id] = (*grouped.get(authority.person_id, ()), authority)
        return grouped

    def current_finding(self, person_id: str, kind: FindingKind) -> PlacementFinding | None:
        """The latest finding of a kind that is valid on the day; None means unknown."""
        return self._current_findings.get((person_id, kind))

    def has_finding(self, person_id: str, kind: FindingKind) -> bool:
        """True when any finding of the kind was ever recorded, valid or not."""
        return (person_id, kind) in self._recorded_findings

    @cached_property
    def _recorded_findings(self) -> frozenset[tuple[str, FindingKind]]:
        return frozenset((finding.person_id, finding.kind) for finding in self.findings)

    @cached_property
    def _current_findings(self) -> dict[tuple[str, FindingKind], PlacementFinding]:
        latest: dict[tuple[str, FindingKind], PlacementFinding] = {}
        for finding in self.findings:
            key = (finding.person_id, finding.kind)
            known = latest.get(key)
            if finding.is_current(self.day) and (
                known is None or known.assessed_at <= finding.assessed_at
            ):
                latest[key] = finding
        return latest
