"""A whole scenario document from a facility's specification and a seed."""

from collections.abc import Sequence

import numpy as np

from allocator.model.vocabulary import VeoStatus
from allocator.simulate.assign import assign_everything
from allocator.simulate.before import list_cells, place_people
from allocator.simulate.edges import draw_edges, name_networks
from allocator.simulate.estate import Plan, build_estate
from allocator.simulate.people import Draft, draw_people
from allocator.simulate.records import Records, record_everything
from allocator.simulate.relations import Relations, draw_relations
from allocator.simulate.rows import Document, header, setting_rows, to_rows
from allocator.simulate.spec import Facility

SOURCES = (
    "Synthetic people; no row describes a real person.",
    "Joint attributes: counts of 10 and more derived from NYC Open Data, Daily Inmates In Custody.",
    "Ties: statistics of MacRae (1960) and of Rhodes and Jones (2009); no edges taken over.",
)


def build_facility(facility: Facility, seed: int) -> Document:
    """The scenario document of one facility; the same seed gives the same document."""
    rng = np.random.default_rng([seed, *facility.name.encode()])
    plan = build_estate(facility, rng)
    people = _draw_everyone(facility, rng)
    return assemble(facility, plan, people, rng)


def assemble(
    facility: Facility, plan: Plan, people: list[Draft], rng: np.random.Generator
) -> Document:
    """Place the people, draw what is recorded about them, and write the document."""
    for number, person in enumerate(people, start=1):
        person.person_id = f"P{number:05d}"
    name_networks(people, rng)
    place_people(people, list_cells(plan), rng)
    relations = draw_relations(facility, people, rng)
    areas = sorted({site.home_area for site in facility.sites if site.home_area})
    records = record_everything(people, areas, rng)
    edges = draw_edges(people, facility.tie_share, rng)
    document = header(
        facility.name,
        describe(facility, people),
        policy=facility.policy,
        dedicated_units=sorted(facility.dedicated),
        satellite_facilities=sorted(facility.satellites),
        sources=[f"Grounded in {facility.grounded_in}.", *SOURCES],
    )
    return (
        document
        | _estate_rows(plan)
        | _people_rows(records, relations)
        | {"influence_edges": to_rows(edges)}
    )


def _draw_everyone(facility: Facility, rng: np.random.Generator) -> list[Draft]:
    """People of all sites; young adults in proportion to the people held."""
    people: list[Draft] = []
    young_left, held_left = facility.young, facility.held
    for site in facility.sites:
        young = round(young_left * site.held / held_left) if held_left else 0
        drawn = draw_people(facility, site, young, rng)
        assign_everything(facility, site, drawn, rng)
        people += drawn
        young_left, held_left = young_left - young, held_left - site.held
    return people


def describe(facility: Facility, people: Sequence[Draft]) -> str:
    """Two or three sentences about the scenario."""
    waiting = sum(person.cell is None for person in people)
    linked = sum(person.veo is not VeoStatus.NONE for person in people)
    words = (
        f"{facility.title}: {len(people)} people, {linked} of them with a VEO-linked record. "
        f"Invented; grounded in {facility.grounded_in}."
    )
    if waiting:
        words += f" {waiting} people wait in reception without a lawful place."
    return f"{words} {facility.notes}".strip()


def _estate_rows(plan: Plan) -> Document:
    return {
        "units": to_rows(plan.units),
        "cells": to_rows(plan.cells),
        "virtual_places": to_rows(plan.virtual_places),
        "settings": setting_rows(plan.settings),
        "contacts": to_rows(plan.contacts),
        "transfer_pairs": to_rows(plan.transfer_pairs),
    }


def _people_rows(records: Records, relations: Relations) -> Document:
    return {
        "people": to_rows(records.people),
        "findings": to_rows(records.findings),
        "authorities": to_rows(records.authorities),
        "freezes": to_rows(records.freezes),
        "non_associations": to_rows(relations.non_associations),
        "keep_apart_memberships": to_rows(relations.memberships),
        "group_rivalries": to_rows(relations.rivalries),
        "protection_needs": to_rows(relations.protection_needs),
        "stable_pairs": to_rows(relations.stable_pairs),
    }
