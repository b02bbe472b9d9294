"""What is said of an urgent placement: offers, cells that are closed, the nearest step (R59)."""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.explain.entry import Source
from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach, Derogation
from allocator.model.vocabulary import ExposureKind, Tier


@dataclass(frozen=True, slots=True)
class Share:
    """Points that the placement adds to a tier by one rule or goal; never 0, negative is better."""

    tier: Tier
    source: Source
    points: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A derogable rule that the person's being in the cell breaks.

    `points` count against the person's being nowhere, so that a derogation that is signed for the
    present cell has to be signed anew for another one.
    """

    rule: RuleId
    points: int
    signed_by: str


@dataclass(frozen=True, slots=True)
class Space:
    """Room in a cell, now and with the person; capacities in places, area in m².

    `hard_floor_places`, `warning_floor_places` : people whom the area allows at the profile's space
    floors; None where the area is unknown.
    """

    held_before: int
    held_after: int
    taken_before: int
    taken_after: int
    cna: int
    working_capacity: int
    max_capacity: int
    area_m2: float | None
    hard_floor_places: int | None
    warning_floor_places: int | None

    @property
    def area_m2_per_place(self) -> float | None:
        """Area for each place taken with the person in the cell; None where unknown."""
        return None if self.area_m2 is None else self.area_m2 / max(self.taken_after, 1)

    @property
    def floor_broken(self) -> str:
        """The space floor that is not kept: "hard", "warning" or ""."""
        for name, places in (
            ("hard", self.hard_floor_places),
            ("warning", self.warning_floor_places),
        ):
            if places is not None and self.taken_after > places:
                return name
        return ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One lawful cell; changes are against the present, where the person is where they are.

    Parameters
    ----------
    rank : 1 for the best. equals : lawful cells, this one included, with the same tier changes.
    tiers, exposure : change of every tier in the scenario's order, and of points × contact by kind.
    shares : what makes up the changes of the tiers.
    signatures : derogations to be signed before the person may be there.
    derogations, conflicts, notes : breaches that the judge finds and would not find with the
        person nowhere: to be signed, priced, only reported. Empty until the answer is checked.
    """

    rank: int
    cell_id: str
    wing_id: str
    landing_id: str
    equals: int
    tiers: Mapping[Tier, int]
    exposure: Mapping[ExposureKind, int]
    shares: tuple[Share, ...]
    signatures: tuple[Signature, ...]
    space: Space
    derogations: tuple[Derogation, ...] = ()
    conflicts: tuple[Derogation, ...] = ()
    notes: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherCell:
    """A cell that is not offered: its rank among the lawful ones, or the rules that close it.

    `is_present` : the person is in it; it then has no rank.
    """

    cell_id: str
    rank: int | None
    closed_by: tuple[RuleId, ...]
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class NearestCell:
    """Where no cell is lawful: the cell that the fewest hard rules close, then the cheapest.

    `cells` : how many cells exactly these rules close. `in_use` : False for cells that nobody may
    use at all at present.
    """

    cell_id: str
    closed_by: tuple[RuleId, ...]
    cells: int
    in_use: bool
    tiers: Mapping[Tier, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an urgent placement may be; nobody else moves.

    Parameters
    ----------
    present_place : cell or virtual place, None for an arrival without one.
    lawful : lawful cells but the present one; unsigned : those of them without any derogation.
    closed_by : cells that each hard rule closes.
    others : every cell that is not offered, in the estate's order.
    nearest : set where no cell is lawful and some cell may be named as a step.
    is_checked : the judge has confirmed every offer.
    """

    person_id: str
    present_place: str | None
    cells: int
    lawful: int
    unsigned: int
    offers: tuple[Offer, ...]
    others: tuple[OtherCell, ...]
    closed_by: Mapping[RuleId, int]
    nearest: NearestCell | None
    is_checked: bool = False
