"""Everything that is said about why not everybody can be placed, in one value."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from allocator.explain.repair.conflicts import Clash, Clashes, find_clashes
from allocator.explain.repair.optimum import find_best_optimum
from allocator.explain.repair.oracle import QUICK, Fewest, Oracle, fewest_left
from allocator.explain.repair.prices import Price, price_places
from allocator.explain.repair.problem import Problem, make_problem
from allocator.explain.repair.repairs import Repairs, find_repairs
from allocator.explain.room import kinds_of_people, room_for_more
from allocator.explain.shortfall import causes_of_placement
from allocator.model.catalogue import RuleId
from allocator.model.plan import ShortfallCause
from allocator.model.scenario import Scenario
from allocator.solver.compile import build_tables
from allocator.solver.solve import solve

NEEDS_DATA: dict[RuleId, str] = {
    RuleId.SINGLE_CELL: "a sharing risk assessment of whoever has none that is current",
    RuleId.AUTHORITY: "an authority that names the person, if the person's own case calls for it",
    RuleId.MEDICAL_CONSIDERED: "a medical consideration in the person's authority",
    RuleId.EXPIRED_AUTHORITY: "a decision on the authority that has expired",
    RuleId.NO_SOLITARY: "nothing recorded to make room: only an authority of the person's own",
    RuleId.FROZEN: "an end of the medical, court or exam hold by whoever set it",
    RuleId.TRANSFERS: "notice of a transfer, and a pair of facilities that is legally open",
    RuleId.OFFICER_LOCKS: "a new decision of the officer who locked or forbade a cell",
    RuleId.NON_ASSOCIATION: "a review of the non-association by whoever keeps it",
}


class Status(StrEnum):
    """The answer in one word."""

    NO_CONFLICT = "no_conflict"
    SIGNATURES = "signatures"
    PLACES_MISSING = "places_missing"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Whether everybody can be placed, why not, who would sign what, and what places are worth.

    Parameters
    ----------
    unsigned, signed : fewest people left out without any derogation, and with all of them.
    shortfall_unsigned, shortfall_signed : places missing and people kept out in these two cases.
    room_left : further people of each legal category for whom there is room; only without conflict.
    needs_data : rules in the way that a new record would lift, and which.
    """

    status: Status
    unsigned: Fewest
    signed: Fewest
    clashes: Clashes
    repairs: Repairs
    shortfall_unsigned: tuple[ShortfallCause, ...]
    shortfall_signed: tuple[ShortfallCause, ...]
    prices: tuple[Price, ...]
    room_left: dict[str, int]
    needs_data: dict[RuleId, str]


def explain_why_not(scenario: Scenario, limit: int) -> WhyNot:
    """Answer for a scenario without a plan.

    Parameters
    ----------
    limit : conflicts and repairs at the most, at least 1.
    """
    problem = make_problem(scenario)
    reply = Oracle(problem, 0).ask(frozenset())
    return _no_conflict(problem) if reply.enough else _conflict(problem, limit)


def _no_conflict(problem: Problem) -> WhyNot:
    nobody = Fewest(0, 0)
    return WhyNot(
        Status.NO_CONFLICT, nobody, nobody, Clashes((), True), Repairs((), True), (), (), (),
        _room_left(problem), {},
    )  # fmt: skip


def _conflict(problem: Problem, limit: int) -> WhyNot:
    scenario = problem.scenario
    strict = solve(problem.strict, QUICK)
    base = find_best_optimum(problem)
    clashes = find_clashes(problem, limit)
    unsigned = fewest_left(problem, frozenset(), strict)
    signed = Fewest(*base.people)
    everything = problem.signed(problem.everything)
    missing = causes_of_placement(scenario, everything, base.placement)
    return WhyNot(
        _status(unsigned, signed, clashes),
        unsigned,
        signed,
        clashes,
        find_repairs(problem, signed.found, limit, base.options),
        causes_of_placement(scenario, problem.strict, strict.placement),
        missing,
        price_places(problem, base),
        {},
        _needs_data(clashes.found, missing),
    )


def _status(unsigned: Fewest, signed: Fewest, clashes: Clashes) -> Status:
    if signed.least > 0:
        return Status.PLACES_MISSING
    if signed.found > 0 or not (clashes.found or unsigned.least > 0):
        return Status.UNDECIDED
    return Status.SIGNATURES


def _room_left(problem: Problem) -> dict[str, int]:
    """Room for further people of each category: those like most of the category who may move."""
    tables = build_tables(problem.strict)
    _, kind = kinds_of_people(tables)
    people = problem.scenario.people
    left = {}
    for category in sorted({person.legal_category for person in people}):
        own = [i for i, p in enumerate(people) if p.legal_category is category]
        free = [i for i in own if tables.fixed[i] < 0 and tables.places[i] == 1]
        if free:
            commonest = Counter(int(kind[i]) for i in free).most_common(1)[0][0]
            like = next(i for i in free if kind[i] == commonest)
            left[category.value] = room_for_more(tables, like)
    return left


def _needs_data(
    clashes: tuple[Clash, ...], causes: tuple[ShortfallCause, ...]
) -> dict[RuleId, str]:
    """Rules in the way that nobody signs for and that a new record or decision would lift."""
    hard = {rule for clash in clashes for rule in clash.rules if rule not in clash.signable}
    hard |= {rule for cause in causes for rule in cause.rules}
    return {rule: words for rule, words in NEEDS_DATA.items() if rule in hard}
