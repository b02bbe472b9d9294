"""People who arrive: twelve in a night, or somebody back from another prison's unit."""

from collections import Counter
from datetime import date, timedelta

from numpy.random import Generator

from allocator.errors import ConfigError
from allocator.model.vocabulary import (
    AuthorityKind,
    FindingKind,
    LegalCategory,
    NetworkRole,
    VeoStatus,
    VirtualPlaceKind,
)
from allocator.simulate.records import GROUNDS
from allocator.simulate.rows import Document, Row
from allocator.simulate.tree import Tree, read_tree

ARRIVALS, VEO_ARRIVALS, UNASSESSED_ARRIVALS, FIRST_TIME_ARRIVALS = 12, 2, 2, 5
FIRST_ARRIVAL_NUMBER = 90001
RETURN_AFTER_DAYS = 13
ORDINARY_CEILING = 2
COPIED = ("sex", "age_years", "legal_category", "security_category", "home_area")


def arrive(document: Document, rng: Generator) -> str:
    """Twelve people in the reception of the largest facility, two of them with VEO status."""
    tree = read_tree(document)
    site = _largest_site(document, tree)
    reception, like = _reception(document, site), _adults(document, site)
    for number, k in enumerate(rng.choice(len(like), size=ARRIVALS, replace=len(like) < ARRIVALS)):
        person = _arrival(document, like[int(k)], number, reception)
        document["people"].append(person)
        _authorise(document, tree, site, person, number)
    _name_recruiter(document)
    return (
        f"{ARRIVALS} people arrived in the night at {site}, {VEO_ARRIVALS} of them with VEO "
        f"status, {UNASSESSED_ARRIVALS} without a sharing assessment."
    )


def come_back(document: Document, rng: Generator) -> str:
    """Somebody held in another prison's unit is back in reception: the authority has expired."""
    site = _largest_site(document, read_tree(document))
    like = _adults(document, site)
    person = _arrival(
        document, like[int(rng.integers(len(like)))], ARRIVALS, _reception(document, site)
    )
    person["sharing_assessed_at"] = document["day"]
    yesterday = date.fromisoformat(document["day"]) - timedelta(days=1)
    document["people"].append(person)
    document["authorities"].append(
        {
            "authority_id": f"A{FIRST_ARRIVAL_NUMBER:05d}",
            "person_id": person["person_id"],
            "kind": AuthorityKind.SEGREGATION.value,
            "issued_by": "prison_governor",
            "issued_at": (yesterday - timedelta(days=RETURN_AFTER_DAYS)).isoformat(),
            "review_by": yesterday.isoformat(),
            "expires_at": yesterday.isoformat(),
            "grounds": GROUNDS,
            "regime_level": ORDINARY_CEILING + 1,
            "medical_considered": True,
            "medical_considered_at": yesterday.isoformat(),
        }
    )
    return (
        f"authority A{FIRST_ARRIVAL_NUMBER:05d} for another prison's unit expired yesterday; the "
        "person it named is back in reception."
    )


def _reception(document: Document, site: str) -> str:
    return next(
        str(place["place_id"])
        for place in document["virtual_places"]
        if place["facility_id"] == site and place["kind"] == VirtualPlaceKind.RECEPTION
    )


def _adults(document: Document, site: str) -> list[Row]:
    """Adults of a facility without care needs, whose records new people resemble."""
    return [
        person
        for person in document["people"]
        if person["age_years"] >= 18
        and "needs" not in person
        and str(person.get("current_place", "")).startswith(f"{site}-")
    ]


def _largest_site(document: Document, tree: Tree) -> str:
    """The facility with most people in its cells.

    Raises
    ------
    ConfigError
        If nobody is in a cell.
    """
    site_of = {c["cell_id"]: tree.facility_id(c["parent_id"]) for c in document["cells"]}
    counts = Counter(
        site_of[person["current_place"]]
        for person in document["people"]
        if person.get("current_place") in site_of
    )
    if not counts:
        raise ConfigError("Nobody is in a cell yet: there is nobody whom arrivals could be like.")
    return max(sorted(counts), key=lambda site: counts[site])


def _arrival(document: Document, like: Row, number: int, reception: str) -> Row:
    """A new person with the age, legal and security category of somebody already there."""
    person: Row = {key: like[key] for key in COPIED if key in like}
    person |= {
        "person_id": f"P{FIRST_ARRIVAL_NUMBER + number:05d}",
        "arrived_at": document["day"],
        "current_place": reception,
    }
    if number < VEO_ARRIVALS:
        remand = like["legal_category"] == LegalCategory.REMAND
        person["veo_status"] = (VeoStatus.CHARGED if remand else VeoStatus.CONVICTED).value
    elif number < VEO_ARRIVALS + FIRST_TIME_ARRIVALS:
        person["first_time"] = True
    if number < ARRIVALS - UNASSESSED_ARRIVALS:
        person["sharing_assessed_at"] = document["day"]
    return person


def _name_recruiter(document: Document) -> None:
    """One of the two VEO arrivals has a recorded role in a network that is already there."""
    networks = sorted({f["network_id"] for f in document["findings"] if f.get("network_id")})
    day = date.fromisoformat(document["day"])
    finding: Row = {
        "person_id": f"P{FIRST_ARRIVAL_NUMBER:05d}",
        "kind": FindingKind.NETWORK_ROLE.value,
        "value": NetworkRole.RECRUITER.value,
        "tool": "structured professional judgement",
        "assessor_role": "assessment_team",
        "assessed_at": day.isoformat(),
        "valid_until": (day + timedelta(days=180)).isoformat(),
        "evidence_ref": "E-arrival",
    }
    if networks:
        finding["network_id"] = networks[0]
    document["findings"].append(finding)


def _authorise(document: Document, tree: Tree, site: str, person: Row, number: int) -> None:
    """Where every unit needs an authority, people arrive with one."""
    landings = {
        c["parent_id"] for c in document["cells"] if tree.facility_id(c["parent_id"]) == site
    }
    levels = [tree.inherited(landing, "regime_level") or 0 for landing in sorted(landings)]
    if min(levels) <= ORDINARY_CEILING:
        return
    uses = tree.inherited(min(landings), "used_for") or ()
    kind = next(AuthorityKind(use) for use in uses if use in set(AuthorityKind))
    day = date.fromisoformat(document["day"])
    document["authorities"].append(
        {
            "authority_id": f"A{FIRST_ARRIVAL_NUMBER + number:05d}",
            "person_id": person["person_id"],
            "kind": kind.value,
            "issued_by": "minister_of_justice",
            "issued_at": day.isoformat(),
            "review_by": (day + timedelta(days=60)).isoformat(),
            "expires_at": (day + timedelta(days=80)).isoformat(),
            "grounds": GROUNDS,
            "regime_level": max(levels),
            "medical_considered": True,
            "medical_considered_at": day.isoformat(),
        }
    )
