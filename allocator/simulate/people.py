"""People of a site with traits sampled from the joint table.

Everyone is synthetic; ids are pseudonyms. What follows from a person's place and role is given
out in `allocator.simulate.assign`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numpy.random import Generator

from allocator.model.vocabulary import (
    Grade,
    LegalCategory,
    NetworkRole,
    SecurityCategory,
    Sex,
    SpecialistCellType,
    UsedFor,
    VeoStatus,
)
from allocator.simulate.custody import CATEGORY_OF_LEVEL, Traits, sample_traits
from allocator.simulate.spec import Facility, Site

if TYPE_CHECKING:
    from allocator.simulate.before import CellState

ADULT_AGE, YOUNG_UNTIL, NEWCOMER_DAYS = 18, 20, 60
LEADING = frozenset({NetworkRole.LEADER, NetworkRole.RECRUITER})
INFLUENTIAL = LEADING | {NetworkRole.ENFORCER}


@dataclass(slots=True, eq=False)
class Draft:
    """A person while the scenario is being made.

    Parameters
    ----------
    purpose : the kind of unit the person is held in. alone : high or unknown sharing risk.
    cell : where the person is in the "before" placement, None in reception.
    """

    site_id: str
    sex: Sex
    age: int
    legal: LegalCategory
    traits: Traits
    stay_days: int
    category: SecurityCategory
    person_id: str = ""
    purpose: UsedFor = UsedFor.STANDARD
    role: NetworkRole = NetworkRole.UNKNOWN
    network: str | None = None
    receptivity: Grade = Grade.UNKNOWN
    veo: VeoStatus = VeoStatus.NONE
    alone: bool = False
    assessed: bool = True
    vulnerable: bool = False
    first_time: bool = False
    places: int = 1
    placed_days: int = 0
    needs: frozenset[SpecialistCellType] = frozenset()
    cell: "CellState | None" = field(default=None, repr=False)

    @property
    def leading(self) -> bool:
        """Leader or recruiter."""
        return self.role in LEADING

    @property
    def receptive(self) -> bool:
        """Receptivity recorded as moderate or high."""
        return self.receptivity in {Grade.MODERATE, Grade.HIGH}

    @property
    def newcomer(self) -> bool:
        """Within the newcomer window."""
        return self.stay_days <= NEWCOMER_DAYS

    @property
    def receptive_or_new(self) -> bool:
        """Receptive, or a newcomer of unknown receptivity (R18)."""
        return self.receptive or (self.receptivity is Grade.UNKNOWN and self.newcomer)

    @property
    def young(self) -> bool:
        """Adult of 18 to 20."""
        return ADULT_AGE <= self.age <= YOUNG_UNTIL


def draw_people(facility: Facility, site: Site, young: int, rng: Generator) -> list[Draft]:
    """Everyone a site holds, in random order, with traits only."""
    adults = site.remand + site.sentenced
    young_remand = round(young * site.remand / max(adults, 1))
    people: list[Draft] = []
    for legal, held, of_young in (
        (LegalCategory.REMAND, site.remand, young_remand),
        (LegalCategory.SENTENCED, site.sentenced, young - young_remand),
    ):
        people += _draw_adults(facility, site, legal, (of_young, held - of_young), rng)
    people += _draw_children(facility, site, rng)
    return [people[int(k)] for k in rng.permutation(len(people))]


def _draw_adults(
    facility: Facility, site: Site, legal: LegalCategory, counts: tuple[int, int], rng: Generator
) -> list[Draft]:
    """Young and older adults of one legal category, `counts` of each."""
    traits = [
        trait
        for count, young in zip(counts, (True, False), strict=True)
        for trait in sample_traits(count, legal, rng, young=young)
    ]
    return [
        Draft(
            site.site_id,
            facility.sex,
            trait.draw_age(rng),
            legal,
            trait,
            trait.draw_stay_days(rng),
            max(CATEGORY_OF_LEVEL[trait.custody_level], facility.category),
        )
        for trait in traits
    ]


def _draw_children(facility: Facility, site: Site, rng: Generator) -> list[Draft]:
    """Children take the traits of young adults but for their age; the lowest category."""
    wing = next((w for w in site.wings if w.purpose is UsedFor.JUVENILE), None)
    if wing is None:
        return []
    return [
        Draft(
            site.site_id,
            facility.sex,
            int(rng.integers(15, ADULT_AGE)),
            wing.legal,
            trait,
            min(trait.draw_stay_days(rng), 400),
            max(SecurityCategory.C, facility.category),
            purpose=UsedFor.JUVENILE,
        )
        for trait in sample_traits(site.juveniles, wing.legal, rng, young=True)
    ]


def pick(people: Sequence[Draft], count: int, rng: Generator) -> list[Draft]:
    """`count` different people at random, fewer if there are fewer."""
    chosen = rng.choice(len(people), size=min(count, len(people)), replace=False) if people else ()
    return [people[int(k)] for k in chosen]
