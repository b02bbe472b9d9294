"""What an order says of windows, of decisions that it waits for, and of what it assumes."""

from collections.abc import Sequence as Listed
from typing import Any

from allocator.jobs.order import Ordered
from allocator.jobs.order_departures import Departure
from allocator.model.sequence import DAY_MINUTES, Sequence
from allocator.report.form import plural

WINDOW_OPENS = 8 * 60
MOST_NAMED = 12


def clock(minute: int) -> str:
    """Time of day some minutes after the window opens (P25), with the day where it is another."""
    days, rest = divmod(WINDOW_OPENS + minute, DAY_MINUTES)
    return f"{rest // 60:02}:{rest % 60:02}" + (f" +{days} d" if days else "")


def window_words(sequence: Sequence) -> str | None:
    """How many windows are needed; None where one is enough."""
    windows = sequence.windows
    if len(windows) < 2:
        return None
    first = _home(sequence, 0)
    return (
        f"Not everything fits into one window ({clock(0)} to {clock(sequence.window_minutes)}): "
        f"{plural(len(windows), 'window')} on consecutive days; "
        f"{first:,} of {len(sequence.target):,} moves in the first. After each, everybody is where "
        "the plan wants them or where they were. Plan again before each further window: the later "
        "ones are a forecast."
    )


def window_documents(ordered: Ordered) -> list[dict[str, Any]]:
    """Each window with its moves, and the judge's values of the state that it leaves."""
    sequence, minutes = ordered.sequence, ordered.scenario.profile.thresholds.minutes_per_move
    found: list[dict[str, Any]] = []
    number = 0
    for at, window in enumerate(sequence.windows):
        steps = [step for batch in window for step in batch.steps]
        after = ordered.nights[at] if ordered.nights else None
        found.append(
            {
                "window": window[0].start_minute // DAY_MINUTES + 1,
                "opens": clock(window[0].start_minute),
                "ends": clock(window[-1].start_minute + minutes),
                "batches": [number + 1, number + len(window)],
                "moves": _home(sequence, at),
                "steps": len(steps),
                "temporary_steps": sum(step.is_temporary for step in steps),
                "most_officers": max(sum(s.officers for s in b.steps) for b in window),
                "unlawful_after": None if after is None else len(after.unlawful),
                "unplaced_after": None if after is None else len(after.unplaced),
                "tiers_after": None if after is None else _tiers(after.tiers),
            }
        )
        number += len(window)
    return found


def assumption_words(ordered: Ordered) -> str | None:
    """What the order assumes; None for nothing."""
    gone = ordered.assumed_left
    if not gone:
        return None
    have = "has" if len(gone) == 1 else "have"
    return (
        f"ASSUMED, not decided: {', '.join(gone)} {have} left the cell before anybody else moves. "
        "The plan gives no place there; a named person decides where they go. Until then nothing "
        "below may be carried out."
    )


def decision_document(ordered: Ordered) -> dict[str, Any] | None:
    """Who holds moves up by having no place in the plan; None where nobody does."""
    sequence = ordered.sequence
    if not (sequence.undecided and sequence.left_out):
        return None
    present = {p.person_id: p.current_place for p in ordered.scenario.people}
    return {
        "words": _decision_words(sequence, ordered.departures),
        "people": [{"person_id": key, "cell": present[key]} for key in sequence.undecided],
        "if_left": [
            {"person_ids": list(entry.person_ids), "moves": entry.moves}
            for entry in ordered.departures
        ],
    }


def _decision_words(sequence: Sequence, departures: Listed[Departure]) -> str:
    people, moves = sequence.undecided, len(sequence.target)
    named = ", ".join(people[:MOST_NAMED])
    more = f" and {len(people) - MOST_NAMED:,} more" if len(people) > MOST_NAMED else ""
    they = "this person goes" if len(people) == 1 else "these people go"
    words = (
        f"{plural(len(people), 'person has', 'people have')} a cell now and no place in the plan: "
        f"{named}{more}. Until somebody decides where {they}, they stay, and "
        f"{moves - len(sequence.left_out):,} of {moves:,} moves can be made."
    )
    for entry in departures:
        who = entry.person_ids[0] if len(entry.person_ids) == 1 else f"all {len(people):,}"
        words += f" If {who} had left, at least {entry.moves:,} could be."
    return words


def _home(sequence: Sequence, window: int) -> int:
    return sum(not step.is_temporary for batch in sequence.windows[window] for step in batch.steps)


def _tiers(tiers: Any) -> dict[str, int]:
    return {tier.value: value for tier, value in tiers.items()}
