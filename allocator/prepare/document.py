"""A scenario as its JSON document: sorted, without default values, the same for equal scenarios."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from allocator.model.estate import SharedSetting
from allocator.model.scenario import Scenario
from allocator.prepare.presets.describe import (
    describe_contact_weights,
    describe_policy,
    describe_profile,
)
from allocator.prepare.table_specs import Column, tables

_HEADER_COUNTS = ("max_moves", "max_moves_per_facility", "max_moves_per_wing")
_ADDED = {"locks", "complaints"}  # left out while empty, so that older scenarios keep their hash
_ESTATE_TABLES = {"units", "cells", "virtual_places", "settings", "contacts", "transfer_pairs"}


def scenario_document(scenario: Scenario) -> dict[str, Any]:
    """The JSON document that reads back as the scenario.

    Where a document was read says nothing: `synthetic` and `sources`, which no plan depends on,
    are not kept.
    """
    document: dict[str, Any] = {
        "schema_version": 1,
        "name": scenario.name,
        "description": scenario.description,
        "day": scenario.day.isoformat(),
        "legal_profile": describe_profile(scenario.profile),
        "policy": describe_policy(scenario.policy),
        "contact_weights": describe_contact_weights(scenario.contact_weights),
    }
    for key in _HEADER_COUNTS:
        if getattr(scenario, key) is not None:
            document[key] = getattr(scenario, key)
    document["dedicated_units"] = sorted(scenario.dedicated_units)
    document["satellite_facilities"] = sorted(scenario.satellite_facilities)
    for name, table in tables().items():
        if name in _ADDED and not getattr(scenario, name):
            continue
        holder = scenario.estate if name in _ESTATE_TABLES else scenario
        items = getattr(holder, name)
        if name == "settings":
            document[name] = _setting_rows(items)
        else:
            document[name] = [_row(item, table.columns) for item in items]
    return document


def content_hash(scenario: Scenario) -> str:
    """SHA-256 of the canonical JSON document."""
    document = scenario_document(scenario)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _setting_rows(settings: Iterable[SharedSetting]) -> list[dict[str, Any]]:
    return [
        {"setting_id": setting.setting_id, "kind": setting.kind.value, "unit_id": unit_id}
        for setting in settings
        for unit_id in sorted(setting.unit_ids)
    ]


def _row(item: object, columns: Mapping[str, Column]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, column in columns.items():
        value = getattr(item, name)
        if column.required or value != column.default:
            row[name] = _plain(value)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(str(part) for part in value)
    return value.isoformat() if isinstance(value, date) else value
