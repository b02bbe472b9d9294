"""From the model's dataclasses to the rows of a scenario document."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from enum import Enum
from typing import Any, TypeAlias

from allocator.model.estate import SharedSetting

Row: TypeAlias = dict[str, Any]
Document: TypeAlias = dict[str, Any]

DAY = date(2026, 1, 15)


def to_row(entry: Any) -> Row:
    """Fields of a dataclass that differ from their defaults, in plain JSON values."""
    return {
        field.name: _plain(getattr(entry, field.name))
        for field in fields(entry)
        if not _is_default(field, getattr(entry, field.name))
    }


def to_rows(entries: Iterable[Any]) -> list[Row]:
    """Rows of a table in the order given."""
    return [to_row(entry) for entry in entries]


def setting_rows(settings: Iterable[SharedSetting]) -> list[Row]:
    """One row for each unit that uses a shared setting."""
    return [
        {"setting_id": setting.setting_id, "kind": setting.kind.value, "unit_id": unit_id}
        for setting in settings
        for unit_id in sorted(setting.unit_ids)
    ]


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return value is None


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    return value


def header(name: str, description: str, **choices: Any) -> Document:
    """Head of a document; empty choices are left out."""
    head: Document = {
        "schema_version": 1,
        "name": name,
        "description": description,
        "day": DAY.isoformat(),
        "legal_profile": "coe_base",
        "policy": "dispersal",
        "contact_weights": "default",
        "synthetic": True,
    }
    head.update({key: value for key, value in choices.items() if value})
    return head


def copy_document(document: Mapping[str, Any]) -> Document:
    """A copy whose tables and rows may be changed."""
    return {
        key: [dict(row) if isinstance(row, dict) else row for row in value]
        if isinstance(value, list)
        else value
        for key, value in document.items()
    }
