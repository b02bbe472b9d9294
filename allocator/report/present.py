"""The present placement as one HTML file that needs nothing else."""

from collections.abc import Collection

from allocator.explain.present import Present
from allocator.report import decision_tables, estate_tables, tables
from allocator.report.form import NOTHING, thousands
from allocator.report.page import environment, style_sheet

INDENT = estate_tables.INDENT


def render_present(present: Present, parts: Collection[str]) -> str:
    """A page with the parts asked for: quality, capacity, space, reviews."""
    from markupsafe import Markup

    made = {
        "quality": estate_tables.quality_table(present.quality),
        "categories": _category_table(present),
        "units": _unit_table(present),
        "space": tables.space_table(present.space),
        "reviews": estate_tables.review_table(present.reviews),
        "step_downs": decision_tables.step_down_table(present.step_downs),
        "complaints": decision_tables.complaint_table(present.complaints, is_plan=False),
        "decided": decision_tables.decision_table(present.decisions),
    }
    return (
        environment()
        .get_template("present.html.j2")
        .render(
            p=present,
            parts=parts,
            tables=made,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
        )
    )


def _category_table(present: Present) -> tables.Table:
    rows = tuple(
        (
            line.category[:1].upper() + line.category[1:],
            thousands(line.places),
            NOTHING if line.people is None else thousands(line.people),
            thousands(line.held_before),
            thousands(line.in_designated),
            estate_tables.share(line.occupancy) if line.places else "none designated",
        )
        for line in present.categories
    )
    heads = tables.columns(
        "Legal category",
        "#Places designated",
        "#People",
        "#Held",
        "#Of these in designated places",
        "#People against designated places",
    )
    return tables.Table("categories", "Capacity per legal category", heads, rows)


def _unit_table(present: Present) -> tables.Table:
    rows = tuple(
        (
            f"{INDENT * unit.depth}{unit.name}",
            unit.unit_type.value,
            thousands(unit.cna),
            thousands(unit.effective),
            thousands(unit.max_capacity),
            thousands(unit.before.held),
            estate_tables.share(unit.before),
        )
        for unit in present.units
    )
    heads = tables.columns(
        "Unit", "Type", "#Certified", "#Effective", "#Maximum", "#Held", "#Occupancy"
    )
    marked = frozenset(i for i, unit in enumerate(present.units) if unit.depth == 0)
    return tables.Table("units", "Places and occupancy", heads, rows, first=40, marked=marked)
