"""A window of moves against the clock: a row for each person, a bar for each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from allocator.report.form import plural
from allocator.report.move_steps import SheetStep, SheetWindow

ROWS = 36  # of one drawing, so that it fits on a sheet of paper
WIDTH, LEFT, RIGHT, TOP = 860, 24, 26, 30
ROW, BAR, WAIT = 20, 15, 9
LETTER = 6.7
LABEL = 22
HOUR_ROOM = 52
NUMBER_ROOM = 18
DAY_HOURS = 24
HOUR = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """From minutes to the picture.

    Parameters
    ----------
    opens : minute of the day at which windows open.
    window : minutes for which they are open. batch : minutes that a batch takes.
    """

    opens: int
    window: int
    batch: int


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a minute of the window is drawn; `span` minutes fill the width."""

    start: int
    span: int

    def x(self, minute: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (minute - self.start) / self.span


def move_drawings(window: SheetWindow, clock: Clock) -> tuple[tuple[str, Markup], ...]:
    """What each drawing shows, in words, and the drawing; one for each `ROWS` people."""
    people = window.people
    last = max(step.start_minute for steps in people for step in steps) + clock.batch
    scale = _Scale(window.opens_minute, max(clock.window, last - window.opens_minute))
    parts = [people[at : at + ROWS] for at in range(0, len(people), ROWS)]
    found = []
    for number, rows in enumerate(parts, 1):
        part = f", part {number} of {len(parts)}" if len(parts) > 1 else ""
        name = f"Window {window.number}{part}: {_counted(rows)}"
        found.append((name, _svg(name, rows, clock, scale)))
    return tuple(found)


def _counted(rows: Sequence[Sequence[SheetStep]]) -> str:
    steps = [step for row in rows for step in row]
    waits = sum(step.is_temporary for step in steps)
    return (
        f"{plural(len(rows), 'person', 'people')} in order, {plural(len(steps), 'step')}"
        f"{f', {waits} of them to a temporary place' if waits else ''}, "
        f"{steps[0].start} to {max(steps, key=lambda step: step.start_minute).end}"
    )


def _svg(name: str, rows: Sequence[Sequence[SheetStep]], clock: Clock, scale: _Scale) -> Markup:
    bottom = TOP + ROW * len(rows) + 6
    height = bottom + 22
    drawn = "".join(
        part for at, row in enumerate(rows) for part in _row(row, TOP + 4 + ROW * at, clock, scale)
    )
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="gantt" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(name)}"><title>{escape(name)}</title>'
        "<desc>Time runs from left to right; people come from top to bottom in the order of their "
        "first step. The table that follows says the same.</desc>"
        f"{''.join(_axis(clock, scale, bottom))}{drawn}</svg>"
    )


def _axis(clock: Clock, scale: _Scale, bottom: int) -> Iterator[str]:
    """Hours above and below, and where the window closes."""
    every = 1
    while (scale.x(HOUR * every) - scale.x(0)) < HOUR_ROOM:
        every += 1
    first = -clock.opens % HOUR
    for at, minute in enumerate(range(first, scale.span + 1, HOUR)):
        x = scale.x(scale.start + minute)
        yield f'<path class="hour" d="M{x:.1f} {TOP - 4}V{bottom}"/>'
        if at % every == 0:
            words = _hour(clock.opens + minute)
            for y in (TOP - 10, bottom + 16):
                yield f'<text class="clock" x="{x:.1f}" y="{y}">{words}</text>'
    closes = scale.x(scale.start + clock.window)
    yield f'<path class="closes" d="M{closes:.1f} {TOP - 4}V{bottom}"/>'


def _hour(minute: int) -> str:
    return f"{minute // HOUR % DAY_HOURS:02}:{minute % HOUR:02}"


def _row(row: Sequence[SheetStep], y: float, clock: Clock, scale: _Scale) -> Iterator[str]:
    """Bars of one person's steps, what is waited between them, and who goes where."""
    end = scale.start + scale.span
    for step in row:
        left, right = scale.x(step.start_minute), scale.x(step.start_minute + clock.batch)
        if step.is_temporary:
            until = scale.x(min(end, end if step.until_minute is None else step.until_minute))
            yield (
                f'<rect class="waits" x="{right:.1f}" y="{y + (BAR - WAIT) / 2:g}"'
                f' width="{max(0.0, until - right):.1f}" height="{WAIT}"/>'
            )
        kind = "step halfway" if step.is_temporary else "step"
        yield (
            f'<g><title>{escape(_step_words(step))}</title><rect class="{kind}" x="{left + 1:.1f}"'
            f' y="{y}" width="{max(right - left - 2, 1):.1f}" height="{BAR}"/>'
            f"{_number(step, (left + right) / 2, y, right - left)}</g>"
        )
    yield _label(row, y, clock, scale)


def _number(step: SheetStep, x: float, y: float, room: float) -> str:
    if room < NUMBER_ROOM:
        return ""
    kind = "number inked" if step.is_temporary else "number"
    return f'<text class="{kind}" x="{x:.1f}" y="{y + BAR - 4:g}">{step.batch}</text>'


def _label(row: Sequence[SheetStep], y: float, clock: Clock, scale: _Scale) -> str:
    """Who goes where: after the last bar, before the first, or on what is waited between."""
    last = row[-1]
    words = f"{_short(last.person_id)} → {_short(last.to_place)}"
    left = scale.x(row[0].start_minute)
    right = scale.x(last.start_minute + clock.batch)
    room = LETTER * len(words) + 6
    x, anchor = right + 5, "start"
    if right + room > WIDTH:
        x, anchor = left - 5, "end"
        if left < room:
            x, anchor = scale.x(row[0].start_minute + clock.batch) + 5, "start"
    return f'<text x="{x:.1f}" y="{y + BAR - 3:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _step_words(step: SheetStep) -> str:
    waits = f", {step.waits}" if step.is_temporary else ""
    return (
        f"Batch {step.batch}, {step.start} to {step.end}: {step.person_id} from "
        f"{step.from_place or 'arrival'} to {step.to_place}{waits}; "
        f"{plural(step.officers, 'officer')}"
    )


def _short(name: str) -> str:
    return name if len(name) <= LABEL else f"{name[: LABEL - 1]}…"
