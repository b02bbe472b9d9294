"""What officers have decided and who complains: for a human to see beside every plan (R51, R55)."""

from dataclasses import dataclass
from datetime import date

from allocator.explain.placements import BeforeAfter
from allocator.model.complaints import ComplaintReason
from allocator.model.locks import Lock, LockKind, LockReason
from allocator.verify.r24_frozen import frozen_by_complaint
from allocator.verify.view import View


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """One open complaint.

    Parameters
    ----------
    days : whole days since it was opened.
    place_now, place_planned : cell or other place, "" for none.
    is_frozen : no plan moves the person; False where a move is urgent or there is no present cell.
    """

    person_id: str
    cell_id: str
    opened_at: date
    days: int
    reason: ComplaintReason
    by: str
    text: str
    place_now: str
    place_planned: str
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One current lock, ban or rejection.

    `is_kept` : the placement keeps it; None for somebody without a cell.
    """

    person_id: str
    cell_id: str
    kind: LockKind
    reason: LockReason
    by: str
    text: str
    at: date
    until: date | None
    is_kept: bool | None


def complaint_lines(placed: BeforeAfter) -> tuple[ComplaintLine, ...]:
    """Open complaints, the oldest first."""
    scenario = placed.scenario
    frozen = frozen_by_complaint(View(scenario, {}))
    planned = _planned(placed)
    lines = [
        ComplaintLine(
            person_id=complaint.person_id,
            cell_id=complaint.cell_id,
            opened_at=complaint.opened_at,
            days=(scenario.day - complaint.opened_at).days,
            reason=complaint.reason,
            by=complaint.by,
            text=complaint.text,
            place_now=scenario.person_by_id[complaint.person_id].current_place or "",
            place_planned=planned[complaint.person_id] or "",
            is_frozen=complaint.person_id in frozen,
        )
        for complaint in scenario.complaints
        if complaint.is_open(scenario.day)
    ]
    return tuple(sorted(lines, key=lambda line: (line.opened_at, line.person_id, line.cell_id)))


def decision_lines(placed: BeforeAfter) -> tuple[DecisionLine, ...]:
    """Current decisions by person; several locks of one are kept in any one of the cells."""
    scenario = placed.scenario
    current = [lock for lock in scenario.locks if lock.is_current(scenario.day)]
    locked: dict[str, set[str]] = {}
    for lock in current:
        if not lock.kind.is_ban:
            locked.setdefault(lock.person_id, set()).add(lock.cell_id)
    planned = _planned(placed)
    return tuple(
        DecisionLine(
            person_id=lock.person_id,
            cell_id=lock.cell_id,
            kind=lock.kind,
            reason=lock.reason,
            by=lock.by,
            text=lock.text,
            at=lock.at,
            until=lock.until,
            is_kept=_is_kept(lock, planned[lock.person_id], locked.get(lock.person_id, set())),
        )
        for lock in current
    )


def _planned(placed: BeforeAfter) -> dict[str, str | None]:
    cells = placed.scenario.estate.cells
    return {
        person.person_id: cells[int(c)].cell_id if c >= 0 else None
        for person, c in zip(placed.scenario.people, placed.after, strict=True)
    }


def _is_kept(lock: Lock, cell_id: str | None, locked: set[str]) -> bool | None:
    if cell_id is None:
        return None
    return cell_id != lock.cell_id if lock.kind.is_ban else cell_id in locked
