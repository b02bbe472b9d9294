"""Version 1 of the scenario document: the schema of everything that is read.

docs/scenario-format.md describes it in words.
"""

from typing import Any, Literal

from allocator.prepare.wire_rows import (
    AuthorityRow,
    CellRow,
    ComplaintRow,
    ContactRow,
    FindingRow,
    FreezeRow,
    InfluenceEdgeRow,
    LockRow,
    MembershipRow,
    NonAssociationRow,
    PersonRow,
    ProtectionNeedRow,
    RivalryRow,
    SettingRow,
    StablePairRow,
    TransferPairRow,
    UnitRow,
    VirtualPlaceRow,
)
from allocator.prepare.wire_settings import ContactWeightsChoice, PolicyChoice, ProfileChoice
from allocator.prepare.wire_types import Count, Day, Id, Prose, Text, Wire


class ScenarioHeader(Wire):
    """The keys of `scenario.yaml`."""

    schema_version: Literal[1]
    name: Text
    description: Prose = ""
    day: Day
    legal_profile: ProfileChoice = "coe_base"
    policy: PolicyChoice = "status_quo"
    contact_weights: ContactWeightsChoice = "default"
    max_moves: Count | None = None
    max_moves_per_facility: Count | None = None
    max_moves_per_wing: Count | None = None
    dedicated_units: frozenset[Id] = frozenset()
    satellite_facilities: frozenset[Id] = frozenset()
    synthetic: bool = False
    sources: tuple[Prose, ...] = ()


class ScenarioDocument(ScenarioHeader):
    """A whole scenario as one JSON document: the header's keys and one array per table."""

    units: tuple[UnitRow, ...]
    cells: tuple[CellRow, ...]
    people: tuple[PersonRow, ...]
    virtual_places: tuple[VirtualPlaceRow, ...] = ()
    settings: tuple[SettingRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    transfer_pairs: tuple[TransferPairRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    authorities: tuple[AuthorityRow, ...] = ()
    freezes: tuple[FreezeRow, ...] = ()
    non_associations: tuple[NonAssociationRow, ...] = ()
    keep_apart_memberships: tuple[MembershipRow, ...] = ()
    group_rivalries: tuple[RivalryRow, ...] = ()
    protection_needs: tuple[ProtectionNeedRow, ...] = ()
    stable_pairs: tuple[StablePairRow, ...] = ()
    influence_edges: tuple[InfluenceEdgeRow, ...] = ()
    locks: tuple[LockRow, ...] = ()
    complaints: tuple[ComplaintRow, ...] = ()


def scenario_json_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of the scenario document."""
    return ScenarioDocument.model_json_schema()
