"""What a solve returns: a place for everyone or a reason, values with bounds, and derogations."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from allocator.model.catalogue import RuleId
from allocator.model.vocabulary import ExposureKind, Tier


class Verdict(StrEnum):
    """What is known about a plan; an unfinished search is never "infeasible"."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    OUT_OF_TIME = "out_of_time"


class MadeBy(StrEnum):
    """How a plan came about; every way but the first and the last starts from another plan.

    `SEARCH` : from the present placement. `REVISION` : from the places of the last plan, kept where
    they can be. `STANDING` : the last plan as it is, since nothing has changed. `ONWARD` : a search
    that sets out from another plan and keeps nothing of it for its own sake. `NEAREST` : another
    plan without the moves that no safe order brings about. `URGENT` : the present placement with
    one person in a cell that an officer took; nothing was searched.
    """

    SEARCH = "search"
    REVISION = "revision"
    STANDING = "standing"
    ONWARD = "onward"
    NEAREST = "nearest"
    URGENT = "urgent"

    @property
    def begins_at_present(self) -> bool:
        """True where no other plan is started from."""
        return self in {MadeBy.SEARCH, MadeBy.URGENT}

    @property
    def revises(self) -> bool:
        """True where the plan started from is the plan revised."""
        return self in {MadeBy.REVISION, MadeBy.STANDING}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a person is and where the plan puts them; `cell_id` None is unplaced.

    `blocked_by` : for the unplaced, the rules that exclude cells with the number of cells each
    one excludes.
    `planned_place` : the cell of the last plan where this one revises it, None for none.
    """

    person_id: str
    from_place: str | None
    cell_id: str | None
    blocked_by: Mapping[RuleId, int]
    planned_place: str | None = None

    @property
    def is_move(self) -> bool:
        """True when the person had a place and the plan gives another."""
        return self.cell_id is not None and self.cell_id != self.from_place

    @property
    def is_departure(self) -> bool:
        """True when the last plan had a place for the person and this one gives another or none."""
        return self.planned_place is not None and self.cell_id != self.planned_place


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold in a placement, with the people and places concerned.

    Parameters
    ----------
    amount : size of the breach in the rule's own unit, at least 1 (see docs/rules.md).
    place : cell or unit id, "" when the breach has no place.
    """

    rule: RuleId
    person_ids: tuple[str, ...]
    place: str
    amount: int
    detail: str


@dataclass(frozen=True, slots=True)
class Derogation:
    """A breach that the legal profile lets a named person sign for."""

    breach: Breach
    price: int
    signed_by: str

    @property
    def points(self) -> int:
        """Points in the derogation tier."""
        return self.price * self.breach.amount


@dataclass(frozen=True, slots=True)
class TierValue:
    """Value of one tier with the best proven lower bound; None when no bound is known."""

    tier: Tier
    value: int
    bound: int | None


@dataclass(frozen=True, slots=True)
class ShortfallCause:
    """Places that unplaced people of one legal category need, and what denies them.

    `rules` : capacity alone where no place is left, so that the places are missing; else the
    fewest rules that close every place left; empty where the search did not place them.
    """

    category: str
    rules: tuple[RuleId, ...]
    places: int

    @property
    def is_room(self) -> bool:
        """True when the places are missing."""
        return self.rules == (RuleId.CAPACITY,)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to replay a plan (R48, R67).

    `revised_plan` : SHA-256 of the plan whose places this one keeps where it can, None for none.
    `started_from` : SHA-256 of the plan that this one was made from, None where `made_by` begins at
    the present placement.
    """

    scenario_hash: str
    profile: str
    profile_version: str
    policy: str
    policy_version: str
    contact_weights: str
    seed: int
    effort: str
    max_moves: int | None
    time_limit_seconds: float | None
    software_version: str
    solver_version: str
    revised_plan: str | None = None
    made_by: MadeBy = MadeBy.SEARCH
    started_from: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal; no move is executable until a named officer signs it (R50).

    `exposure`, `exposure_before` : points by kind times contact, support not yet subtracted.
    `shortfall` : places that unplaced people need per legal category; `shortfall_causes` splits it
    into places that are missing and people whom other rules keep out of places that are left.
    `conflicts` : the smallest set found of rules, people and cells that cannot hold together.
    """

    scenario_name: str
    verdict: Verdict
    placements: tuple[Placement, ...]
    tiers: tuple[TierValue, ...]
    derogations: tuple[Derogation, ...]
    exposure: Mapping[ExposureKind, int]
    exposure_before: Mapping[ExposureKind, int]
    shortfall: Mapping[str, int]
    conflicts: tuple["Conflict", ...]
    provenance: Provenance
    seconds: float = 0.0
    verified: bool = False
    shortfall_causes: tuple[ShortfallCause, ...] = ()

    @property
    def places_missing(self) -> dict[str, int]:
        """Places missing per legal category, for want of room alone."""
        return {cause.category: cause.places for cause in self.shortfall_causes if cause.is_room}

    @property
    def unplaced(self) -> tuple[Placement, ...]:
        """People without a place."""
        return tuple(p for p in self.placements if p.cell_id is None)

    @property
    def departures(self) -> tuple[Placement, ...]:
        """People who are not where the last plan wanted them; empty where none is revised."""
        return tuple(p for p in self.placements if p.is_departure)

    @property
    def moves(self) -> tuple[Placement, ...]:
        """People whose place changes, arrivals among them."""
        return tuple(p for p in self.placements if p.is_move)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A set of people, cells and rules that cannot hold together; smallest by deletion.

    `missing` : how many of the people cannot be placed in the cells, at least 1.
    `proof` : how it was re-proved ("maximum flow" or "CP-SAT").
    """

    rules: tuple[RuleId, ...]
    person_ids: tuple[str, ...]
    cell_ids: tuple[str, ...]
    missing: int
    proof: str
    words: str
