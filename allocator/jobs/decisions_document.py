"""One plain document that says what was decided: the JSON of `allocator decide`."""

from pathlib import Path
from typing import Any

from allocator.explain.readers import Reader
from allocator.jobs.decisions import COMPLAINTS, Decided
from allocator.jobs.told import rule_documents
from allocator.model.catalogue import RuleId
from allocator.model.locks import LockKind
from allocator.model.scenario import Scenario
from allocator.verify.judge import find_breaches
from allocator.verify.r24_frozen import frozen_by_complaint
from allocator.verify.view import View

BY_COMPANY = frozenset({RuleId.NO_SOLITARY, RuleId.ONE_BED})  # what company or others may change
NEXT_STEP = "`allocator plan {path} --from PLAN` plans again from the last plan and keeps it."
KIND_WORDS = {
    LockKind.LOCK: "is kept in",
    LockKind.FORBID: "is kept out of",
    LockKind.REJECT: "is kept out of",
}


def decision_document(
    decided: Decided, action: str, written: Path | None, reader: Reader = Reader.OFFICER
) -> dict[str, Any]:
    """The row, what it means, and which hard rules close a cell that was locked.

    Parameters
    ----------
    written : the file or folder written, None where nothing was.
    """
    path = written or decided.source or Path("SCENARIO")
    is_table = path.suffix == ".csv"
    return {
        **decided_document(decided, action, reader),
        "written": None if written is None else str(written),
        "next_step": NEXT_STEP.format(path=path.parent if is_table else path),
    }


def decided_document(
    decided: Decided, action: str, reader: Reader = Reader.OFFICER
) -> dict[str, Any]:
    """As `decision_document`, whatever becomes of the decision."""
    reader = reader.of(decided.after).about(str(decided.row["person_id"]))
    return {
        "scenario": decided.after.name,
        "action": action,
        "table": decided.table,
        "row": dict(decided.row),
        "words": _words(decided),
        "closed_by": rule_documents(closing_rules(decided), reader),
        "hash_before": decided.before.content_hash,
        "hash": decided.after.content_hash,
    }


def closing_rules(decided: Decided) -> tuple[RuleId, ...]:
    """Hard rules that close a locked cell for the person whoever else is there; sorted."""
    row = decided.row
    if row.get("kind") != LockKind.LOCK.value:
        return ()
    view = View(decided.after, {row["person_id"]: row["cell_id"]})
    found = find_breaches(view).unlawful
    mine = {breach.rule for breach in found if row["person_id"] in breach.person_ids}
    return tuple(sorted(mine - BY_COMPANY))


def _words(decided: Decided) -> str:
    row = decided.row
    if decided.table == COMPLAINTS:
        return _complaint_words(decided.after, row["person_id"], row["cell_id"], row.get("outcome"))
    if "kind" not in row:
        return f"What was decided on {row['person_id']} and {row['cell_id']} is taken back."
    until = f" to {row['until']}" if "until" in row else " until it is taken back"
    kind = LockKind(row["kind"])
    return f"{row['person_id']} {KIND_WORDS[kind]} {row['cell_id']} from {row['at']}{until}."


def _complaint_words(scenario: Scenario, person_id: str, cell_id: str, outcome: str | None) -> str:
    frozen = person_id in frozen_by_complaint(View(scenario, {}))
    if outcome is not None:
        closed = f"The complaint of {person_id} against {cell_id} is closed: {_plain(outcome)}."
        others = " Another one is open, so moves stay frozen." if frozen else ""
        return f"{closed}{others or ' It freezes nothing from today.'}"
    opened = f"The complaint of {person_id} against {cell_id} is open."
    if frozen:
        return f"{opened} No plan moves {person_id} until somebody closes it."
    return f"{opened} A move is urgent, or there is no present cell, so it freezes nothing."


def _plain(value: str) -> str:
    return value.replace("_", " ")
