"""The steps of an order's document window by window and person by person; no number is added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class SheetStep:
    """A step as the document says it, and when the same person goes on.

    Parameters
    ----------
    batch : number of its batch, from 1.
    start_minute : minutes after the first window opens.
    start, end : clock times of the document.
    until, until_minute : when the person's next step begins; None where there is none.
    """

    batch: int
    person_id: str
    from_place: str | None
    to_place: str
    is_temporary: bool
    officers: int
    start_minute: int
    start: str
    end: str
    until: str | None
    until_minute: int | None

    @property
    def waits(self) -> str:
        """Where and until when the person waits, in words; "" for a step to the planned place."""
        if not self.is_temporary:
            return ""
        until = f" until {self.until}" if self.until else "; no later step is known"
        return f"waits in {self.to_place}{until}"


@dataclass(frozen=True, slots=True)
class SheetBatch:
    """Steps at the same time; `start` and `end` are clock times, `officers` those of all steps."""

    number: int
    start: str
    end: str
    officers: int
    steps: tuple[SheetStep, ...]


@dataclass(frozen=True, slots=True)
class SheetWindow:
    """A window with its batches.

    Parameters
    ----------
    number : 1 for the day on which the first window opens, 2 for the next day.
    told : what the document says of the window.
    """

    number: int
    told: Mapping[str, Any]
    batches: tuple[SheetBatch, ...]

    @property
    def opens_minute(self) -> int:
        """Minutes from the opening of the first window to the opening of this one."""
        return (self.number - 1) * DAY_MINUTES

    @property
    def people(self) -> tuple[tuple[SheetStep, ...], ...]:
        """The steps of each person, in the order of their first steps."""
        found: dict[str, list[SheetStep]] = {}
        for batch in self.batches:
            for step in batch.steps:
                found.setdefault(step.person_id, []).append(step)
        return tuple(tuple(steps) for steps in found.values())


def sheet_windows(document: Mapping[str, Any]) -> tuple[SheetWindow, ...]:
    """The windows of the document of `allocator order`, in their order."""
    batches = tuple(_batches(document))
    return tuple(
        SheetWindow(told["window"], told, batches[told["batches"][0] - 1 : told["batches"][1]])
        for told in document["windows"]
    )


def step_minutes(document: Mapping[str, Any]) -> int:
    """How long a batch takes: the end of the order less the beginning of its last batch."""
    last = max((batch["start_minute"] for batch in document["batches"]), default=0)
    return int(document["minutes"]) - last


def _batches(document: Mapping[str, Any]) -> Iterator[SheetBatch]:
    starts: dict[str, list[Mapping[str, Any]]] = {}
    for batch in document["batches"]:
        for step in batch["steps"]:
            starts.setdefault(step["person_id"], []).append(batch)
    for batch in document["batches"]:
        steps = tuple(_step(batch, step, starts[step["person_id"]]) for step in batch["steps"])
        yield SheetBatch(batch["batch"], batch["start"], batch["end"], batch["officers"], steps)


def _step(
    batch: Mapping[str, Any], step: Mapping[str, Any], own: list[Mapping[str, Any]]
) -> SheetStep:
    """A step, with the first batch of the person's `own` ones that comes after this one."""
    then = next((other for other in own if other["batch"] > batch["batch"]), None)
    return SheetStep(
        **step,
        batch=batch["batch"],
        start_minute=batch["start_minute"],
        start=batch["start"],
        end=batch["end"],
        until=None if then is None else then["start"],
        until_minute=None if then is None else then["start_minute"],
    )
