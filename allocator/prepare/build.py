"""Checked wire rows as the frozen scenario of `allocator.model`, sorted by id."""

from collections.abc import Callable
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from allocator.model.complaints import Complaint
from allocator.model.estate import (
    Cell,
    ContactEntry,
    Estate,
    SharedSetting,
    TransferPair,
    Unit,
    VirtualPlace,
)
from allocator.model.locks import Lock
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
from allocator.prepare.table_specs import tables
from allocator.prepare.wire_types import Wire
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
        locks=_sorted(checked, "locks", Lock),
        complaints=_sorted(checked, "complaints", Complaint),
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
    """Rows by their required columns; the few that are equal there by all their columns."""
    key = attrgetter(*tables()[table].required)
    rows = sorted((row for _, row in checked[table]), key=key)
    made: list[Item] = []
    for _, run in groupby(rows, key):
        equal = list(run)
        if equal[1:]:
            equal.sort(key=_row_key)
        made.extend(make(**vars(row)) for row in equal)
    return tuple(made)


def _row_key(row: Wire) -> tuple[tuple[bool, str], ...]:
    """Any total order over rows; empty values last."""
    return tuple((value is None, str(value)) for value in vars(row).values())


def _settings(checked: Checked) -> tuple[SharedSetting, ...]:
    units: dict[tuple[str, SharedSettingKind], set[str]] = {}
    for _, row in checked["settings"]:
        units.setdefault((row.setting_id, row.kind), set()).add(row.unit_id)
    return tuple(
        SharedSetting(setting_id, kind, frozenset(units[setting_id, kind]))
        for setting_id, kind in sorted(units)
    )
