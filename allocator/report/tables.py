"""Tables of the HTML report as texts, ready for one template macro."""

from dataclasses import dataclass

from allocator.explain.breakdown import Breakdown
from allocator.explain.exposure import KindExposure
from allocator.explain.occupancy import Occupancy, OccupancyBand
from allocator.model.vocabulary import ExposureKind
from allocator.report.form import (
    KIND_WORDS,
    NOTHING,
    REASON_WORDS,
    percent,
    rule_number,
    short_date,
    signed,
    thousands,
)

INDENT = "\u2003"
BAND_WORDS = {
    OccupancyBand.UP_TO_100: "band 90–100",
    OccupancyBand.UP_TO_110: "band 100–110",
    OccupancyBand.OVER_110: "band over 110",
}


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
            line.signed_by or "not named in the profile",
        )
        for line in breakdown.derogations
    )
    heads = columns("No.", "Person", "Rule", "What", "Place", "#Points", "Signed by")
    return Table("derogations", "Derogations, person by person", heads, rows)


def unplaced_table(breakdown: Breakdown) -> Table:
    """People without a cell."""
    rows = tuple(
        (
            line.person_id,
            line.from_place or "no place yet",
            "; ".join(
                f"{rule_number(rule)} excludes {thousands(cells)} cells"
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


def space_table(breakdown: Breakdown) -> Table:
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
        for line in breakdown.space
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
    marked = frozenset(i for i, line in enumerate(breakdown.space) if line.limit_reached)
    return Table("space", "Days below the space floors", heads, rows, marked=marked)


def unit_table(breakdown: Breakdown) -> Table:
    """Places and occupancy per facility, wing and landing."""
    rows = tuple(
        (
            f"{INDENT * unit.depth}{unit.name}",
            unit.unit_type.value,
            thousands(unit.cna),
            thousands(unit.effective),
            thousands(unit.max_capacity),
            thousands(unit.before.held),
            thousands(unit.after.held),
            share(unit.before),
            share(unit.after),
        )
        for unit in breakdown.units
    )
    heads = columns(
        "Unit",
        "Type",
        "#Certified",
        "#Effective",
        "#Maximum",
        "#Held now",
        "#Held, plan",
        "#Occupancy now",
        "#Occupancy, plan",
    )
    marked = frozenset(i for i, unit in enumerate(breakdown.units) if unit.depth == 0)
    return Table("units", "Places and occupancy", heads, rows, first=12, marked=marked)


def share(found: Occupancy) -> str:
    """Occupancy in per cent, with its band from 90 % on."""
    if found.percent is None:
        return "no places"
    band = BAND_WORDS.get(found.band)
    return f"{percent(found.percent)}, {band}" if band else percent(found.percent)


def category_table(breakdown: Breakdown) -> Table:
    """Capacity per legal category."""
    rows = tuple(
        (
            line.category[:1].upper() + line.category[1:],
            thousands(line.places),
            thousands(line.held_before),
            thousands(line.held_after),
            thousands(line.in_designated),
            share(line.occupancy) if line.places else "none designated",
            thousands(line.missing),
        )
        for line in breakdown.categories
    )
    heads = columns(
        "Legal category",
        "#Places designated",
        "#Held now",
        "#Held, plan",
        "#Of these in designated places",
        "#Held against designated places",
        "#Places missing",
    )
    return Table("categories", "Capacity per legal category", heads, rows)


def review_table(breakdown: Breakdown) -> Table:
    """The review calendar."""
    rows = tuple(
        (
            short_date(line.due),
            f"overdue by {-line.days} days" if line.is_overdue else f"in {line.days} days",
            line.subject,
            line.what,
        )
        for line in breakdown.reviews
    )
    heads = columns("Due", "When", "Person", "Review")
    marked = frozenset(i for i, line in enumerate(breakdown.reviews) if line.is_overdue)
    more = "The calendar goes on; only the first rows are shown."
    return Table("reviews", "Review calendar", heads, rows, marked=marked, more=more)


def quality_table(breakdown: Breakdown) -> Table:
    """Gaps in the data."""
    rows = tuple(
        (line.words, thousands(line.count), thousands(line.of), percent(line.percent), line.effect)
        for line in breakdown.quality
    )
    heads = columns("What", "#Number", "#Of", "#Share", "What the program does")
    return Table("quality", "Data quality", heads, rows, first=20)


def tier_table(breakdown: Breakdown) -> Table:
    """Goals in their order with the proven bounds."""
    rows = tuple(
        (
            line.words,
            thousands(line.value),
            thousands(line.bound) if line.bound is not None else "not known",
            "proven optimal" if line.gap == 0 else _gap(line.gap),
        )
        for line in breakdown.tiers
    )
    heads = columns("Goal, in order", "#Value", "#Proven bound", "What is proven")
    return Table("tiers", "Goals in their order", heads, rows, first=20)


def _gap(gap: int | None) -> str:
    return NOTHING if gap is None else f"at most {thousands(gap)} lower is possible"


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
            "leaves the unit" if hold.leaves else "stays: decide today",
        )
        for hold in breakdown.unlawful_holds
    )
    heads = columns("Person", "Held at", "Authority expired", "Planned cell", "Under this plan")
    return Table("holds", "People held without a current authority", heads, rows, first=30)
