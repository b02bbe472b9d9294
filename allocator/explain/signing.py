"""What a named person has to decide: derogations one by one, and holds without authority."""

from dataclasses import dataclass
from datetime import date

from allocator.explain.readers import (
    Reader,
    is_hidden,
    label_of,
    may_name,
    reader_of_breach,
    words_of,
)
from allocator.model.catalogue import RULE_BY_ID
from allocator.model.plan import Derogation, Placement, Plan
from allocator.model.scenario import Scenario
from allocator.verify.judge import Findings


@dataclass(frozen=True, slots=True)
class DerogationLine:
    """One derogation for one person.

    `number` counts the derogations from 1; one that concerns several people has a line for each,
    and `points` are those of the whole derogation. `rule` is its id, or that there is recorded
    information, then without people, `unit` and `detail`.
    """

    number: int
    person_id: str
    rule: str
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
    blocked_by: tuple[tuple[str, str, int], ...]


def derogation_lines(
    scenario: Scenario, derogations: tuple[Derogation, ...], reader: Reader
) -> tuple[DerogationLine, ...]:
    """Person by person, in the order of the derogations; one line where nobody may be named."""
    reader = reader.of(scenario)
    return tuple(
        _line(number, derogation, person_id, reader)
        for number, derogation in enumerate(derogations, start=1)
        for person_id in _named(derogation, reader)
    )


def unmet_lines(
    scenario: Scenario, findings: Findings, reader: Reader
) -> tuple[DerogationLine, ...]:
    """Breaches that nobody signs: those with points of tier protection, then those without."""
    noted = tuple(Derogation(breach, 0, "") for breach in findings.notes)
    return derogation_lines(scenario, (*findings.conflicts, *noted), reader)


def _named(derogation: Derogation, reader: Reader) -> tuple[str, ...]:
    named = may_name(derogation.breach, reader)
    return (derogation.breach.person_ids if named else ()) or ("",)


def _line(number: int, derogation: Derogation, person_id: str, reader: Reader) -> DerogationLine:
    breach = derogation.breach
    told = reader_of_breach(breach, reader)
    return DerogationLine(
        number=number,
        person_id=person_id,
        rule=label_of(breach.rule, told),
        words=words_of(breach.rule, told),
        place=breach.place,
        amount=breach.amount,
        unit="" if is_hidden(breach.rule, None, told) else RULE_BY_ID[breach.rule].breach_unit,
        points=derogation.points,
        signed_by=derogation.signed_by,
        detail=breach.detail if may_name(breach, reader) else "",
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


def unplaced_lines(plan: Plan, reader: Reader) -> tuple[UnplacedLine, ...]:
    """The unplaced, each with the excluding rules, the widest first.

    Of hidden rules the one that excludes most cells stands for all.
    """
    lines = []
    for placement in plan.unplaced:
        blocked: dict[str, tuple[str, str, int]] = {}
        told = reader.about(placement.person_id)
        widest = sorted(placement.blocked_by.items(), key=lambda item: (-item[1], item[0]))
        for rule, cells in widest:
            label = label_of(rule, told)
            blocked.setdefault(label, (label, words_of(rule, told), cells))
        lines.append(
            UnplacedLine(placement.person_id, placement.from_place or "", tuple(blocked.values()))
        )
    return tuple(lines)
