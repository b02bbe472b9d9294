"""The order in which a plan's moves are carried out, batch by batch."""

from dataclasses import dataclass
from functools import cached_property

from allocator.model.catalogue import RuleId

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Step:
    """One person is brought from one place to another.

    Parameters
    ----------
    from_place : cell or virtual place; None for an arrival whose place is not recorded.
    to_place : a cell, or the holding location (CSWAP) of a facility.
    is_temporary : True when the plan wants the person in another place than this one.
    officers : who escort the person, at least 1.
    """

    person_id: str
    from_place: str | None
    to_place: str
    is_temporary: bool
    officers: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps that may be carried out at the same time and in any order.

    Parameters
    ----------
    start_minute : minutes after the first move window opens, at least 0; windows open every day.
    """

    start_minute: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """People who hinder one another, so that their moves have no safe order.

    Parameters
    ----------
    person_ids : in the order in which each waits for the next; the last one waits for the first.
        One person alone waits for what `missing` says: somebody of another hindrance, somebody
        to whom the plan gives no place, officers.
    places : the cells that they leave and come to, sorted.
    rules : what the first step of each of them would break, sorted.
    missing : what would let them move, in words.
    others : whom `missing` names; a reader is told it who may know what is between them and these.
    """

    person_ids: tuple[str, ...]
    places: tuple[str, ...]
    rules: tuple[RuleId, ...]
    missing: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sequence:
    """An order of moves in which no state adds a breach that neither start nor end has.

    Parameters
    ----------
    scenario_hash : SHA-256 of the scenario that the moves start from.
    target : planned cell of everybody whose move is asked for, by person id, sorted.
    left_out : people of `target` who stay where they are because no order was found for them; they
        are named in a hindrance. Empty where the whole plan can be carried out.
    undecided : people who have a cell and to whom the plan gives none; they stay until somebody
        decides.
    temporary_bound : no order of all moves but the ones left out has fewer temporary steps; 0
        where nothing is proved.
    left_out_bound : no order of any part of `target` leaves out fewer people than this, whatever
        time it takes; 0 where nothing is proved.
    minutes : from the opening of the first window to the end of the last batch.
    window_minutes : P25.
    """

    scenario_hash: str
    target: tuple[tuple[str, str], ...]
    batches: tuple[Batch, ...]
    left_out: tuple[str, ...]
    undecided: tuple[str, ...]
    hindrances: tuple[Hindrance, ...]
    temporary_bound: int
    minutes: int
    window_minutes: int
    left_out_bound: int = 0

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, batch after batch."""
        return tuple(step for batch in self.batches for step in batch.steps)

    @cached_property
    def windows(self) -> tuple[tuple[Batch, ...], ...]:
        """Batches of each day on which somebody moves."""
        by_day: dict[int, list[Batch]] = {}
        for batch in self.batches:
            by_day.setdefault(max(0, batch.start_minute) // DAY_MINUTES, []).append(batch)
        return tuple(tuple(by_day[day]) for day in sorted(by_day))

    @property
    def span_minutes(self) -> int:
        """From the opening of the first window to the closing of the last, at least one window."""
        last = max((max(0, batch.start_minute) for batch in self.batches), default=0)
        return last // DAY_MINUTES * DAY_MINUTES + max(
            self.window_minutes, self.minutes % DAY_MINUTES
        )

    @property
    def temporary_steps(self) -> int:
        """Steps to a place that is not the plan's."""
        return sum(step.is_temporary for step in self.steps)

    @property
    def fits_window(self) -> bool:
        """True when everything can be done in one window."""
        return self.minutes <= self.window_minutes
