"""The eighteen tables: their wire models, columns, required columns and keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from pydantic import TypeAdapter

from allocator.prepare.wire_types import Wire
from allocator.prepare.wire_v1 import ScenarioDocument, ScenarioHeader

REQUIRED_TABLES = ("units", "cells", "people")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    kind : text, whole, number, boolean, date or set. required : must not be empty.
    allowed : the values allowed, in words.
    """

    name: str
    kind: str
    required: bool
    default: Any
    allowed: str


@dataclass(frozen=True)
class Table:
    """One table of a scenario."""

    name: str
    model: type[Wire]

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Columns by name, in the order in which they are written."""
        return model_columns(self.model)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns that must be there."""
        return tuple(c.name for c in self.columns.values() if c.required)

    @cached_property
    def adapter(self) -> TypeAdapter[list[Any]]:
        """Validator of a whole table."""
        return TypeAdapter(list[self.model])  # type: ignore[name-defined]


def model_columns(model: type[Wire]) -> dict[str, Column]:
    """Columns (or keys) of a wire model, read off its JSON schema."""
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    columns = {}
    for name, part in schema["properties"].items():
        kind, allowed = _kind(part, schema.get("$defs", {}))
        default = model.model_fields[name].get_default(call_default_factory=True)
        columns[name] = Column(name, kind, name in required, default, allowed)
    return columns


def _kind(part: Mapping[str, Any], defs: Mapping[str, Any]) -> tuple[str, str]:
    if "anyOf" in part:
        first = next(option for option in part["anyOf"] if option.get("type") != "null")
        return _kind(first, defs)
    if "$ref" in part:
        return _kind(defs[part["$ref"].rsplit("/", 1)[-1]], defs)
    if "enum" in part:
        return "text", "one of " + ", ".join(map(str, part["enum"]))
    if part.get("format") == "date":
        return "date", "a date YYYY-MM-DD between 1900 and 2200"
    if part.get("type") == "array":
        return "set", "a list of " + _kind(part["items"], defs)[1].removeprefix("one of ")
    return _plain_kind(part)


def _plain_kind(part: Mapping[str, Any]) -> tuple[str, str]:
    kind = part.get("type")
    if "const" in part:
        return "whole", str(part["const"])
    if kind == "boolean":
        return "boolean", "true or false"
    if kind in {"integer", "number"}:
        noun = "whole number" if kind == "integer" else "number"
        return ("whole" if kind == "integer" else "number"), f"a {noun}{_range(part)}"
    if kind == "string":
        return "text", f"text of up to {part.get('maxLength', 100)} characters"
    return "mapping", "a name or a mapping"


def _range(part: Mapping[str, Any]) -> str:
    high = part.get("maximum")
    if "exclusiveMinimum" in part:
        return f" above {part['exclusiveMinimum']:g} up to {high:g}"
    return f" from {part['minimum']} to {high}" if "minimum" in part else ""


def _row_model(annotation: Any) -> type[Wire]:
    model: type[Wire] = annotation.__args__[0]
    return model


@lru_cache(maxsize=1)
def tables() -> dict[str, Table]:
    """Every table by name, in the order of the scenario document."""
    return {
        name: Table(name, _row_model(field.annotation))
        for name, field in ScenarioDocument.model_fields.items()
        if name not in ScenarioHeader.model_fields
    }


@lru_cache(maxsize=1)
def header_keys() -> dict[str, Column]:
    """Keys of `scenario.yaml`."""
    return model_columns(ScenarioHeader)
