"""Who an order leaves in a holding location when the first window closes (R29)."""

from typing import Any

from allocator.jobs.order import Ordered
from allocator.model.vocabulary import VirtualPlaceKind
from allocator.report.form import plural


def holding_document(ordered: Ordered) -> dict[str, Any] | None:
    """People still between cells over night, with words; None where nobody is.

    The sequence itself leaves nobody there. Who was there before it began stays where the plan
    has no cell for them, or where their move is left out or comes in a later window.
    """
    held = [
        {"person_id": key, "place": place}
        for key, place in sorted(_after_first_window(ordered).items())
        if place in _holding_places(ordered)
    ]
    if not held:
        return None
    listed = ", ".join(f"{row['person_id']} ({row['place']})" for row in held)
    return {
        "words": (
            f"{plural(len(held), 'person is', 'people are')} still between cells when the window "
            f"closes: {listed}. Nobody may be held there over night (R29); a named person decides "
            "today where they go."
        ),
        "people": held,
    }


def _holding_places(ordered: Ordered) -> frozenset[str]:
    places = ordered.scenario.estate.virtual_places
    return frozenset(p.place_id for p in places if p.kind is VirtualPlaceKind.CSWAP)


def _after_first_window(ordered: Ordered) -> dict[str, str]:
    """Where everybody with a place is when the first window closes, without who is assumed gone."""
    places = {p.person_id: p.current_place for p in ordered.scenario.people}
    for batch in ordered.sequence.batches:
        if batch.start_minute < ordered.sequence.window_minutes:
            places.update((step.person_id, step.to_place) for step in batch.steps)
    gone = frozenset(ordered.assumed_left)
    return {key: place for key, place in places.items() if place is not None and key not in gone}
