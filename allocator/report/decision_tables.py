"""Tables of the HTML report about decisions, complaints and what ends restrictive placements."""

from collections.abc import Sequence

from allocator.explain.decisions import ComplaintLine, DecisionLine
from allocator.explain.step_down import StepDown
from allocator.model.locks import LockKind
from allocator.report.form import NOTHING, plural, short_date
from allocator.report.tables import Table, columns

KIND_WORDS = {
    LockKind.LOCK: "locked in",
    LockKind.FORBID: "forbidden",
    LockKind.REJECT: "rejected",
}
KEPT_WORDS = {True: "kept", False: "not kept", None: "no place"}


def complaint_table(lines: Sequence[ComplaintLine], *, is_plan: bool = True) -> Table:
    """Open complaints, with the planned place where there is a plan."""
    planned = 6
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            line.person_id,
            line.cell_id,
            f"{short_date(line.opened_at)}, {_ago(line.days)}",
            _with_text(line.reason, line.text),
            line.by,
            line.place_now or NOTHING,
            line.place_planned or "no place",
            "stays until somebody closes it" if line.is_frozen else "not held: urgent, or no cell",
        )
        for line in lines
    )
    names: tuple[str, ...] = (
        "Person",
        "Against",
        "Opened",
        "About",
        "Recorded by",
        "Now",
        "Planned",
        "Moves",
    )
    if not is_plan:
        rows = tuple((*row[:planned], *row[planned + 1 :]) for row in rows)
        names = (*names[:planned], *names[planned + 1 :])
    return Table("complaints", "Open complaints", columns(*names), rows, cap=10_000)


def decision_table(lines: Sequence[DecisionLine]) -> Table:
    """Current locks, bans and rejections."""
    rows = tuple(
        (
            line.person_id,
            f"{KIND_WORDS[line.kind]} {line.cell_id}",
            _with_text(line.reason, line.text),
            line.by,
            short_date(line.at),
            short_date(line.until),
            KEPT_WORDS[line.is_kept],
        )
        for line in lines
    )
    heads = columns("Person", "Decision", "Reason", "By", "On", "Until", "Under this placement")
    marked = frozenset(i for i, line in enumerate(lines) if not line.is_kept)
    return Table("decided", "Officers' decisions", heads, rows, marked=marked, cap=10_000)


def step_down_table(lines: Sequence[StepDown]) -> Table:
    """Restrictive placements."""
    rows = tuple(
        (
            line.person_id,
            line.cell_id,
            f"{line.regime_level}",
            end_words(line),
            target_words(line),
        )
        for line in lines
    )
    heads = columns("Person", "Cell", "#Regime level", "What would end it", "Steps down to")
    marked = frozenset(i for i, line in enumerate(lines) if not line.has_authority)
    return Table("step-down", "Restrictive placements", heads, rows, marked=marked, cap=10_000)


def end_words(line: StepDown) -> str:
    """What ends a restrictive placement, the earliest first."""
    if not line.has_authority:
        return "No current authority carries it: it must end now."
    kind = line.kind.replace("_", " ")
    review = ""
    if line.review_by != line.expires_at:
        review = f"; review of the {kind} authority by {short_date(line.review_by)}"
    grounds = f" ({line.grounds})" if line.grounds else ""
    words = (
        f"Grounds that no longer hold{grounds}{review}; at the latest the end of the "
        f"{kind} authority on {short_date(line.expires_at)}"
    )
    if line.solitary_ends is None:
        return f"{words}."
    return f"{words}, and being alone on {short_date(line.solitary_ends)}."


def target_words(line: StepDown) -> str:
    """The next lower regime of the facility, and whether there is room."""
    if line.next_level is None:
        return "nowhere in this facility: every lower regime is closed to the person"
    units = ", ".join(line.next_units[:3])
    more = f" and {len(line.next_units) - 3} more" if len(line.next_units) > 3 else ""
    room = f"{plural(line.free_places, 'place')} free" if line.free_places else "no place free"
    return f"level {line.next_level}: {units}{more}; {room}"


def _with_text(reason: str, text: str) -> str:
    words = reason.replace("_", " ")
    return f"{words}: {text}" if text else words


def _ago(days: int) -> str:
    return f"{plural(days, 'day')} ago" if days else "today"
