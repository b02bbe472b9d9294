"""Values of spreadsheets and Parquet files as the text a CSV file would hold."""

from datetime import date, datetime, time, timedelta
from typing import Any

from allocator.prepare.problems import Place, Problems

LARGEST_WHOLE = 1e15
"""Spreadsheets keep 15 digits of a number; longer ids that are no text have lost some."""
TEXTS = frozenset({"text", "set"})
"""Kinds of columns that hold text."""


def check_text(value: Any, place: Place, problems: Problems) -> None:
    """Record what should be text and was turned into something else, and changed by it."""
    if isinstance(value, date | time | timedelta):
        found = f"the date or time {value}"
    elif isinstance(value, float) and abs(value) >= LARGEST_WHOLE:
        found = f"the number {value:g}, of which 15 digits are kept"
    else:
        return
    action = "Give the column the format Text, and enter the value again."
    problems.add("value_not_text", place, found, "text", action)


def cell_text(value: object) -> str:
    """Text of one value: whole numbers without decimals, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
