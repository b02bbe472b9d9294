"""Tables of the HTML report as texts, ready for one template macro."""

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.explain.breakdown import Breakdown
from allocator.explain.exposure import KindExposure
from allocator.explain.space_days import SpaceLine
from allocator.model.vocabulary import ExposureKind
from allocator.report.form import (
    KIND_WORDS,
    NOTHING,
    REASON_WORDS,
    plural,
    role_words,
    rule_number,
    short_date,
    signed,
    thousands,
)

SIGNED_ROWS = 10_000  # what is signed is named in the page itself, in a single prison


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and whether it holds numbers, which are set right."""

    name: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; the first column names the row.

    Parameters
    ----------
    first : rows shown at once, the others folded away.
    cap : rows shown at all; `more` says where the rest is.
    marked : positions of rows to be set off, each of which says why in its texts.
    """

    table_id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int = 10
    cap: int = 500
    more: str = "The rest is in moves.xlsx."
    marked: frozenset[int] = frozenset()


def columns(*names: str) -> tuple[Column, ...]:
    """Columns from their headings; one that begins with # is numeric."""
    return tuple(Column(name.removeprefix("#"), name.startswith("#")) for name in names)


def derogation_table(breakdown: Breakdown) -> Table:
    """Derogations person by person with the role that signs."""
    rows = tuple(
        (
            f"{line.number}",
            line.person_id or NOTHING,
            f"{rule_number(line.rule)} {line.words}",
            line.detail or NOTHING,
            line.place or NOTHING,
            thousands(line.points),
            role_words(line.signed_by) or "not named in the profile",
        )
        for line in breakdown.derogations
    )
    heads = columns("No.", "Person", "Rule", "What", "Place", "#Points", "Signed by")
    return Table("derogations", "Derogations, person by person", heads, rows, cap=SIGNED_ROWS)


def unmet_table(breakdown: Breakdown) -> Table:
    """Breaches that nobody signs, person by person."""
    rows = tuple(
        (
            line.person_id or NOTHING,
            f"{rule_number(line.rule)} {line.words}",
            line.detail or NOTHING,
            line.place or NOTHING,
            thousands(line.points) if line.points else "reported only",
        )
        for line in breakdown.unmet
    )
    heads = columns("Person", "Rule", "What", "Place", "#Points")
    return Table("unmet", "Rules not kept that nobody signs for", heads, rows)


def departure_table(breakdown: Breakdown) -> Table:
    """People who are not where the last plan wanted them."""
    lines = breakdown.revision.departures if breakdown.revision else ()
    rows = tuple(
        (line.person_id, line.planned_place, line.cell_id or "no place", line.words)
        for line in lines
    )
    heads = columns("Person", "Last plan", "This plan", "Why")
    return Table("departures", "Changes against the last plan", heads, rows, more="--json has all.")


def unplaced_table(breakdown: Breakdown) -> Table:
    """People without a cell."""
    rows = tuple(
        (
            line.person_id,
            line.from_place or "no place yet",
            "; ".join(
                f"{rule_number(rule)} excludes {plural(cells, 'cell')}"
                for rule, _, cells in line.blocked_by
            )
            or "no cell is excluded; the places are taken",
        )
        for line in breakdown.unplaced
    )
    heads = columns("Person", "Now at", "What excludes the cells")
    return Table("unplaced", "People without a place", heads, rows)


def kind_table(breakdown: Breakdown) -> Table:
    """Exposure by kind, now and under the plan."""
    rooms = bool(breakdown.dormitories.rooms)
    rows = tuple(_kind_row(kind)[: 5 if rooms else 4] for kind in breakdown.kinds)
    heads = columns("Kind", "#Now", "#Plan", "#Change", "#Of the plan's: in large rooms")
    heads = heads[: 5 if rooms else 4]
    return Table("kinds", "Exposure by kind, in points times contact", heads, rows)


def _kind_row(kind: KindExposure) -> tuple[str, ...]:
    return (
        KIND_WORDS[kind.kind][0],
        thousands(kind.before),
        thousands(kind.after),
        signed(kind.change),
        thousands(kind.in_dormitories),
    )


def exposed_table(breakdown: Breakdown) -> Table:
    """The people most exposed, by kind."""
    rows = tuple(
        (
            line.person_id,
            line.cell_before or NOTHING,
            line.cell_after or NOTHING,
            thousands(line.received_before),
            thousands(line.received_after),
            *(_pair(line.before[kind], line.after[kind]) for kind in ExposureKind),
        )
        for line in breakdown.most_exposed
    )
    kinds = tuple(f"#{KIND_WORDS[kind][0]}" for kind in ExposureKind)
    heads = columns(
        "Person", "Cell now", "Cell planned", "#Received now", "#Received, plan", *kinds
    )
    caption = "People who receive most exposure (each kind: now → plan)"
    return Table("exposed", caption, heads, rows, first=15)


def _pair(before: int, after: int) -> str:
    return f"{thousands(before)} → {thousands(after)}" if before or after else NOTHING


def moves_table(breakdown: Breakdown) -> Table:
    """Moves and first placements."""
    rows = tuple(
        (
            move.person_id,
            move.from_place or "arrival",
            move.to_cell,
            move.from_wing or NOTHING,
            move.to_wing,
            move.kind,
            f"{move.officers} × {move.minutes} min" if move.officers else NOTHING,
            REASON_WORDS[move.reason],
        )
        for move in breakdown.moves
    )
    heads = columns(
        "Person", "From", "To", "Wing now", "Wing planned", "Kind", "#Officers", "Reason"
    )
    return Table("moves", "Moves and first placements", heads, rows)


def space_table(lines: Sequence[SpaceLine]) -> Table:
    """People below a space floor with their days."""
    rows = tuple(
        (
            line.person_id,
            line.cell_id,
            f"{line.area_per_place_m2:.2f}",
            "hard floor" if line.below_hard else "warning floor",
            f"{thousands(line.hard_days)} → {thousands(line.hard_days_next)}",
            f"{thousands(line.warning_days)} → {thousands(line.warning_days_next)}",
            "limit reached" if line.limit_reached else "",
        )
        for line in lines
    )
    heads = columns(
        "Person",
        "Cell",
        "#m² each",
        "Below the",
        "#Days in a row, now → next day",
        "#Days below warning floor, now → next day",
        "Note",
    )
    marked = frozenset(i for i, line in enumerate(lines) if line.limit_reached)
    return Table("space", "Days below the space floors", heads, rows, marked=marked)


def reason_table(breakdown: Breakdown) -> Table:
    """Moves by reason."""
    rows = tuple(
        (REASON_WORDS[reason], thousands(count))
        for reason, count in breakdown.move_totals.by_reason.items()
    )
    return Table("reasons", "Moves by reason", columns("Reason", "#Moves"), rows)


def hold_table(breakdown: Breakdown) -> Table:
    """People held without a current authority."""
    rows = tuple(
        (
            hold.person_id,
            hold.place_now,
            short_date(hold.expired_at),
            hold.place_planned or "no place",
            "leaves the unit" if hold.leaves else "no lawful place found: decide today",
        )
        for hold in breakdown.unlawful_holds
    )
    heads = columns("Person", "Held at", "Authority expired", "Planned cell", "Under this plan")
    return Table("holds", "People held without a current authority", heads, rows, first=30)
