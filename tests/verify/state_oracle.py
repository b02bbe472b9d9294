"""Every state of every batch of a small sequence, through the judge of whole placements.

A state is a subset of the steps of a batch; nothing is counted place by place, nobody is in two
places. Pairs are read from the tables here, since the judge names the narrowest unit they share.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.scenario import Scenario
from allocator.model.sequence import Sequence, Step
from allocator.model.vocabulary import Enforcement, Level, Restriction, UnitType
from allocator.verify import verify
from allocator.verify.states import Excess

NUMBERS = (*range(2, 12), 16, 17, 18)
KEPT_RULES = frozenset(rule for rule in RuleId if int(rule.value[1:3]) in NUMBERS)
PAIR_RULES = frozenset({RuleId.NON_ASSOCIATION, RuleId.PROTECTION_NEED})
WIDTHS = list(Restriction)
Places = Mapping[str, str | None]
Amounts = Counter[tuple[RuleId, str]]


def list_excesses(scenario: Scenario, sequence: Sequence) -> tuple[Excess, ...]:
    """What `find_excesses` is to find, by looking at everything.

    A breach that only lasts is named in the batches that change its place.
    """
    scenario = released(scenario)
    places: dict[str, str | None] = {p.person_id: p.current_place for p in scenario.people}
    end = places | {step.person_id: step.to_place for step in sequence.steps}
    allowed = amounts_of(scenario, places) | amounts_of(scenario, end)
    found = []
    for number, batch in enumerate(sequence.batches, 1):
        most = Amounts()
        movers = frozenset(
            step.person_id for step in batch.steps if units_changed(scenario, places, step)
        )
        for done in subsets(batch.steps):
            state = places | {step.person_id: step.to_place for step in done}
            is_over = len(done) == len(batch.steps)
            most |= amounts_of(scenario, state, frozenset() if is_over else movers)
        changed = {unit for step in batch.steps for unit in units_changed(scenario, places, step)}
        places |= {step.person_id: step.to_place for step in batch.steps}
        found += [
            Excess(number, rule, place, amount, allowed[rule, place])
            for (rule, place), amount in sorted(most.items())
            if amount > allowed[rule, place] and place in changed
        ]
    return tuple(found)


def released(scenario: Scenario) -> Scenario:
    """Buffer cells are there to be used on the way."""
    cells = tuple(replace(cell, buffer=False) for cell in scenario.estate.cells)
    return replace(scenario, estate=replace(scenario.estate, cells=cells))


def units_changed(scenario: Scenario, places: Places, step: Step) -> set[str | None]:
    """Units that the person leaves or comes to, level by level."""
    changed: set[tuple[Level, str | None]] = set()
    for place in (places[step.person_id], step.to_place):
        if place is not None and place in scenario.estate.cell_by_id:
            changed ^= {(level, unit_of(scenario, place, level.value)) for level in Level}
    return {unit for _, unit in changed}


def subsets(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    return chain.from_iterable(combinations(steps, n) for n in range(len(steps) + 1))


def amounts_of(
    scenario: Scenario, places: Places, on_the_way: frozenset[str] = frozenset()
) -> Amounts:
    """Amounts of the rules kept, by rule and place; who is on the way is not left alone."""
    cells = scenario.estate.cell_by_id
    known = {key: place if place in cells else None for key, place in places.items()}
    judged = verify(scenario, known)
    priced = (entry.breach for entry in (*judged.derogations, *judged.conflicts))
    amounts = Amounts()
    for breach in (*judged.unlawful, *priced):
        is_escorted = is_left_alone(scenario, breach) and set(breach.person_ids) <= on_the_way
        if breach.rule in KEPT_RULES - PAIR_RULES and not is_escorted:
            amounts[breach.rule, breach.place] += breach.amount
    for rule in sorted(PAIR_RULES):
        amounts.update((rule, unit) for unit in shared_units(scenario, rule, known))
    return amounts


def is_left_alone(scenario: Scenario, breach: Breach) -> bool:
    cells = scenario.estate.cell_by_id
    return breach.rule is RuleId.NO_SOLITARY and cells[breach.place].max_capacity > 1


def shared_units(scenario: Scenario, rule: RuleId, places: Places) -> Iterator[str]:
    """Units that pairs share and may not, once for each pair."""
    setting = scenario.policy.settings.get(rule) or scenario.profile.settings[rule]
    if setting.enforcement in {Enforcement.REPORT, Enforcement.OFF}:
        return
    named = named_pairs(scenario, rule)
    for pair in {frozenset((one, other)) for one, other, _ in named if one != other}:
        widest = max(WIDTHS.index(r) for one, other, r in named if {one, other} == pair)
        one, other = sorted(pair)
        yield from units_shared(scenario, WIDTHS[widest], places.get(one), places.get(other))


def named_pairs(scenario: Scenario, rule: RuleId) -> list[tuple[str, str, Restriction]]:
    groups: dict[str | None, list[str]] = {}
    for entry in scenario.keep_apart_memberships:
        groups.setdefault(entry.group_id, []).append(entry.person_id)
    if rule is RuleId.NON_ASSOCIATION:
        pairs = [
            (na.person_a, na.person_b, na.restriction)
            for na in scenario.non_associations
            if na.is_open
        ]
        return pairs + [
            (one, other, rivalry.restriction)
            for rivalry in scenario.group_rivalries
            for one in groups.get(rivalry.group_a, [])
            for other in groups.get(rivalry.group_b, [])
        ]
    return [
        (need.person_id, other, need.reach)
        for need in scenario.protection_needs
        for other in (need.from_person, *groups.get(need.from_group, []))
        if other is not None
    ]


def units_shared(
    scenario: Scenario, restriction: Restriction, one: str | None, other: str | None
) -> list[str]:
    if one is None or other is None:
        return []
    names = [restriction.value]
    if restriction is Restriction.EXERCISE_GROUP:
        names.append("wing")
    units = {unit_of(scenario, one, name) for name in names}
    units &= {unit_of(scenario, other, name) for name in names}
    cells_of = {
        unit: {
            c.cell_id
            for c in scenario.estate.cells
            if unit in {unit_of(scenario, c.cell_id, n) for n in names}
        }
        for unit in units
        if unit is not None
    }
    larger = [u for u in cells_of if not any(cells_of[u] < cells_of[v] for v in cells_of)]
    equal = len({frozenset(cells_of[unit]) for unit in larger}) < len(larger)
    return [unit for unit in larger if "/" not in unit] if equal else larger


def unit_of(scenario: Scenario, cell_id: str, name: str) -> str | None:
    """The unit of a cell at a level, by the words of docs/rules.md."""
    estate = scenario.estate
    cell = estate.cell_by_id[cell_id]
    wing = estate.wing_of(cell).unit_id
    if name == "exercise_group":
        group = estate.inherited(cell, "exercise_group")
        return None if group is None else f"{estate.facility_of(cell).unit_id}/{group}"
    spur = estate.ancestor(cell, UnitType.SPUR)
    return {
        "cell": cell_id,
        "landing": estate.landing_of(cell).unit_id,
        "spur": wing if spur is None else spur.unit_id,
        "wing": wing,
        "facility": estate.facility_of(cell).unit_id,
    }[name]
