"""Repairs: minimal sets of signatures that make a complete placement possible.

Where places are missing that nobody can sign for, a repair places as many people as can be placed.
Each comes with a placement that needs exactly these signatures, judged from the scenario.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import isqrt

from allocator.explain.repair.minimal_sets import Set, minimal_sets
from allocator.explain.repair.optimum import find_optimum
from allocator.explain.repair.oracle import QUICK, Oracle
from allocator.explain.repair.problem import DerogationGroup, Problem
from allocator.explain.reviews import DEROGATION_DAYS
from allocator.model.catalogue import RULE_BY_ID, RuleId
from allocator.model.plan import Derogation
from allocator.model.scenario import Scenario
from allocator.solver.options import SolveOptions

TRIANGULAR = "triangular"


@dataclass(frozen=True, slots=True)
class Line:
    """What one role has to sign in one place.

    Parameters
    ----------
    category : legal category that the place is reserved for, "" for none.
    amount : of the breach, in the rule's own unit: people, places or pairs too many.
    person_ids : people in the breaches; cells : cells or units with a breach.
    points : price of the breaches in tier derogations.
    """

    group: DerogationGroup
    category: str
    amount: int
    person_ids: tuple[str, ...]
    places: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Signatures none of which can be left out.

    Parameters
    ----------
    points, least_points : price of the placement found, and a proven lower bound of what any
        placement with these signatures alone costs.
    is_minimal : it is proved that fewer of these signatures are not enough.
    placement : cell of each person, None for those without a place.
    """

    lines: tuple[Line, ...]
    points: int
    least_points: int
    is_minimal: bool
    placement: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Repairs:
    """Repairs found, the cheapest first; `is_complete` when there is no other."""

    found: tuple[Repair, ...]
    is_complete: bool


def find_repairs(
    problem: Problem, most_left: int, limit: int, options: SolveOptions = QUICK
) -> Repairs:
    """Minimal repairs that leave at most `most_left` people without a place.

    Parameters
    ----------
    options : of the search for the cheapest placement with the signatures of each.
    """
    oracle = Oracle(problem, most_left)
    sets = minimal_sets(_dearest_first(problem), oracle.ask, limit)
    found = [
        _repair(oracle, signed, options, is_minimal=proven)
        for signed, proven in zip(sets.sets, sets.proven, strict=True)
    ]
    found.sort(key=lambda repair: (repair.points, len(repair.lines)))
    return Repairs(tuple(found), sets.is_complete)


def _dearest_first(problem: Problem) -> list[int]:
    groups = problem.groups
    return sorted(range(len(groups)), key=lambda g: (-groups[g].price, g))


def _repair(oracle: Oracle, signed: Set, options: SolveOptions, *, is_minimal: bool) -> Repair:
    """The cheapest placement found that needs these signatures."""
    problem = oracle.problem
    witness = oracle.witness(signed)
    tried = find_optimum(problem, signed, options, witness)
    is_within = tried.is_lawful and tried.people[1] <= oracle.most_left
    placement = tried.placement if is_within else witness
    lines = _lines(problem, problem.find_breaches(placement).derogations)
    cells = [problem.instance.cell_ids[c] if c >= 0 else None for c in placement.tolist()]
    points = sum(line.points for line in lines)
    return Repair(
        lines,
        points,
        min(points, tried.points[0]),
        is_minimal,
        dict(zip(problem.instance.person_ids, cells, strict=True)),
    )


def _lines(problem: Problem, derogations: tuple[Derogation, ...]) -> tuple[Line, ...]:
    by_group: defaultdict[int, list[Derogation]] = defaultdict(list)
    for entry in derogations:
        by_group[problem.group_at(entry.breach.rule, entry.breach.place)].append(entry)
    return tuple(_line(problem, problem.groups[g], by_group[g]) for g in sorted(by_group))


def _line(problem: Problem, group: DerogationGroup, entries: list[Derogation]) -> Line:
    return Line(
        group,
        _category(problem, group.place),
        sum(too_many(entry) for entry in entries),
        tuple(sorted({person for entry in entries for person in entry.breach.person_ids})),
        tuple(sorted({entry.breach.place for entry in entries})),
        sum(entry.points for entry in entries),
    )


def too_many(entry: Derogation) -> int:
    """Size of a breach, in people, places or pairs; not triangular."""
    amount = entry.breach.amount
    if RULE_BY_ID[entry.breach.rule].breach_unit.startswith(TRIANGULAR):
        return (isqrt(8 * amount + 1) - 1) // 2
    return amount


def _category(problem: Problem, unit_id: str) -> str:
    """Legal category that a unit or one above it is reserved for."""
    estate = problem.scenario.estate
    unit = estate.unit_by_id.get(unit_id)
    if unit is None:
        return ""
    found = [u.legal_category for u in (unit, *estate.ancestors(unit)) if u.legal_category]
    return found[0].value if found else ""


def until_words(scenario: Scenario, rule: RuleId) -> str:
    """How long the profile lets a derogation of a rule stand, in words."""
    limits = scenario.profile.thresholds
    match rule:
        case RuleId.SPACE_FLOOR:
            return f"{limits.max_days_below_hard_floor} days for each person; then R07 applies"
        case RuleId.SPACE_DAYS:
            return "until a cell with space is found; the days are spent already"
        case RuleId.COOLDOWN:
            return f"until {limits.cooldown_days} days after each person's last move"
        case _:
            return f"reviewed after {DEROGATION_DAYS} days (R56); the profile sets no end"
