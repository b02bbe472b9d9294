"""Tables of the HTML report about places, records and goals."""

from collections.abc import Sequence

from allocator.explain.breakdown import Breakdown
from allocator.explain.data_quality import QualityLine
from allocator.explain.occupancy import (
    CategoryCapacity,
    Occupancy,
    OccupancyBand,
    UnitOccupancy,
)
from allocator.explain.reviews import ReviewLine
from allocator.report.form import NOTHING, percent, plural, short_date, thousands
from allocator.report.tables import Table, columns

INDENT = "\u2003"
BAND_WORDS = {
    OccupancyBand.UP_TO_100: "band 90–100",
    OccupancyBand.UP_TO_110: "band 100–110",
    OccupancyBand.OVER_110: "band over 110",
}


def unit_table(units: Sequence[UnitOccupancy], *, is_plan: bool = True, first: int = 12) -> Table:
    """Places and occupancy per facility, wing and landing; with a plan, now and under it."""
    rows = tuple(
        (
            f"{INDENT * unit.depth}{unit.name}",
            unit.unit_type.value,
            thousands(unit.cna),
            thousands(unit.effective),
            thousands(unit.max_capacity),
            *(thousands(side.held) for side in _sides(unit, is_plan=is_plan)),
            *(share(side) for side in _sides(unit, is_plan=is_plan)),
        )
        for unit in units
    )
    sides = ("#Held now", "#Held, plan", "#Occupancy now", "#Occupancy, plan")
    heads = columns(
        "Unit",
        "Type",
        "#Certified",
        "#Effective",
        "#Maximum",
        *(sides if is_plan else ("#Held", "#Occupancy")),
    )
    marked = frozenset(i for i, unit in enumerate(units) if unit.depth == 0)
    return Table("units", "Places and occupancy", heads, rows, first=first, marked=marked)


def _sides(unit: UnitOccupancy, *, is_plan: bool) -> tuple[Occupancy, ...]:
    return (unit.before, unit.after) if is_plan else (unit.before,)


def share(found: Occupancy) -> str:
    """Occupancy in per cent, with its band from 90 % on."""
    if found.percent is None:
        return "no places"
    band = BAND_WORDS.get(found.band)
    return f"{percent(found.percent)}, {band}" if band else percent(found.percent)


def category_table(lines: Sequence[CategoryCapacity], *, is_plan: bool = True) -> Table:
    """Capacity per legal category; with a plan, now and under it, and what is missing."""
    rows = tuple(
        (
            line.category[:1].upper() + line.category[1:],
            thousands(line.places),
            thousands(line.people),
            thousands(line.held_before),
            *((thousands(line.held_after),) if is_plan else ()),
            thousands(line.in_designated),
            share(line.occupancy) if line.places else "none designated",
            *((thousands(line.missing),) if is_plan else ()),
        )
        for line in lines
    )
    heads = columns(
        "Legal category",
        "#Places designated",
        "#People",
        *(("#Held now", "#Held, plan") if is_plan else ("#Held",)),
        "#Of these in designated places",
        "#People against designated places",
        *(("#Places missing",) if is_plan else ()),
    )
    return Table("categories", "Capacity per legal category", heads, rows)


def review_table(lines: Sequence[ReviewLine]) -> Table:
    """The review calendar."""
    rows = tuple(
        (
            short_date(line.due),
            _when(line.days),
            line.subject,
            line.what,
        )
        for line in lines
    )
    heads = columns("Due", "When", "Person", "Review")
    marked = frozenset(i for i, line in enumerate(lines) if line.is_overdue)
    more = "The calendar goes on; only the first rows are shown."
    return Table("reviews", "Review calendar", heads, rows, marked=marked, more=more)


def _when(days: int) -> str:
    if days == 0:
        return "today"
    words = plural(abs(days), "day")
    return f"overdue by {words}" if days < 0 else f"in {words}"


def quality_table(lines: Sequence[QualityLine]) -> Table:
    """Gaps in the data."""
    rows = tuple(
        (line.words, thousands(line.count), thousands(line.of), percent(line.percent), line.effect)
        for line in lines
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
