"""What each column means, in which unit, and which values are listed: for people who fill it in."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from allocator.prepare.table_specs import Column
from allocator.prepare.wire_types import Wire
from allocator.prepare.yaml_reader import parse_yaml

_UNITS: tuple[tuple[str, str], ...] = (
    (r".*_m2", "m²"),
    (r".*_hours", "hours a day"),
    (r"moves_last_90_days", "moves"),
    (r".*days.*", "days"),
    (r"age_years", "years"),
    (r"cna|.*_capacity|places_needed", "places"),
    (r"max_moves.*", "moves"),
    (r"trained_staff_per_shift", "officers"),
    (r"weight|points", "points"),
    (r"regime_level|strength", "level"),
    (r"schema_version", "version"),
)
_RANGE = re.compile(r"(?:from|above) (-?[\d.]+) (?:up )?to (-?[\d.]+)$")


@lru_cache(maxsize=1)
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Words for each column by table (`scenario`: the header's keys); "" is the table itself."""
    text = Path(__file__).with_name("meanings.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = parse_yaml(text)
    return found


def unit_of(column: Column) -> str:
    """The unit in which a column counts, "" for what is no number and no date."""
    if column.kind in {"whole", "number"}:
        return next(unit for name, unit in _UNITS if re.fullmatch(name, column.name))
    return "YYYY-MM-DD" if column.kind == "date" else ""


def range_of(column: Column) -> tuple[str, str] | None:
    """Least and largest value of a number, as its words of what is allowed say."""
    found = _RANGE.search(column.allowed) if column.kind in {"whole", "number"} else None
    return (found[1], found[2]) if found else None


@cache
def choices_of(model: type[Wire]) -> Mapping[str, tuple[str, ...]]:
    """The values that a column's list has, for each column with one."""
    schema = model.model_json_schema()
    defs = schema.get("$defs", {})
    found = {name: _enumerated(part, defs) for name, part in schema["properties"].items()}
    return {name: values for name, values in found.items() if values}


def _enumerated(part: Mapping[str, Any], defs: Mapping[str, Any]) -> tuple[str, ...]:
    if "anyOf" in part:
        return _enumerated(part["anyOf"][0], defs)
    if "$ref" in part:
        return _enumerated(defs[part["$ref"].rsplit("/", 1)[-1]], defs)
    if part.get("type") == "array":
        return _enumerated(part["items"], defs)
    if part.get("type") == "boolean":
        return ("true", "false")
    return tuple(map(str, part.get("enum", ())))
