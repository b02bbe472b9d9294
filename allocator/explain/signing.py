"""What a named person has to decide: derogations one by one, and holds without authority."""

from dataclasses import dataclass
from datetime import date

from allocator.model.catalogue import RULE_BY_ID, RuleId
from allocator.model.plan import Derogation, Placement, Plan
from allocator.model.scenario import Scenario
from allocator.verify.judge import Findings

NEUTRAL_WORDS: dict[RuleId, str] = {
    RuleId.SOURCE_RECEPTIVE_CELL: "By their findings these people should not share a cell.",
    RuleId.SOURCE_RECEPTIVE_UNIT: "By their findings these people should not share a unit.",
    RuleId.UNIT_GROUP_CAP: "The group in this unit is larger than the policy allows.",
    RuleId.LEADERS: "The mix of people in the unit is outside the policy's limit.",
    RuleId.DISPERSAL_CAP: "The mix in the wing or facility is outside the policy's limit.",
    RuleId.FIRST_TIME: "A first-time prisoner shares a cell against the policy.",
    RuleId.STAFFING: "The wing has too few trained staff for the mix of people in it.",
}
"""Words for rules whose own words or details would tell a reader about findings on a person."""


@dataclass(frozen=True, slots=True)
class DerogationLine:
    """One derogation for one person.

    `number` counts the derogations from 1; one that concerns several people has a line for each,
    and `points` are those of the whole derogation. `detail` is empty for rules that rest on
    findings about people.
    """

    number: int
    person_id: str
    rule: RuleId
    words: str
    place: str
    amount: int
    unit: str
    points: int
    signed_by: str
    detail: str


@dataclass(frozen=True, slots=True)
class UnlawfulHold:
    """A person held now in a unit for which no current authority names them (R15).

    `leaves` : the plan has another cell; False for those who stay and those without a place, who
    remain where they are until somebody decides.
    """

    person_id: str
    place_now: str
    place_planned: str
    expired_at: date | None
    leaves: bool


@dataclass(frozen=True, slots=True)
class UnplacedLine:
    """A person for whom the plan has no cell and the rules that exclude most cells."""

    person_id: str
    from_place: str
    blocked_by: tuple[tuple[RuleId, str, int], ...]


def derogation_lines(derogations: tuple[Derogation, ...]) -> tuple[DerogationLine, ...]:
    """Person by person, in the order of the derogations; without people, one line without one."""
    return tuple(
        _line(number, derogation, person_id)
        for number, derogation in enumerate(derogations, start=1)
        for person_id in (derogation.breach.person_ids or ("",))
    )


def unmet_lines(findings: Findings) -> tuple[DerogationLine, ...]:
    """Breaches that nobody signs: those with points of tier protection, then those without."""
    noted = tuple(Derogation(breach, 0, "") for breach in findings.notes)
    return derogation_lines((*findings.conflicts, *noted))


def _line(number: int, derogation: Derogation, person_id: str) -> DerogationLine:
    breach = derogation.breach
    entry = RULE_BY_ID[breach.rule]
    hidden = breach.rule in NEUTRAL_WORDS
    return DerogationLine(
        number=number,
        person_id=person_id,
        rule=breach.rule,
        words=NEUTRAL_WORDS.get(breach.rule, entry.words),
        place=breach.place,
        amount=breach.amount,
        unit=entry.breach_unit,
        points=derogation.points,
        signed_by=derogation.signed_by,
        detail="" if hidden else breach.detail,
    )


def unlawful_hold_lines(
    scenario: Scenario, plan: Plan, person_ids: tuple[str, ...]
) -> tuple[UnlawfulHold, ...]:
    """Where each such person is and goes, and when the last authority for the unit expired."""
    planned = {placement.person_id: placement for placement in plan.placements}
    return tuple(_hold(scenario, planned[person_id]) for person_id in person_ids)


def _hold(scenario: Scenario, placement: Placement) -> UnlawfulHold:
    estate = scenario.estate
    cell = estate.cell_by_id.get(placement.from_place or "")
    uses = {use.value for use in estate.uses(cell)} if cell else set()
    expiries = [
        authority.expires_at
        for authority in scenario.authorities
        if authority.person_id == placement.person_id
        and authority.kind.value in uses
        and authority.expires_at < scenario.day
    ]
    return UnlawfulHold(
        person_id=placement.person_id,
        place_now=placement.from_place or "",
        place_planned=placement.cell_id or "",
        expired_at=max(expiries, default=None),
        leaves=placement.cell_id not in {None, placement.from_place},
    )


def unplaced_lines(plan: Plan) -> tuple[UnplacedLine, ...]:
    """The unplaced, each with the excluding rules, the widest first."""
    lines = []
    for placement in plan.unplaced:
        widest = sorted(placement.blocked_by.items(), key=lambda item: (-item[1], item[0]))
        blocked = tuple(
            (rule, NEUTRAL_WORDS.get(rule, RULE_BY_ID[rule].words), cells) for rule, cells in widest
        )
        lines.append(UnplacedLine(placement.person_id, placement.from_place or "", blocked))
    return tuple(lines)
