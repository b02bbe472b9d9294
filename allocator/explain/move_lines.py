"""One line per move: who, from where to where, at what cost, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.explain.exposure import ExposureTables
from allocator.explain.readers import HIDDEN_RULES, Reader, is_hidden
from allocator.explain.reasons import MoveReason, reason_for
from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Placement, Plan
from allocator.model.scenario import Scenario
from allocator.rules.escorts import officers_for


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A person whose place changes.

    Parameters
    ----------
    first_placement : True for arrivals and people at a virtual place; not a move in the sense
        of the budget (R25), so it has no officers or minutes.
    from_place, from_wing : "" for an arrival without a place; a virtual place has no wing.
    rules_settled : rules that the present placement breaks for the person and the plan does not;
        rules that rest on findings about people are left out, for move lists travel.
    reason : "recorded information" where it is exposure, or comes of a rule, that the reader may
        not know of.
    """

    person_id: str
    from_place: str
    from_wing: str
    to_cell: str
    to_wing: str
    is_transfer: bool
    first_placement: bool
    officers: int | None
    minutes: int | None
    reason: MoveReason
    rules_settled: tuple[RuleId, ...]

    @property
    def kind(self) -> str:
        """How far the person goes, in words."""
        if self.first_placement:
            return "first placement"
        if self.is_transfer:
            return "between facilities"
        return "between wings" if self.from_wing != self.to_wing else "within the wing"


@dataclass(frozen=True, slots=True)
class MoveTotals:
    """Sizes of the move list; officer minutes are officers times minutes, moves only."""

    moves: int
    transfers: int
    between_wings: int
    first_placements: int
    officer_minutes: int
    by_reason: Mapping[MoveReason, int]


def move_lines(
    plan: Plan,
    tables: ExposureTables,
    broken_before: Mapping[str, frozenset[RuleId]],
    broken_after: Mapping[str, frozenset[RuleId]],
    reader: Reader,
) -> tuple[MoveLine, ...]:
    """Moves and first placements, by present wing, present place and person."""
    scenario = tables.placed.scenario
    reader = reader.of(scenario)
    at = tables.placed.index.person_at
    lines = []
    for placement in plan.moves:
        person = scenario.person_by_id[placement.person_id]
        settled = rules_settled(person.person_id, broken_before, broken_after)
        i = at[person.person_id]
        lowers = bool(tables.shared_after[i] < tables.shared_before[i])
        told = told_reason(settled, reader.about(person.person_id), lowers_exposure=lowers)
        lines.append(_line(scenario, person, placement, told))
    return tuple(sorted(lines, key=lambda m: (m.from_wing, m.from_place, m.person_id)))


def rules_settled(
    person_id: str,
    broken_before: Mapping[str, frozenset[RuleId]],
    broken_after: Mapping[str, frozenset[RuleId]],
) -> frozenset[RuleId]:
    """Rules that the present placement breaks for a person and the plan does not."""
    nobody: frozenset[RuleId] = frozenset()
    return broken_before.get(person_id, nobody) - broken_after.get(person_id, nobody)


def told_reason(
    settled: frozenset[RuleId], reader: Reader, *, lowers_exposure: bool
) -> tuple[MoveReason, tuple[RuleId, ...]]:
    """Reason of a move and rules that it settles, as far as the reader may know them.

    Parameters
    ----------
    reader : of the scenario, about the person who moves.
    """
    reason = reason_for(settled, lowers_exposure=lowers_exposure)
    rules = frozenset(rule for rule in settled if not is_hidden(rule, None, reader))
    is_told = reason is reason_for(rules, lowers_exposure=False)
    if reason is MoveReason.EXPOSURE_REDUCTION:
        is_told = reader.sees_exposure
    return reason if is_told else MoveReason.RECORDED, tuple(sorted(rules))


def _line(
    scenario: Scenario,
    person: Person,
    placement: Placement,
    told: tuple[MoveReason, tuple[RuleId, ...]],
) -> MoveLine:
    estate = scenario.estate
    to_cell = estate.cell_by_id[placement.cell_id or ""]
    from_cell = estate.cell_by_id.get(person.current_place or "")
    limits = scenario.profile.thresholds
    ends = () if from_cell is None else (from_cell, to_cell)
    first = not ends
    reason, settled = told
    facility_left = _facility_left(scenario, person)
    return MoveLine(
        person_id=person.person_id,
        from_place=person.current_place or "",
        from_wing=estate.wing_of(from_cell).unit_id if from_cell else "",
        to_cell=to_cell.cell_id,
        to_wing=estate.wing_of(to_cell).unit_id,
        is_transfer=facility_left not in {"", estate.facility_of(to_cell).unit_id},
        first_placement=first,
        officers=None if first else officers_for(estate, person, ends, limits),
        minutes=None if first else limits.minutes_per_move,
        reason=MoveReason.ADMINISTRATIVE if first else reason,
        rules_settled=tuple(rule for rule in settled if rule not in HIDDEN_RULES),
    )


def _facility_left(scenario: Scenario, person: Person) -> str:
    estate = scenario.estate
    place = person.current_place or ""
    if place in estate.cell_by_id:
        return estate.facility_of(estate.cell_by_id[place]).unit_id
    virtual = estate.virtual_by_id.get(place)
    return virtual.facility_id if virtual else ""


def move_totals(lines: tuple[MoveLine, ...]) -> MoveTotals:
    """Totals of a move list."""
    moves = [line for line in lines if not line.first_placement]
    reasons = [line.reason for line in moves]
    return MoveTotals(
        moves=len(moves),
        transfers=sum(line.is_transfer for line in moves),
        between_wings=sum(line.from_wing != line.to_wing for line in moves),
        first_placements=len(lines) - len(moves),
        officer_minutes=sum((line.officers or 0) * (line.minutes or 0) for line in moves),
        by_reason={reason: reasons.count(reason) for reason in MoveReason if reason in reasons},
    )
