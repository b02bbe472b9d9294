"""Tiny prisons in want of room, and what the judge says of every placement in them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.person import Person
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    LegalCategory,
    Restriction,
    SecurityCategory,
    SharingRisk,
    VeoStatus,
)
from allocator.verify.judge import Findings, find_breaches
from allocator.verify.view import View
from tests.builders import HARD, cell, days_ago, derogable, make_scenario, person, wing

WINGS = {"c1": "W", "c2": "W", "c3": "V"}


def small_prison(seed: int, n_people: int = 4) -> Scenario:
    """Three cells in two wings; rules of room, categories, company, moves and groups all bite."""
    draw = np.random.default_rng(seed)
    people = [_person(draw, f"p{k}") for k in range(n_people)]
    pairs = [("p0", "p1"), ("p1", "p2"), ("p0", "p2")][: draw.integers(0, 4)]
    return make_scenario(
        cells=[_cell(draw, name) for name in WINGS],
        people=people,
        units=[wing("V")],
        settings={
            RuleId.CAPACITY: derogable(5),
            RuleId.SPACE_FLOOR: derogable(7),
            RuleId.REMAND_SENTENCED: derogable(11) if seed % 2 else HARD,
            RuleId.SINGLE_CELL: derogable(13) if seed % 3 else HARD,
            RuleId.COOLDOWN: derogable(3),
        },
        policy={"max_veo_per_wing": 1},
        non_associations=[NonAssociation(a, b, Restriction.CELL) for a, b in pairs],
    )


def _cell(draw: np.random.Generator, name: str) -> Cell:
    working = int(draw.integers(1, 3))
    most = working + int(draw.integers(0, 2))
    area = (None, 3.5, 6.5)[draw.integers(0, 3)]
    security = SecurityCategory.C if name == "c3" else SecurityCategory.A
    return cell(
        name, most, WINGS[name], working_capacity=working, area_m2=area, security_category=security
    )


def _person(draw: np.random.Generator, name: str) -> Person:
    rarely = draw.random(5) < 0.25
    return person(
        name,
        legal_category=LegalCategory.REMAND if draw.random() < 0.4 else LegalCategory.SENTENCED,
        security_category=SecurityCategory.A if rarely[0] else SecurityCategory.C,
        sharing_risk=SharingRisk.HIGH if rarely[1] else SharingRisk.STANDARD,
        veo_status=VeoStatus.CONVICTED if draw.random() < 0.4 else VeoStatus.NONE,
        current_place=str(draw.choice(list(WINGS))) if draw.random() < 0.4 else None,
        last_moved_at=days_ago(5) if rarely[3] else None,
        places_needed=2 if rarely[4] else 1,
    )


def judged(scenario: Scenario, *, may_wait: bool = True) -> Iterator[tuple[int, Findings]]:
    """People left out and the judge's findings, for every placement without a hard breach.

    Parameters
    ----------
    may_wait : False for placements of everybody only.
    """
    names = [p.person_id for p in scenario.people]
    cells = [c.cell_id for c in scenario.estate.cells]
    for choice in product([None, *cells] if may_wait else cells, repeat=len(names)):
        findings = find_breaches(View(scenario, dict(zip(names, choice, strict=True))))
        if not findings.unlawful:
            yield choice.count(None), findings


@cache
def judged_prison(seed: int) -> tuple[tuple[int, Findings], ...]:
    """The same of a small prison, once for all tests."""
    return tuple(judged(small_prison(seed)))


def points_of(findings: Findings) -> int:
    """Derogation points."""
    return sum(entry.points for entry in findings.derogations)


def optimum(found: Iterable[tuple[int, Findings]]) -> tuple[int, int]:
    """Fewest people left out, then fewest derogation points, of what was judged."""
    return min((left, points_of(findings)) for left, findings in found)


def with_people(scenario: Scenario, names: tuple[str, ...]) -> Scenario:
    """The scenario with some of its people only."""
    pairs = scenario.non_associations
    return replace(
        scenario,
        people=tuple(p for p in scenario.people if p.person_id in names),
        non_associations=tuple(n for n in pairs if n.person_a in names and n.person_b in names),
    )
