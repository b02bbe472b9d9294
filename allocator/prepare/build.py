"""Checked wire rows as the frozen scenario of `allocator.model`, sorted by id."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from allocator.model.estate import (
    Cell,
    ContactEntry,
    Estate,
    SharedSetting,
    TransferPair,
    Unit,
    VirtualPlace,
)
from allocator.model.person import Authority, Freeze, Person, PlacementFinding
from allocator.model.policy import ContactWeights, Policy
from allocator.model.profile import LegalProfile
from allocator.model.relations import (
    GroupRivalry,
    InfluenceEdge,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
    StablePair,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import SharedSettingKind
from allocator.prepare.checked import Checked
from allocator.prepare.wire_v1 import ScenarioHeader

Item = TypeVar("Item")


def build_scenario(
    header: ScenarioHeader,
    checked: Checked,
    profile: LegalProfile,
    policy: Policy,
    weights: ContactWeights,
) -> Scenario:
    """The scenario of rows that have passed every check; `content_hash` is still empty."""
    return Scenario(
        name=header.name,
        description=header.description,
        day=header.day,
        estate=_estate(checked),
        people=_keyed(checked, "people", Person, "person_id"),
        findings=_sorted(checked, "findings", PlacementFinding),
        authorities=_keyed(checked, "authorities", Authority, "authority_id"),
        freezes=_sorted(checked, "freezes", Freeze),
        non_associations=_sorted(checked, "non_associations", NonAssociation),
        keep_apart_memberships=_sorted(checked, "keep_apart_memberships", KeepApartMembership),
        group_rivalries=_sorted(checked, "group_rivalries", GroupRivalry),
        protection_needs=_sorted(checked, "protection_needs", ProtectionNeed),
        stable_pairs=_sorted(checked, "stable_pairs", StablePair),
        influence_edges=_sorted(checked, "influence_edges", InfluenceEdge),
        profile=profile,
        policy=policy,
        contact_weights=weights,
        max_moves=header.max_moves,
        max_moves_per_facility=header.max_moves_per_facility,
        max_moves_per_wing=header.max_moves_per_wing,
        dedicated_units=header.dedicated_units,
        satellite_facilities=header.satellite_facilities,
    )


def _estate(checked: Checked) -> Estate:
    return Estate(
        units=_keyed(checked, "units", Unit, "unit_id"),
        cells=_keyed(checked, "cells", Cell, "cell_id"),
        virtual_places=_keyed(checked, "virtual_places", VirtualPlace, "place_id"),
        settings=_settings(checked),
        contacts=_sorted(checked, "contacts", ContactEntry),
        transfer_pairs=_sorted(checked, "transfer_pairs", TransferPair),
    )


def _keyed(checked: Checked, table: str, make: Callable[..., Item], key: str) -> tuple[Item, ...]:
    rows = sorted((row for _, row in checked[table]), key=lambda row: str(getattr(row, key)))
    return tuple(make(**vars(row)) for row in rows)


def _sorted(checked: Checked, table: str, make: Callable[..., Item]) -> tuple[Item, ...]:
    rows = sorted((vars(row) for _, row in checked[table]), key=_row_key)
    return tuple(make(**row) for row in rows)


def _row_key(row: dict[str, Any]) -> tuple[tuple[bool, str | int], ...]:
    """All values in column order: texts and dates as text, numbers as numbers, empty ones last."""
    return tuple((value is None, _comparable(value)) for value in row.values())


def _comparable(value: Any) -> str | int:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def _settings(checked: Checked) -> tuple[SharedSetting, ...]:
    units: dict[tuple[str, SharedSettingKind], set[str]] = {}
    for _, row in checked["settings"]:
        units.setdefault((row.setting_id, row.kind), set()).add(row.unit_id)
    return tuple(
        SharedSetting(setting_id, kind, frozenset(units[setting_id, kind]))
        for setting_id, kind in sorted(units)
    )
