"""Who is held where and in which role: purposes, needs, roles, receptivity, sharing risk.

Shares come from the parameters of the domain brief: sharing risk (P34), receptive people (P31).
"""

from collections.abc import Iterable

import numpy as np
from numpy.random import Generator

from allocator.model.vocabulary import (
    Grade,
    LegalCategory,
    NetworkRole,
    SpecialistCellType,
    UsedFor,
    VeoStatus,
)
from allocator.simulate.people import (
    ADULT_AGE,
    INFLUENTIAL,
    NEWCOMER_DAYS,
    YOUNG_UNTIL,
    Draft,
    pick,
)
from allocator.simulate.spec import Facility, Roles, Site

RECEPTIVE_SHARE, ASSESSED_LOW_SHARE = 0.05, 0.08
ENFORCER_SHARE, MENTOR_SHARE = 0.004, 0.015
UNASSESSED_SHARE, ACCESSIBLE_SHARE = 0.1, 0.01
FIRST_TIME_OF_NEWCOMERS = 0.35
RESTRICTIVE = frozenset(
    {UsedFor.ASSESSMENT, UsedFor.INTERVENTION, UsedFor.SEPARATION, UsedFor.HIGH_SECURITY}
)


def assign_everything(facility: Facility, site: Site, people: list[Draft], rng: Generator) -> None:
    """Give the people of a site their purposes, needs, roles, findings and sharing risk."""
    _assign_purposes(site, people, rng)
    _assign_needs(site, people, rng)
    _assign_roles(site, people, rng)
    for person in people:
        if person.role is NetworkRole.LEADER:
            person.category = facility.category
    _assign_receptivity(people, rng)
    _assign_sharing_risk(facility, people, rng)
    for person in people:
        person.first_time = (
            person.newcomer
            and person.role not in INFLUENTIAL
            and bool(rng.random() < FIRST_TIME_OF_NEWCOMERS)
        )


def _free(people: Iterable[Draft]) -> list[Draft]:
    """Adults without a purpose or a role, 21 or older."""
    return [
        person
        for person in people
        if person.purpose is UsedFor.STANDARD
        and person.role is NetworkRole.UNKNOWN
        and person.veo is VeoStatus.NONE
        and person.age > YOUNG_UNTIL
    ]


def _assign_purposes(site: Site, people: list[Draft], rng: Generator) -> None:
    """Choose who is in healthcare, in a unit that needs an authority, or in segregation."""
    for wing in site.wings:
        if not wing.held:
            continue
        flagged = wing.purpose is UsedFor.HEALTHCARE
        candidates = [p for p in _free(people) if p.legal is wing.legal]
        likely = [p for p in candidates if p.traits.mental_observation or not flagged]
        everyone = [p for p in people if p.legal is wing.legal and p.purpose is UsedFor.STANDARD]
        pool = likely if len(likely) >= wing.held else everyone
        for person in pick(pool, wing.held, rng):
            person.purpose = wing.purpose
    for wing in site.wings:
        if wing.segregation_rooms:
            candidates = [p for p in _free(people) if p.legal is wing.legal and p.traits.infraction]
            for person in pick(candidates, site.segregated, rng):
                person.purpose = UsedFor.SEGREGATION


def _assign_needs(site: Site, people: list[Draft], rng: Generator) -> None:
    """Some need an accessible cell, no more than one a wing; mothers have a baby with them."""
    for legal in LegalCategory:
        wings = [w for w in site.wings if w.legal is legal and w.purpose is UsedFor.STANDARD]
        free = [p for p in _free(people) if p.legal is legal]
        count = min(len(wings), round(ACCESSIBLE_SHARE * len(free)))
        for person in pick(free, count, rng):
            person.needs = frozenset({SpecialistCellType.ACCESSIBLE_CELL})
    babies = [p for p in _free(people) if p.legal is LegalCategory.SENTENCED and not p.needs]
    for person in pick(babies, site.mothers, rng):
        person.needs = frozenset({SpecialistCellType.MOTHER_AND_BABY})
        person.places = 2
        person.age = 21 + person.age % 20


def _assign_roles(site: Site, people: list[Draft], rng: Generator) -> None:
    """VEO-linked roles: people in restrictive units first, then among the ordinary ones."""
    inside = [p for p in people if p.purpose in RESTRICTIVE]
    remand_share = site.remand / max(site.held, 1)
    outside = [
        p
        for p in _free(people)
        if (remand_share >= 0.4 or p.legal is LegalCategory.SENTENCED) and not p.needs
    ]
    chosen = (inside + pick(outside, len(outside), rng))[: site.roles.total]
    for person, role in zip(chosen, _shuffled_roles(site.roles, rng), strict=True):
        person.role = role
        if role is NetworkRole.UNKNOWN:
            person.receptivity = Grade.HIGH if rng.random() < 0.6 else Grade.MODERATE
            person.veo = VeoStatus.MONITORED
        elif person.legal is LegalCategory.REMAND:
            person.veo = VeoStatus.CHARGED
        else:
            person.veo = VeoStatus.CONVICTED
    ordinary = [p for p in _free(people) if not p.needs]
    offenders = [p for p in ordinary if p.traits.infraction and p.stay_days > NEWCOMER_DAYS]
    in_gangs = [p for p in offenders if p.traits.gang_flag]
    for person in pick(in_gangs or offenders, round(ENFORCER_SHARE * len(ordinary)), rng):
        person.role = NetworkRole.ENFORCER
    settled = [p for p in _free(people) if p.age >= 30 and p.stay_days > 180 and not p.needs]
    for person in pick(settled, round(MENTOR_SHARE * len(ordinary)), rng):
        person.role = NetworkRole.MENTOR


def _shuffled_roles(roles: Roles, rng: Generator) -> list[NetworkRole]:
    """The roles to give out in random order; vulnerable people have no role."""
    listed = (
        [NetworkRole.LEADER] * roles.leaders
        + [NetworkRole.RECRUITER] * roles.recruiters
        + [NetworkRole.FOLLOWER] * roles.followers
        + [NetworkRole.UNKNOWN] * roles.vulnerable
    )
    return [listed[int(k)] for k in rng.permutation(len(listed))]


def _assign_receptivity(people: list[Draft], rng: Generator) -> None:
    """Findings of receptivity among ordinary people: 5 % moderate or high, some low."""
    ordinary = [
        p
        for p in people
        if p.veo is VeoStatus.NONE and p.role is NetworkRole.UNKNOWN and p.age >= ADULT_AGE
    ]
    receptive = round(RECEPTIVE_SHARE * len(ordinary))
    low = round(ASSESSED_LOW_SHARE * len(ordinary))
    for k, person in enumerate(pick(ordinary, receptive + low, rng)):
        if k >= receptive:
            person.receptivity = Grade.LOW
        else:
            person.receptivity = Grade.HIGH if rng.random() < 0.3 else Grade.MODERATE


def _assign_sharing_risk(facility: Facility, people: list[Draft], rng: Generator) -> None:
    """High sharing risk, likelier after infractions; one in ten of these is not yet assessed."""
    for legal in LegalCategory:
        group = [
            p
            for p in people
            if p.legal is legal
            and not p.needs
            and p.purpose in {UsedFor.STANDARD, UsedFor.HEALTHCARE}
        ]
        count = int(facility.high_risk_share * len(group))
        if not count:
            continue
        weights = np.array(
            [1 + 2 * p.traits.infraction + (p.traits.custody_level == "MAX") for p in group],
            dtype=np.float64,
        )
        chosen = rng.choice(len(group), size=count, replace=False, p=weights / weights.sum())
        for k in sorted(int(k) for k in chosen):
            group[k].alone = True
            group[k].assessed = not (group[k].newcomer and rng.random() < UNASSESSED_SHARE)
