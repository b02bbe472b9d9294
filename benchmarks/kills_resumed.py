"""Where attempts after a kill set out from, as the events of the runs tell it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from allocator.service.queue.events import News
from allocator.service.queue.leases import GOES_ON_FROM
from allocator.service.root import Service
from allocator.store.tables import RunEvent

WHY = (News.LEASE_LOST, News.PROCESS_LOST, News.HANDED_BACK)


@dataclass(frozen=True)
class Resumptions:
    """Attempts after the first one of their runs.

    Parameters
    ----------
    from_incumbent : how many of them had a placement to go on from.
    why : how often each reason put a run back into the queue.
    faults : attempts and runs that fell behind where they set out from.
    """

    again: int
    from_incumbent: int
    why: dict[str, int]
    faults: tuple[str, ...]


def resumptions_of(service: Service) -> Resumptions:
    """What the events of every run say."""
    order = (RunEvent.run_id, RunEvent.number)
    with service.database.read() as session:
        events = session.scalars(select(RunEvent).order_by(*order)).all()
        began = [e.data for e in events if e.kind == News.RUNNING]
        runs = [list(own) for _, own in groupby(events, key=lambda e: e.run_id)]
        return Resumptions(
            again=len(began) - len(runs),
            from_incumbent=sum(GOES_ON_FROM in data for data in began),
            why=dict(Counter(e.kind for e in events if e.kind in WHY)),
            faults=tuple(fault for own in runs for fault in _faults(own)),
        )


def _faults(events: Sequence[RunEvent]) -> Iterator[str]:
    """Values are better when they are smaller, the first tier before the others."""
    last = [e.data["values"] for e in events if e.kind == News.PROGRESS]
    for position, event in enumerate(events):
        set_out = event.data.get(GOES_ON_FROM) if event.kind == News.RUNNING else None
        if set_out is None:
            continue
        first = _first_values(events[position + 1 :])
        if first is not None and first > set_out:
            yield f"run {event.run_id} set out from {set_out} and began at {first}"
        if last and last[-1] > set_out:
            yield f"run {event.run_id} set out from {set_out} and ended at {last[-1]}"


def _first_values(events: Sequence[RunEvent]) -> Any:
    """The first values that an attempt told, None if it told none."""
    for event in events:
        if event.kind == News.RUNNING:
            return None
        if event.kind == News.PROGRESS:
            return event.data["values"]
    return None
