"""What a synthetic estate is made of: frozen specifications, one per facility of the table.

A specification holds the numbers of the facility's row in the scenario table (places, people
held, roles, keep-apart pairs, places out of use); everything else follows from shared code.
"""

from dataclasses import dataclass, field

from allocator.model.vocabulary import (
    LegalCategory,
    SecurityCategory,
    Sex,
    SpecialistCellType,
    UsedFor,
)

REMAND, SENTENCED = LegalCategory.REMAND, LegalCategory.SENTENCED


@dataclass(frozen=True, slots=True)
class Rooms:
    """A number of like cells.

    Parameters
    ----------
    places : working capacity of each; `certified`, `maximum` are the same unless given.
    area_m2 : smallest and largest floor area; 4 to 5 m² a place when None (6 to 8 m² for one).
    """

    count: int
    places: int
    maximum: int | None = None
    certified: int | None = None
    area_m2: tuple[float, float] | None = None
    types: frozenset[SpecialistCellType] = frozenset()


@dataclass(frozen=True, slots=True)
class Regime:
    """Severity and hours of a unit; the default is an ordinary wing (P36)."""

    level: int = 1
    unlock_hours: float = 5.0
    contact_hours: float = 4.0


SEGREGATION = Regime(3, 2.0, 2.0)


@dataclass(frozen=True, slots=True)
class Wing:
    """One wing and the people it is for.

    Parameters
    ----------
    rooms : the wing's cells in order, split evenly over `landings`.
    purpose : standard, juvenile, healthcare, or the kind of authority that opens the wing.
    held : people held here for the purpose, when it is not standard or juvenile.
    segregation_rooms : how many of the last cells form a small segregation landing.
    """

    name: str
    rooms: tuple[Rooms, ...]
    landings: int = 1
    legal: LegalCategory = SENTENCED
    purpose: UsedFor = UsedFor.STANDARD
    held: int = 0
    regime: Regime = field(default_factory=Regime)
    sealed: bool = False
    category: SecurityCategory | None = None
    segregation_rooms: int = 0

    @property
    def places(self) -> int:
        """Working places in the plan of the wing, in use or not."""
        return sum(rooms.count * rooms.places for rooms in self.rooms)


@dataclass(frozen=True, slots=True)
class Roles:
    """People with a VEO link: leaders, recruiters, followers and vulnerable people (P30)."""

    leaders: int = 0
    recruiters: int = 0
    followers: int = 0
    vulnerable: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.leaders + self.recruiters + self.followers + self.vulnerable


@dataclass(frozen=True, slots=True)
class Site:
    """One prison: its wings and how many people of each kind it holds.

    Parameters
    ----------
    remand, sentenced : adults held. juveniles : children held, all in the juvenile wing.
    segregated : people in the segregation landings. mothers : women with a baby.
    shut : the whole site is out of use.
    """

    site_id: str
    wings: tuple[Wing, ...]
    remand: int = 0
    sentenced: int = 0
    juveniles: int = 0
    roles: Roles = field(default_factory=Roles)
    segregated: int = 0
    mothers: int = 0
    home_area: str | None = None
    shut: bool = False

    @property
    def held(self) -> int:
        """Everyone held."""
        return self.remand + self.sentenced + self.juveniles


@dataclass(frozen=True, slots=True)
class Facility:
    """One row of the scenario table.

    Parameters
    ----------
    young : people of 18 to 20. keep_apart_pairs : non-associations and pairs of rivals together.
    rival_share : share of these pairs that come from rival groups.
    out_of_use : share of places, among cells for sentenced people unless `out_anywhere`.
    buffer_places : kept empty for swaps.
    high_risk_share : people with a high sharing risk (P34); lower where the rooms are shared
        ones only and such people would be held elsewhere.
    tie_share : share of people among whom ordinary ties are recorded.
    designated : wings carry their legal category as a designation.
    closed : pairs of sites between which the law allows no transfer.
    policy : the preset that fits what the facility is for.
    """

    name: str
    title: str
    grounded_in: str
    sites: tuple[Site, ...]
    young: int = 0
    rival_groups: int = 0
    keep_apart_pairs: int = 0
    rival_share: float = 0.4
    protection_needs: int | None = None
    out_of_use: float = 0.0
    out_anywhere: bool = False
    buffer_places: int = 0
    high_risk_share: float = 0.10
    tie_share: float = 0.5
    designated: bool = False
    sex: Sex = Sex.MALE
    category: SecurityCategory = SecurityCategory.B
    dedicated: tuple[str, ...] = ()
    satellites: tuple[str, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()
    policy: str = "dispersal"
    notes: str = ""

    @property
    def held(self) -> int:
        """Everyone held."""
        return sum(site.held for site in self.sites)
