"""One line per move: who, from where to where, at what cost, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from allocator.explain.exposure import ExposureTables
from allocator.explain.readers import HIDDEN_RULES, Reader, is_hidden
from allocator.explain.reasons import MoveReason, reason_for
from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Placement, Plan
from allocator.model.scenario import Scenario
from allocator.prepare.moving import officers_for


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
        nobody: frozenset[RuleId] = frozenset()
        settled = broken_before.get(person.person_id, nobody) - broken_after.get(
            person.person_id, nobody
        )
        i = at[person.person_id]
        lowers = bool(tables.shared_after[i] < tables.shared_before[i])
        line = _line(scenario, person, placement, settled, lowers)
        lines.append(_redacted(line, settled, reader))
    return tuple(sorted(lines, key=lambda m: (m.from_wing, m.from_place, m.person_id)))


def _redacted(line: MoveLine, settled: frozenset[RuleId], reader: Reader) -> MoveLine:
    """The line without rules and reasons that tell what is recorded and hidden from the reader."""
    reader = reader.about(line.person_id)
    rules = tuple(rule for rule in line.rules_settled if not is_hidden(rule, None, reader))
    withheld = {r for r in settled if reader.withheld.bears_on(r, reader.people)}
    is_told = line.first_placement or line.reason is reason_for(
        settled - withheld, lowers_exposure=False
    )
    if line.reason is MoveReason.EXPOSURE_REDUCTION:
        is_told = reader.sees_exposure
    reason = line.reason if is_told else MoveReason.RECORDED
    return replace(line, rules_settled=rules, reason=reason)


def _line(
    scenario: Scenario,
    person: Person,
    placement: Placement,
    settled: frozenset[RuleId],
    lowers: bool,
) -> MoveLine:
    estate = scenario.estate
    to_cell = estate.cell_by_id[placement.cell_id or ""]
    from_cell = estate.cell_by_id.get(person.current_place or "")
    limits = scenario.profile.thresholds
    ends = () if from_cell is None else (from_cell, to_cell)
    first = not ends
    reason = MoveReason.ADMINISTRATIVE if first else reason_for(settled, lowers_exposure=lowers)
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
        reason=reason,
        rules_settled=tuple(sorted(settled - HIDDEN_RULES)),
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
