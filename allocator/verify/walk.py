"""A sequence walked through: where everybody really is at each step, whatever the step says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from allocator.model.scenario import Scenario
from allocator.model.sequence import Batch, Sequence, Step
from allocator.model.vocabulary import Level, VirtualPlaceKind
from allocator.verify.sites import Site
from allocator.verify.view import View


@dataclass(frozen=True, slots=True)
class Walked:
    """One step of one batch.

    `number` : of the batch, from 1. `place` : where the person really is before the step.
    """

    number: int
    batch: Batch
    step: Step
    place: str | None

    @property
    def words(self) -> str:
        """Batch and person, as faults begin."""
        return f"batch {self.number}: {self.step.person_id}"


class Walk:
    """All steps of a sequence with the places that they really start from.

    Attributes
    ----------
    start, end : place of each person of the scenario before the first and after the last step.
    target : planned cell by person id.
    """

    def __init__(self, scenario: Scenario, sequence: Sequence) -> None:
        self.scenario = scenario
        self.sequence = sequence
        self.start = {person.person_id: person.current_place for person in scenario.people}
        self.end: dict[str, str | None] = dict(self.start)
        self.target = dict(sequence.target)
        walked = []
        for number, batch in enumerate(sequence.batches, 1):
            for step in batch.steps:
                walked.append(Walked(number, batch, step, self.end.get(step.person_id)))
                self.end[step.person_id] = step.to_place
        self.steps: tuple[Walked, ...] = tuple(walked)

    @cached_property
    def view(self) -> View:
        """Everybody in the present cell."""
        return View(self.scenario, self.start)

    def known_steps(self) -> Iterator[Walked]:
        """Steps of people whom the scenario knows."""
        return (walked for walked in self.steps if walked.step.person_id in self.start)

    def aim(self, person_id: str) -> str | None:
        """The planned cell; for people whom the plan does not ask to move, where they start."""
        return self.target.get(person_id, self.start.get(person_id))

    def site(self, place: str | None) -> Site | None:
        """The cell of a place; None for virtual places and places that nobody knows."""
        return self.view.sites.get(place or "")

    def is_holding(self, place: str | None) -> bool:
        """True for the holding location (CSWAP) of a facility."""
        virtual = self.scenario.estate.virtual_by_id.get(place or "")
        return virtual is not None and virtual.kind is VirtualPlaceKind.CSWAP

    def facility(self, place: str | None) -> str | None:
        """The facility of a cell or virtual place; None where the place is not known."""
        site = self.site(place)
        if site is not None:
            return site.unit_at[Level.FACILITY]
        virtual = self.scenario.estate.virtual_by_id.get(place or "")
        return None if virtual is None else virtual.facility_id


def placed(places: Mapping[str, str | None], view: View) -> dict[str, str | None]:
    """The same places, with None for everything that is no cell."""
    return {key: place if place in view.sites else None for key, place in places.items()}
