"""An officer's decision as a row of the scenario: every door and the judge then see one thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from allocator.errors import ConfigError
from allocator.jobs.known import check_known
from allocator.jobs.scenario_output import source_document, write_scenario, write_table_in_place
from allocator.jobs.task import read_source
from allocator.model.complaints import Complaint
from allocator.model.locks import LockKind
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.prepare.last_plan import plan_hash

LOCKS = "locks"
COMPLAINTS = "complaints"
_KEYS = {LOCKS: ("person_id", "cell_id", "at"), COMPLAINTS: ("person_id", "cell_id", "opened_at")}


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer gives for any decision.

    Parameters
    ----------
    by : role or pseudonymous id, never a name.
    reason : of the fixed list of the table; the outcome where a complaint is closed.
    text : what the reason does not say, "" for nothing.
    """

    by: str
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A scenario with a decision, read and checked, not yet written.

    Parameters
    ----------
    source : where the scenario was read; None for a document.
    table : the one table that is another; row : the row added or closed.
    """

    source: Path | None
    before: Scenario
    after: Scenario
    document: Mapping[str, Any]
    table: str
    row: Mapping[str, Any]

    def write(self, out: Path | None) -> Path:
        """Write a new scenario to `out`, or the table in place for None; the path written.

        Raises
        ------
        ConfigError
            If there is nothing to write in place, because the scenario came as a document.
        """
        if out is None:
            if self.source is None:
                raise ConfigError("A document has no place of its own; say where to write.")
            return write_table_in_place(self.document, self.source, self.table)
        write_scenario(self.document, out)
        return out


class DecisionDesk:
    """Takes decisions on one scenario, on the scenario's day.

    Parameters
    ----------
    source : where the scenario is, or its document, which stays as it is.

    Raises
    ------
    ScenarioError
        If the scenario, or what it becomes, is no valid scenario.
    """

    def __init__(self, source: Path | Mapping[str, Any]) -> None:
        self.source = source if isinstance(source, Path) else None
        self.scenario = read_source(source)
        self.document = source_document(source) if isinstance(source, Path) else dict(source)
        self.today = self.scenario.day.isoformat()

    def lock(
        self, kind: LockKind, person_id: str, cell_id: str, said: Said, until: str | None = None
    ) -> Decided:
        """Keep a person in a cell, or out of it.

        Raises
        ------
        ConfigError
            If there is no such person or cell, or the two were decided on today already.
        """
        self._check_names(person_id, cell_id)
        row = {"person_id": person_id, "cell_id": cell_id, "kind": kind.value}
        row |= {"reason": said.reason, "by": said.by, "at": self.today}
        return self._add(LOCKS, _without_empty(row | {"until": until, "text": said.text}))

    def reject(self, plan: Plan, person_id: str, said: Said, until: str | None = None) -> Decided:
        """Refuse the cell that a plan gives a person.

        Raises
        ------
        ConfigError
            If the plan gives the person no cell, and as `lock`.
        """
        cell_of = {placement.person_id: placement.cell_id for placement in plan.placements}
        check_known(person_id, cell_of, "person", f"the plan of {plan.scenario_name!r}")
        cell_id = cell_of[person_id]
        if cell_id is None:
            raise ConfigError(f"The plan gives {person_id} no cell, so there is none to reject.")
        self._check_names(person_id, cell_id)
        row = {"person_id": person_id, "cell_id": cell_id, "kind": LockKind.REJECT.value}
        row |= {"reason": said.reason, "by": said.by, "at": self.today}
        extra = {"until": until, "text": said.text, "plan": plan_hash(plan)}
        return self._add(LOCKS, _without_empty(row | extra))

    def complain(self, person_id: str, cell_id: str | None, said: Said) -> Decided:
        """Record a complaint against a cell, the present one where none is named.

        Raises
        ------
        ConfigError
            If the person has no present cell and none is named, and as `lock`.
        """
        self._check_names(person_id)
        cell = cell_id or self.scenario.person_by_id[person_id].current_place
        if cell not in self.scenario.estate.cell_by_id and cell_id is None:
            raise ConfigError(f"{person_id} has no cell now; name the one complained of by --cell.")
        self._check_names(person_id, str(cell))
        row = {"person_id": person_id, "cell_id": cell, "reason": said.reason, "by": said.by}
        row |= {"opened_at": self.today, "text": said.text}
        return self._add(COMPLAINTS, _without_empty(row))

    def close(self, person_id: str, cell_id: str | None, said: Said) -> Decided:
        """Close the open complaint of a person; `said.reason` is the outcome.

        Raises
        ------
        ConfigError
            If there is no open complaint, or several and no cell is named.
        """
        self._check_names(person_id)
        found = open_complaints(self.scenario, person_id, cell_id)
        if len(found) != 1:
            raise ConfigError(_how_many(person_id, found))
        key = (person_id, found[0].cell_id, found[0].opened_at.isoformat())
        closing = {"closed_at": self.today, "closed_by": said.by, "outcome": said.reason}
        rows = [
            {**row, **closing} if _key(COMPLAINTS, row) == key else row
            for row in self.document[COMPLAINTS]
        ]
        row = next(row for row in rows if _key(COMPLAINTS, row) == key)
        return self._decided(COMPLAINTS, rows, row)

    def withdraw(self, person_id: str, cell_id: str, by: str) -> Decided:
        """Take back what is in force on a person and a cell; nothing of it holds today.

        A decision of an earlier day keeps its row and ends yesterday; one of today is removed.

        Raises
        ------
        ConfigError
            If there is no such person or cell, or nothing is in force on the two.
        """
        self._check_names(person_id, cell_id)
        day = self.scenario.day
        keys = {
            (person_id, cell_id, lock.at.isoformat())
            for lock in self.scenario.locks
            if lock.is_current(day) and (lock.person_id, lock.cell_id) == (person_id, cell_id)
        }
        if not keys:
            raise ConfigError(
                f"Nothing is decided on {person_id} and {cell_id}; nothing was written."
            )
        yesterday = (day - timedelta(days=1)).isoformat()
        note = f"taken back by {by} on {self.today}"
        rows = [
            {**row, "until": yesterday, "text": "; ".join(filter(None, (row.get("text"), note)))}
            if _key(LOCKS, row) in keys
            else row
            for row in self.document[LOCKS]
            if (person_id, cell_id, self.today) != _key(LOCKS, row)
        ]
        row = {"person_id": person_id, "cell_id": cell_id, "by": by, "at": self.today}
        return self._decided(LOCKS, rows, row)

    def _add(self, table: str, row: Mapping[str, Any]) -> Decided:
        rows = self.document.get(table, [])
        if any(_key(table, known) == _key(table, row) for known in rows):
            raise ConfigError(
                f"{row['person_id']} and {row['cell_id']} are in {table} for {self.today} already; "
                "change that row instead."
            )
        return self._decided(table, [*rows, row], row)

    def _decided(self, table: str, rows: list[Any], row: Mapping[str, Any]) -> Decided:
        document = {**self.document, table: rows}
        after = read_source(document)
        return Decided(self.source, self.scenario, after, document, table, row)

    def _check_names(self, person_id: str, cell_id: str | None = None) -> None:
        name = repr(self.scenario.name)
        check_known(person_id, self.scenario.person_by_id, "person", name)
        if cell_id is not None:
            check_known(cell_id, self.scenario.estate.cell_by_id, "cell", name)


def open_complaints(
    scenario: Scenario, person_id: str | None = None, cell_id: str | None = None
) -> tuple[Complaint, ...]:
    """Open complaints, all or those of a person or against a cell."""
    return tuple(
        complaint
        for complaint in scenario.complaints
        if complaint.is_open(scenario.day)
        and person_id in {None, complaint.person_id}
        and cell_id in {None, complaint.cell_id}
    )


def _how_many(person_id: str, found: tuple[Complaint, ...]) -> str:
    if not found:
        return f"{person_id} has no such open complaint; nothing was written."
    cells = ", ".join(complaint.cell_id for complaint in found)
    return f"{person_id} has {len(found)} open complaints, against {cells}; name one by --cell."


def _key(table: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name, "")).strip() for name in _KEYS[table])


def _without_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in {None, ""}}
