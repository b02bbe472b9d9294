"""Why each person is moved, as a code of the fixed list, derived from what the move changes (R53).

A move has the reason of the first rule that the person's present placement breaks and the planned
one does not; without such a rule it lowers exposure, or else it makes room for others. The code
says what the move does for the person, not what the solver intended.
"""

from collections.abc import Iterable
from enum import StrEnum

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.judge import Findings


class MoveReason(StrEnum):
    """Move reasons of the domain that a plan can give; `RECORDED` stands for one not to be told."""

    LEGAL_CATEGORY = "legal_category"
    CLASSIFICATION = "classification"
    CONFLICT = "conflict"
    VULNERABLE = "vulnerable"
    LOCAL_NEEDS = "local_needs"
    EXPOSURE_REDUCTION = "exposure_reduction"
    ADMINISTRATIVE = "administrative"
    RECORDED = "recorded_information"


REASON_OF_RULE: dict[RuleId, MoveReason] = {
    RuleId.SEX_AND_AGE: MoveReason.LEGAL_CATEGORY,
    RuleId.REMAND_SENTENCED: MoveReason.LEGAL_CATEGORY,
    RuleId.YOUNG_ADULTS: MoveReason.LEGAL_CATEGORY,
    RuleId.LEAST_RESTRICTIVE: MoveReason.CLASSIFICATION,
    RuleId.AUTHORITY: MoveReason.CLASSIFICATION,
    RuleId.MEDICAL_CONSIDERED: MoveReason.CLASSIFICATION,
    RuleId.EXPIRED_AUTHORITY: MoveReason.CLASSIFICATION,
    RuleId.NO_SOLITARY: MoveReason.CLASSIFICATION,
    RuleId.SECURITY_CATEGORY: MoveReason.CLASSIFICATION,
    RuleId.SINGLE_CELL: MoveReason.CLASSIFICATION,
    RuleId.COMMUNICATIONS: MoveReason.CLASSIFICATION,
    RuleId.NON_ASSOCIATION: MoveReason.CONFLICT,
    RuleId.PROTECTION_NEED: MoveReason.VULNERABLE,
    RuleId.SPECIAL_NEEDS: MoveReason.VULNERABLE,
    RuleId.FIRST_TIME: MoveReason.VULNERABLE,
    RuleId.SPACE_DAYS: MoveReason.LOCAL_NEEDS,
    RuleId.SPACE_FLOOR: MoveReason.LOCAL_NEEDS,
    RuleId.CAPACITY: MoveReason.LOCAL_NEEDS,
    RuleId.SEALED_UNITS: MoveReason.LOCAL_NEEDS,
    RuleId.STAFFING: MoveReason.LOCAL_NEEDS,
    RuleId.SOURCE_RECEPTIVE_CELL: MoveReason.EXPOSURE_REDUCTION,
    RuleId.SOURCE_RECEPTIVE_UNIT: MoveReason.EXPOSURE_REDUCTION,
    RuleId.UNIT_GROUP_CAP: MoveReason.EXPOSURE_REDUCTION,
    RuleId.LEADERS: MoveReason.EXPOSURE_REDUCTION,
    RuleId.DISPERSAL_CAP: MoveReason.EXPOSURE_REDUCTION,
}
"""Rules that a placement as such can break, the most serious reason first."""


def rules_broken_by_person(findings: Findings) -> dict[str, frozenset[RuleId]]:
    """For each person in a breach of any weight, the rules concerned."""
    found: dict[str, set[RuleId]] = {}
    for breach in _all_breaches(findings):
        for person_id in breach.person_ids:
            found.setdefault(person_id, set()).add(breach.rule)
    return {person_id: frozenset(rules) for person_id, rules in found.items()}


def _all_breaches(findings: Findings) -> Iterable[Breach]:
    yield from findings.unlawful
    yield from (derogation.breach for derogation in findings.derogations)
    yield from (conflict.breach for conflict in findings.conflicts)
    yield from findings.notes


def reason_for(settled: frozenset[RuleId], *, lowers_exposure: bool) -> MoveReason:
    """Reason of a move that settles these rules for the person."""
    for rule, reason in REASON_OF_RULE.items():
        if rule in settled:
            return reason
    return MoveReason.EXPOSURE_REDUCTION if lowers_exposure else MoveReason.ADMINISTRATIVE
