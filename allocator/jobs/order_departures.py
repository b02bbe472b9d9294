"""Orders under the assumption that somebody to whom the plan gives no cell has already left."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from allocator.errors import ConfigError
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.judgement import Judgement
from allocator.model.scenario import Scenario
from allocator.model.sequence import Sequence
from allocator.prepare.instance import prepare_instance
from allocator.prepare.moving import move_facts
from allocator.solver.order.release import rank_departures
from allocator.verify import verify

Places = Mapping[str, str | None]
Order = Callable[[Scenario, Places], Sequence]
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Departure:
    """What could be carried out if these people had left.

    Parameters
    ----------
    person_ids : sorted. moves : of the plan's moves, those of an order found in short time, which
        the judge replays; at the least so many can then be made.
    """

    person_ids: tuple[str, ...]
    moves: int


def without(scenario: Scenario, placement: Places, people: Iterable[str]) -> Scenario:
    """The scenario after people have left whom the plan leaves without a cell.

    Raises
    ------
    ConfigError
        If the plan does not leave a person without the present cell, or if that person's going
        alone would break a rule.
    """
    gone = frozenset(people)
    known = undecided_of(scenario, placement)
    unknown = sorted(gone - set(known))
    if unknown:
        listed = ", ".join(known[:MOST_NAMED]) + (", ..." if len(known) > MOST_NAMED else "")
        raise ConfigError(
            f"{', '.join(unknown)} cannot be assumed to have left. Only people who have a cell and "
            f"get none in the plan can be: {listed or 'there are none'}."
        )
    after = replace(
        scenario,
        people=tuple(
            replace(person, current_place=None) if person.person_id in gone else person
            for person in scenario.people
        ),
    )
    added = _breaches(after) - _breaches(scenario)
    if added:
        (rule, place), _ = min(added.items())
        raise ConfigError(
            f"If {', '.join(sorted(gone))} left and nobody else moved, {rule} would be broken at "
            f"{place}. No order of moves starts from there."
        )
    return after


def undecided_of(scenario: Scenario, placement: Places) -> list[str]:
    """People who have a cell and to whom the placement gives none, sorted."""
    cells = scenario.estate.cell_by_id
    return sorted(
        person.person_id
        for person in scenario.people
        if person.current_place in cells and placement.get(person.person_id) is None
    )


def departures(
    scenario: Scenario, placement: Places, sequence: Sequence, order: Order
) -> tuple[Departure, ...]:
    """The person whose going lets most people move, and everybody; most moves last.

    Nothing where nobody is left out or nobody is undecided.
    """
    if not (sequence.left_out and sequence.undecided):
        return ()
    index = ScenarioIndex(scenario)
    target = int_array(
        index.cell_at.get(placement.get(person.person_id) or "", -1) for person in scenario.people
    )
    ranked = rank_departures(prepare_instance(scenario), target, move_facts(index))
    groups = {(ranked[0][0],), tuple(sequence.undecided)}
    found: list[Departure] = []
    for group in sorted(groups, key=len):
        try:
            after = order(without(scenario, placement, group), placement)
        except ConfigError:
            continue
        found.append(Departure(group, len(after.target) - len(after.left_out)))
    return tuple(found)


def _breaches(scenario: Scenario) -> Counter[tuple[str, str]]:
    """Amounts of the rules that are broken where everybody is now, by rule and place."""
    places = {person.person_id: person.current_place for person in scenario.people}
    cells = scenario.estate.cell_by_id
    found: Judgement = verify(
        scenario, {key: place if place in cells else None for key, place in places.items()}
    )
    amounts: Counter[tuple[str, str]] = Counter()
    for breach in found.unlawful:
        amounts[breach.rule.value, breach.place] += breach.amount
    return amounts
