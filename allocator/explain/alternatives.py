"""The few cells that a person could be in instead, and all others by the rules that close them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allocator.explain.case import Case
from allocator.explain.desk import NEVER_A_STEP
from allocator.explain.entry import NOWHERE
from allocator.explain.offers import Share
from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, Tier

MOST_ALTERNATIVES = 3
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """One other cell, against the planned place, everybody else as planned.

    Parameters
    ----------
    alike : lawful cells with the same difference in every term, this one included; 1 if closed.
    rank : place among the lawful cells, equal ones sharing the first; None where rules close it.
    tiers, shares : differences from the planned place; empty where rules close the cell.
    breaches : what the judge finds broken with the person there; set when it is checked.
    """

    cell_id: str
    landing_id: str
    wing_id: str
    is_present: bool
    alike: int
    rank: int | None
    closed_by: tuple[RuleId, ...]
    tiers: Mapping[Tier, int]
    shares: tuple[Share, ...]
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedGroup:
    """Cells that exactly these hard rules close, with a few of their ids."""

    rules: tuple[RuleId, ...]
    cells: int
    examples: tuple[str, ...]


def alternative_in(case: Case, c: int, alike: int = 1) -> Alternative:
    """One cell; its differences where it is lawful, else what closes it."""
    prices = case.prices
    rules = tuple(rule for rule, mask in prices.closed.items() if mask[c])
    return Alternative(
        cell_id=case.instance.cell_ids[c],
        landing_id=case.unit_name(Level.LANDING, c),
        wing_id=case.unit_name(Level.WING, c),
        is_present=c == case.present,
        alike=alike,
        rank=None if rules else _rank(case, c),
        closed_by=rules,
        tiers={} if rules else prices.changes_in(c),
        shares=() if rules else tuple(prices.shares(c)),
    )


def main_alternatives(case: Case, count: int = MOST_ALTERNATIVES) -> tuple[Alternative, ...]:
    """The present cell where it is not the planned one, then the best lawful ones.

    Cells alike in every term are one line. The best comes first, then the best of other wings;
    where there are too few wings the next best of any.
    """
    present = [] if case.present in {NOWHERE, case.chosen} else [case.present]
    groups = [cells for cells in _alike(case) if not set(cells) <= set(present)]
    picked = _one_per_wing(case, groups)[:count]
    rest = [group for group in groups if group not in picked]
    picked += rest[: count - len(picked)]
    sizes = {id(group): len(group) for group in groups}
    lines = [alternative_in(case, c) for c in present]
    for group in sorted(picked, key=groups.index):
        first = next(c for c in group if c not in present)
        lines.append(alternative_in(case, first, sizes[id(group)]))
    return tuple(lines)


def closed_groups(case: Case) -> tuple[ClosedGroup, ...]:
    """Cells by the set of rules that close them, the largest sets first."""
    found: dict[tuple[RuleId, ...], list[str]] = defaultdict(list)
    for c, rules in enumerate(case.prices.rules_of_cells()):
        if rules:
            found[rules].append(case.instance.cell_ids[c])
    groups = [
        ClosedGroup(rules, len(ids), tuple(ids[:MOST_EXAMPLES])) for rules, ids in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.cells, group.rules)))


def nearest_step(case: Case) -> int | None:
    """Where no other cell is lawful: the cell that the fewest rules close; None for none.

    A cell that an authority or isolation would open is never named as a step.
    """
    rows = case.prices.rules_of_cells()
    usable = case.instance.max_places > 0
    steps = [
        c
        for c, rules in enumerate(rows)
        if c != case.chosen and usable[c] and NEVER_A_STEP.isdisjoint(rules)
    ]
    return min(steps, key=lambda c: (len(rows[c]), case.prices.price(c), c), default=None)


def _rank(case: Case, c: int) -> int:
    price = case.prices.price(c)
    return 1 + sum(case.prices.price(other) < price for other in case.open_cells.tolist())


def _alike(case: Case) -> list[list[int]]:
    """Lawful cells but the planned one, those alike in every term together, best first."""
    groups: dict[tuple[Share, ...], list[int]] = defaultdict(list)
    for c in case.open_cells.tolist():
        if c != case.chosen:
            groups[tuple(case.prices.shares(c))].append(c)
    return list(groups.values())


def _one_per_wing(case: Case, groups: Iterable[list[int]]) -> list[list[int]]:
    picked, wings = [], set()
    for group in groups:
        wing = case.unit_name(Level.WING, group[0])
        if wing not in wings:
            wings.add(wing)
            picked.append(group)
    return picked
