"""Tables of the HTML report about places, records and goals."""

from collections.abc import Sequence

from allocator.explain.breakdown import Breakdown
from allocator.explain.data_quality import QualityLine
from allocator.explain.occupancy import Occupancy, OccupancyBand
from allocator.explain.reviews import ReviewLine
from allocator.report.form import NOTHING, percent, plural, short_date, thousands
from allocator.report.tables import Table, columns

INDENT = "\u2003"
BAND_WORDS = {
    OccupancyBand.UP_TO_100: "band 90–100",
    OccupancyBand.UP_TO_110: "band 100–110",
    OccupancyBand.OVER_110: "band over 110",
}


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
            thousands(line.people),
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
        "#People",
        "#Held now",
        "#Held, plan",
        "#Of these in designated places",
        "#People against designated places",
        "#Places missing",
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
