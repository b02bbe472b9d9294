"""The data that an explanation rests on, as a reader may see it, with its age in days."""

from datetime import date
from typing import Any

from allocator.explain.data_rows import DataRow, DataState
from allocator.explain.data_used import DataUsed, Evidence, PairData, data_recorded
from allocator.explain.readers import RECORDED, Reader
from allocator.explain.words import DATA_WORDS
from allocator.model.scenario import Scenario

UNKNOWN_STATES = frozenset({DataState.EXPIRED, DataState.MISSING})


RELEASED = (
    "Only what is released to your role. Records that their owner restricted to others count in "
    "the plan all the same, and nothing here says whether there are any."
)


def data_document(scenario: Scenario, data: DataUsed, reader: Reader) -> dict[str, Any]:
    """Rows, the pairs that matter most where the reader may know them, and all evidence.

    Records that were not released to the reader are left out; `released` says so to everybody, so
    that it does not tell whether there are any.
    """
    sees, shown = reader.sees_intelligence, reader.shown(scenario)
    if shown is not scenario:
        data = data_recorded(data, shown, *reader.people)
    return {
        "day": scenario.day.isoformat(),
        "rows": [
            _row(scenario.day, row, sees=sees) for row in data.rows if sees or not _is_silence(row)
        ],
        "pairs": [_pair(scenario.day, pair) for pair in data.pairs] if reader.sees_exposure else [],
        "released": RELEASED,
        "evidence": {
            "people": len(data.others),
            **_evidence(scenario.day, data.evidence, sees=sees),
        },
    }


def _is_silence(row: DataRow) -> bool:
    """True for a row that only says that there is no such information."""
    return row.is_intelligence and row.state is DataState.MISSING


def _row(day: date, row: DataRow, *, sees: bool) -> dict[str, Any]:
    shown = sees or not row.is_intelligence
    unknown = row.state in UNKNOWN_STATES and row.is_intelligence
    return {
        "about": DATA_WORDS[row.kind] if shown else RECORDED,
        "value": row.value if shown else "",
        "source": row.source if shown else "",
        "person_ids": list(row.person_ids) if shown else [],
        "on": _iso(row.on),
        "age_days": None if row.on is None else (day - row.on).days,
        "until": _iso(row.until),
        "state": f"{row.state.value}: counts as unknown" if unknown else row.state.value,
    }


def _pair(day: date, pair: PairData) -> dict[str, Any]:
    return {
        "person_id": pair.person_id,
        "points": pair.points,
        "largest_change": pair.largest_change,
        **_evidence(day, pair.evidence, sees=True),
    }


def _evidence(day: date, evidence: Evidence, *, sees: bool) -> dict[str, Any]:
    newest, oldest = evidence.newest, evidence.oldest
    return {
        "pieces": evidence.pieces,
        "expired": evidence.expired,
        "oldest": _iso(oldest),
        "newest": _iso(newest),
        "newest_age_days": None if newest is None else (day - newest).days,
        "oldest_age_days": None if oldest is None else (day - oldest).days,
        "kinds": list(evidence.kinds) if sees else [],
        "grades": list(evidence.grades) if sees else [],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
