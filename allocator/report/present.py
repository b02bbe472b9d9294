"""The present placement as one HTML file that needs nothing else."""

from collections.abc import Collection

from allocator.explain.present import Present
from allocator.report import decision_tables, estate_tables, tables
from allocator.report.page import environment, style_sheet


def render_present(present: Present, parts: Collection[str]) -> str:
    """A page with the parts asked for: quality, capacity, space, reviews."""
    from markupsafe import Markup

    made = {
        "quality": estate_tables.quality_table(present.quality),
        "categories": estate_tables.category_table(present.categories, is_plan=False),
        "units": estate_tables.unit_table(present.units, is_plan=False, first=40),
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
