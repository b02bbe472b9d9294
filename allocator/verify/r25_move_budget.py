"""R25: no more moves than the budget, the escort officers and the window allow.

An arrival's first placement is no move. Officers are those whom the person and the cell left ask
for (P23); those whom the cell reached asks for are counted where an order of moves is replayed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.escort import officers_needed
from allocator.verify.view import View

RULE = RuleId.MOVE_BUDGET
ROUNDING = 1e-9


def check(view: View) -> Iterator[Breach]:
    """Budgets that the moves exceed: whole scenario, facilities and wings left, escort time."""
    moved = tuple(person.person_id for person, _ in view.moved)
    yield from _over(moved, "", whole_budget(view))
    for facility, movers in _movers_by(view, Level.FACILITY).items():
        yield from _over(movers, facility, view.scenario.max_moves_per_facility)
        yield from _escort(view, movers, facility)
    for wing, movers in _movers_by(view, Level.WING).items():
        yield from _over(movers, wing, view.scenario.max_moves_per_wing)


def whole_budget(view: View) -> int | None:
    """Moves allowed in the whole scenario: the scenario's number, else the policy's share."""
    if view.scenario.max_moves is not None:
        return view.scenario.max_moves
    share = view.policy.moves_per_1000
    return None if share is None else int(share * len(view.scenario.people) / 1000 + ROUNDING)


def _movers_by(view: View, level: Level) -> Mapping[str, tuple[str, ...]]:
    units: defaultdict[str, list[str]] = defaultdict(list)
    for person, present in view.moved:
        units[present.unit_at[level]].append(person.person_id)
    return {unit_id: tuple(movers) for unit_id, movers in units.items()}


def _over(movers: tuple[str, ...], place: str, budget: int | None) -> Iterator[Breach]:
    if budget is not None and len(movers) > budget:
        words = f"{len(movers)} moves from {place or 'all places'}; {budget} allowed"
        yield Breach(RULE, movers, place, len(movers) - budget, words)


def _escort(view: View, movers: tuple[str, ...], facility: str) -> Iterator[Breach]:
    limits = view.limits
    if limits.escort_officers is None:
        return
    officers = (officers_needed(limits, p, (s,)) for p, s in view.moved if p.person_id in movers)
    needed = sum(officers) * limits.minutes_per_move
    allowed = limits.escort_officers * limits.move_window_minutes
    if needed > allowed:
        words = f"{needed} officer minutes of escort from {facility}; {allowed} allowed"
        yield Breach(RULE, movers, facility, needed - allowed, words)
