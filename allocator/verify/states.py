r"""Whether any state of a sequence has a breach that neither its start nor its end has.

.. math:: A_S(r, u) \le \max(A_\text{start}(r, u), A_\text{end}(r, u))

for the amount :math:`A_S(r, u)` of rule r at place u in state S, rules R02 to R11 and R16 to R18
where they are hard, derogable or soft, and every state S: before the batch, any of its steps done,
the others not. Pairs (R09, R10) count at the unit that they may not share, by the widest
restriction named; a group and a wing of which one holds the other count once, at the larger.
Buffer cells are ordinary cells here.

All amounts but one grow with the set of people in the place, and whether somebody who moves is
there is up to that person's own step alone. So the largest amount in a batch is that of the place
with everybody in it who is there before or after: this is exact, not an estimate. A person who
stays in the unit counts once.

The exception is R16 (b), nobody left alone: it counts those who stay through the batch, all others
being gone, which is exact too. Whoever moves is with the officers for the minutes of the batch and
is not held alone in it; the state after each batch counts everybody.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.scenario import Scenario
from allocator.model.sequence import Batch, Sequence
from allocator.model.vocabulary import Enforcement, Level, Restriction
from allocator.verify import r09_non_association, r10_protection_need, r16_no_solitary
from allocator.verify.apart import Found, Pair, restricted_levels, share
from allocator.verify.discover import RuleCheck, rule_checks
from allocator.verify.standing import Standing, release_buffers
from allocator.verify.view import View

NO_SOLITARY = RuleId.NO_SOLITARY
PAIRS: Mapping[RuleId, Callable[[View], Iterator[Found]]] = {
    RuleId.NON_ASSOCIATION: r09_non_association.near,
    RuleId.PROTECTION_NEED: r10_protection_need.near,
}
BY_UNIT = frozenset({RuleId.SEX_AND_AGE, RuleId.REMAND_SENTENCED, RuleId.YOUNG_ADULTS})
BY_CELL = BY_UNIT | {
    RuleId.CAPACITY,
    RuleId.SPACE_FLOOR,
    RuleId.SPACE_DAYS,
    RuleId.SINGLE_CELL,
    RuleId.SECURITY_CATEGORY,
    RuleId.NO_SOLITARY,
    RuleId.SPECIAL_NEEDS,
    RuleId.SOURCE_RECEPTIVE_CELL,
}
KEPT = frozenset({Enforcement.HARD, Enforcement.DEROGABLE, Enforcement.SOFT})
WIDEST_LAST = tuple(Restriction)
Amounts = Counter[RuleId]


@dataclass(frozen=True, slots=True)
class Excess:
    """A breach in some state of a batch that is larger than at the start and at the end.

    `batch` : counted from 1. `amount` : the largest of the batch. `allowed` : start or end.
    """

    batch: int
    rule: RuleId
    place: str
    amount: int
    allowed: int


def find_excesses(scenario: Scenario, sequence: Sequence) -> tuple[Excess, ...]:
    """All of them, in the order of batches, rules and places."""
    start = {person.person_id: person.current_place for person in scenario.people}
    end = start | {step.person_id: step.to_place for step in sequence.steps}
    ceilings = Ceilings(scenario, start, end)
    standing = ceilings.standing(start)
    return tuple(
        Excess(number, rule, place, amount, ceilings.at(place)[rule])
        for number, batch in enumerate(sequence.batches, 1)
        for (rule, place), amount in sorted(_largest(ceilings.view, standing, batch).items())
        if amount > ceilings.at(place)[rule]
    )


def _levels(view: View) -> frozenset[Level]:
    """Levels at which some rule counts people or keeps pairs apart."""
    scenario, limits = view.scenario, view.limits
    named = {
        *(entry.restriction for entry in scenario.non_associations),
        *(rivalry.restriction for rivalry in scenario.group_rivalries),
        *(need.reach for need in scenario.protection_needs),
    }
    by_class = (
        limits.child_adult_level,
        limits.remand_sentenced_level,
        limits.young_adult_level,
    )
    apart = (level for restriction in named for level in restricted_levels(restriction))
    return frozenset({Level.CELL, Level.WING, Level.EXERCISE_GROUP, *by_class, *apart})


class Ceilings:
    """The larger amount of a start and an end, place by place.

    Parameters
    ----------
    start, end : place of each person, None for nowhere.
    """

    def __init__(
        self,
        scenario: Scenario,
        start: Mapping[str, str | None],
        end: Mapping[str, str | None],
    ) -> None:
        self.view = View(release_buffers(scenario), {})
        self._levels = _levels(self.view)
        self._ends = (self.standing(start), self.standing(end))
        self._known: dict[str, Amounts] = {}

    def standing(self, places: Mapping[str, str | None]) -> Standing:
        """People in these places, as the rules of the way count them."""
        return Standing(self.view.sites, places, self._levels)

    def at(self, place: str) -> Amounts:
        """Amounts allowed at a place, by rule."""
        if place not in self._known:
            one, other = (self._amounts(standing, place) for standing in self._ends)
            self._known[place] = one | other
        return self._known[place]

    def is_too_much(self, place: str, people: Mapping[str, str]) -> bool:
        """True where people in these cells of a place break more there than start and end do.

        Of the amounts that grow with people; whether somebody is left alone is not asked.
        """
        allowed = self.at(place)
        return any(n > allowed[rule] for rule, n in _upper(self.view, people, place).items())

    def _amounts(self, standing: Standing, place: str) -> Amounts:
        people = standing.within(place)
        return _upper(self.view, people, place) + _lower(self.view, people, place)


def _largest(view: View, standing: Standing, batch: Batch) -> dict[tuple[RuleId, str], int]:
    """Largest amounts of a batch at the places that it changes; the steps are carried out."""
    steps = [(step.person_id, step.to_place) for step in batch.steps]
    changed: defaultdict[str, set[str]] = defaultdict(set)
    for step in steps:
        changed[step[0]].update(standing.changed_by(*step))
    places = sorted(set().union(*changed.values()))
    movers = frozenset(person_id for person_id, units in changed.items() if units)
    staying = _left_alone(view, standing, places, movers)
    for step in steps:
        standing.enter(*step)
    most = {place: _upper(view, standing.within(place), place) for place in places}
    for step in steps:
        standing.settle(*step)
    after = _left_alone(view, standing, places, frozenset())
    return {
        (rule, place): amount
        for place in places
        for rule, amount in (most[place] | staying[place] | after[place]).items()
    }


def _left_alone(
    view: View, standing: Standing, places: list[str], without: frozenset[str]
) -> dict[str, Amounts]:
    return {place: _lower(view, standing.within(place, without), place) for place in places}


def _lower(view: View, people: Mapping[str, str], place: str) -> Amounts:
    """R16 (b) at a cell: the one amount that falls when somebody comes."""
    if len(people) != 1 or place not in view.sites or not view.applies(NO_SOLITARY):
        return Amounts()
    alone = r16_no_solitary.check_always(View(view.scenario, people, base=view))
    return Amounts({NO_SOLITARY: sum(breach.amount for breach in alone)})


def _upper(view: View, people: Mapping[str, str], place: str) -> Amounts:
    """Amounts at a cell, unit or group that holds these people; they grow with every person."""
    here = View(view.scenario, people, base=view)
    rules = BY_CELL if place in view.sites else BY_UNIT
    amounts = Amounts()
    for check in rule_checks():
        if check.rule in rules:
            found = (breach.amount for breach in _breaches(here, check) if breach.place == place)
            amounts[check.rule] = sum(found)
    for rule, near in PAIRS.items():
        if view.setting(rule).enforcement in KEPT:
            amounts[rule] = sum(place in units for units in _units_shared(view, here, near(here)))
    return +amounts


def _breaches(view: View, check: RuleCheck) -> Iterator[Breach]:
    if view.setting(check.rule).enforcement in KEPT:
        yield from check.check(view)
    if check.rule is not NO_SOLITARY and view.applies(check.rule):
        yield from check.check_always(view)


def _units_shared(view: View, people: View, found: Iterator[Found]) -> Iterator[set[str]]:
    """For each pair the units that the two share and may not."""
    widest: dict[Pair, int] = {}
    for pair, restriction in found:
        widest[pair] = max(widest.get(pair, 0), WIDEST_LAST.index(restriction))
    for (one, other), width in widest.items():
        here, there = people.site_of[one], people.site_of[other]
        levels = restricted_levels(WIDEST_LAST[width])
        shared = {level: here.unit_at[level] for level in levels if share(here, there, level)}
        yield _larger(view, shared) if len(shared) > 1 else set(shared.values())


def _larger(view: View, shared: Mapping[Level, str]) -> set[str]:
    """Both units, or the larger where one holds the other; of two alike the first."""
    cells = {unit_id: view.cells_of_unit(level, unit_id) for level, unit_id in shared.items()}
    first = dict(zip(reversed(cells.values()), reversed(cells), strict=True))
    return {unit_id for held, unit_id in first.items() if not any(held < other for other in first)}
