"""Version 1 of the plan document."""

from typing import Annotated, Literal

from pydantic import Field

from allocator.model.catalogue import RuleId
from allocator.model.plan import MadeBy, Verdict
from allocator.model.vocabulary import ExposureKind, Tier
from allocator.prepare.wire_types import Wire

Name = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=10_000)]
Amount = Annotated[int, Field(ge=1, le=10**15)]
Total = Annotated[int, Field(ge=-(10**18), le=10**18)]


class PlacementWire(Wire):
    """Where a person is and where the plan puts them; `cell_id` null is unplaced."""

    person_id: Name
    from_place: Name | None
    cell_id: Name | None
    blocked_by: dict[RuleId, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    planned_place: Name | None = None


class DerogationWire(Wire):
    """A breach that a named role signs for."""

    rule: RuleId
    person_ids: tuple[Name, ...]
    place: Name
    amount: Amount
    detail: Words
    price: Amount
    signed_by: Name


class TierValueWire(Wire):
    """Value of one tier with its best proven bound."""

    tier: Tier
    value: Total
    bound: Total | None


class ShortfallCauseWire(Wire):
    """Places that unplaced people of a category need and what denies them; R02 alone: missing."""

    category: Name
    rules: tuple[RuleId, ...]
    places: Amount


class ConflictWire(Wire):
    """People, cells and rules that cannot hold together."""

    rules: tuple[RuleId, ...]
    person_ids: tuple[Name, ...]
    cell_ids: tuple[Name, ...]
    missing: Amount
    proof: Name
    words: Words


class ProvenanceWire(Wire):
    """What is needed to replay a plan."""

    scenario_hash: Name
    profile: Name
    profile_version: Name
    policy: Name
    policy_version: Name
    contact_weights: Name
    seed: int
    effort: Name
    max_moves: int | None
    time_limit_seconds: float | None
    software_version: Name
    solver_version: Name
    revised_plan: Name | None = None
    made_by: MadeBy = MadeBy.SEARCH
    started_from: Name | None = None


class PlanDocument(Wire):
    """A plan; everything in it is the same for the same scenario, seed and version."""

    schema_version: Literal[1]
    scenario_name: Words
    verdict: Verdict
    verified: bool
    caveat: Words
    provenance: ProvenanceWire
    tiers: tuple[TierValueWire, ...]
    exposure: dict[ExposureKind, Total]
    exposure_before: dict[ExposureKind, Total]
    shortfall: dict[str, Annotated[int, Field(ge=0)]]
    shortfall_causes: tuple[ShortfallCauseWire, ...] = ()
    derogations: tuple[DerogationWire, ...]
    conflicts: tuple[ConflictWire, ...]
    placements: tuple[PlacementWire, ...]
