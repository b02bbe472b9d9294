"""What a sequence says of itself, asked again by trying all orders (`order_brute`)."""

from collections.abc import Collection
from dataclasses import dataclass

from allocator.model.scenario import Scenario
from allocator.model.sequence import Sequence
from benchmarks.order_brute import BruteForce
from benchmarks.order_states import MOST_ASKED, Route, TooManyStatesError


@dataclass(frozen=True, slots=True)
class Checked:
    """What trying all orders says of one sequence.

    Parameters
    ----------
    rings : people said to wait for one another in a circle, two or more: so many circles.
    confirmed : circles whose people no order brings to their places.
    refuted : circles whose people an order brings there, which the judge replays without a fault.
    least : temporary steps that every order of all who are not left out has at the least.
    groups, groups_tried : groups of people who hinder one another, and those tried in full.
    """

    rings: int
    confirmed: int
    refuted: int
    least: int
    groups: int
    groups_tried: int


def check_by_brute_force(scenario: Scenario, sequence: Sequence, most: int = MOST_ASKED) -> Checked:
    """Every circle that is named, and the fewest temporary steps.

    `most` : states of a place that are asked about before a question is too large.
    """
    rings = [h.person_ids for h in sequence.hindrances if len(h.person_ids) > 1]
    brute = BruteForce(scenario, dict(sequence.target), sequence.undecided, most)
    verdicts = [is_confirmed(brute, ring, sequence) for ring in rings]
    moving = {p: c for p, c in sequence.target if p not in set(sequence.left_out)}
    rest = BruteForce(scenario, moving, most=most)
    least = [_fewest(rest, group) for group in rest.groups() if len(group) > 1]
    return Checked(
        len(rings),
        sum(verdict is True for verdict in verdicts),
        sum(verdict is False for verdict in verdicts),
        sum(number or 0 for number in least),
        len(least),
        sum(number is not None for number in least),
    )


def is_confirmed(brute: BruteForce, ring: Collection[str], sequence: Sequence) -> bool | None:
    """Whether no order brings these people to their places; None where that is not decided.

    Where too many people are entangled to try all, an order is still looked for at every time of
    the sequence's own steps of all others.
    """
    try:
        if brute.fewest_waits(ring) is None:
            return True
        people = brute.entangled(ring)
        route = brute.order_in_cells(people)
    except TooManyStatesError:
        return False if _is_found_along(brute, ring, sequence) else None
    if route is None:
        return True
    return None if brute.replay((*route, *_others(sequence, people))) else False


def _is_found_along(brute: BruteForce, ring: Collection[str], sequence: Sequence) -> bool:
    try:
        route = brute.order_along(ring, _others(sequence, ring))
    except TooManyStatesError:
        return False
    return route is not None and not brute.replay(route)


def _others(sequence: Sequence, people: Collection[str]) -> Route:
    """The sequence's own steps of everybody else."""
    steps = (step for step in sequence.steps if step.person_id not in people)
    return tuple((step.person_id, step.to_place) for step in steps)


def _fewest(brute: BruteForce, group: Collection[str]) -> int | None:
    try:
        return brute.fewest_waits(group)
    except TooManyStatesError:
        return None
