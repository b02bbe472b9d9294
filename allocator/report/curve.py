"""What more moves are worth: one page from the document of `allocator curve`, no number added."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from allocator.model.vocabulary import ExposureKind
from allocator.report.curve_picture import CurveDot, curve_svg
from allocator.report.form import KIND_WORDS, thousands
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

SHOWN = 40


def render_curve_html(document: Mapping[str, Any]) -> str:
    """One self-contained page."""
    return (
        environment()
        .get_template("curve.html.j2")
        .render(
            d=document,
            title=f"What more moves are worth: {document['scenario']}",
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            pictures=pictures(document),
            tables={
                "points": point_table(document),
                "steps": step_table(document["steps"]),
                "kinds": kind_table(document["points"]),
            },
        )
    )


def pictures(document: Mapping[str, Any]) -> tuple[tuple[str, Markup], ...]:
    """Name and picture of each compared tier that differs; the last, exposure, first."""
    tiers = document["compared_tiers"]
    each = [(tier["words"], curve_dots(document, k)) for k, tier in enumerate(tiers)]
    differing = [(name, dots) for name, dots in each if len({dot.value for dot in dots}) > 1]
    return tuple((name, curve_svg(name, dots)) for name, dots in reversed(differing))


def curve_dots(document: Mapping[str, Any], k: int) -> tuple[CurveDot, ...]:
    """The points of compared tier k."""
    tiers = [line["tier"] for line in document["compared_tiers"]]
    knees = {line["tier"]: line["moves"] for line in document["knees"]}
    points = document["points"]

    def before(point: Mapping[str, Any]) -> list[int]:
        return [point["tiers"][tier] for tier in tiers[:k]]

    return tuple(
        CurveDot(
            moves=point["moves_allowed"],
            value=point["tiers"][tiers[k]],
            is_comparable=before(point) == before(points[-1]),
            is_knee=knees.get(tiers[k]) == point["moves_allowed"],
        )
        for point in points
    )


def point_table(document: Mapping[str, Any]) -> Table:
    """Every plan: moves allowed and used, the compared tiers, the bound of the last of them."""
    tiers = document["compared_tiers"]
    last = tiers[-1]["tier"]
    rows = tuple(
        (
            thousands(point["moves_allowed"]),
            thousands(point["moves_used"]),
            *(thousands(point["tiers"][line["tier"]]) for line in tiers),
            "unknown" if point["bounds"][last] is None else thousands(point["bounds"][last]),
            thousands(point["derogations"]),
            _plan_words(point),
        )
        for point in document["points"]
    )
    heads = columns(
        "Moves allowed",
        "#Moves used",
        *(f"#{line['words']}" for line in tiers),
        "#Proven bound of the last",
        "#Derogations",
        "Plan",
    )
    knees = {line["moves"] for line in document["knees"]}
    at_knee = (k for k, point in enumerate(document["points"]) if point["moves_allowed"] in knees)
    caption = "Verified plans; a knee in bold"
    return Table("points", caption, heads, rows, first=SHOWN, marked=frozenset(at_knee))


def _plan_words(point: Mapping[str, Any]) -> str:
    """Whose plan a point has: its own, its own by way of the point before, or an earlier one."""
    if point["plan_of"] != point["moves_allowed"]:
        return f"as with {thousands(point['plan_of'])}"
    return "own, found from the point before" if point["made_by"] == "onward" else "own"


def step_table(steps: Sequence[Mapping[str, Any]]) -> Table:
    """What each step of further moves is worth."""
    rows = tuple(
        (f"{thousands(step['from'])} → {thousands(step['to'])}", step["words"]) for step in steps
    )
    heads = columns("Moves", "What further moves would do")
    return Table("steps", "Step by step", heads, rows, first=SHOWN)


def kind_table(points: Sequence[Mapping[str, Any]]) -> Table:
    """Exposure by kind, unweighted."""
    rows = tuple(
        (
            thousands(point["moves_allowed"]),
            *(thousands(point["exposure"][kind.value]) for kind in ExposureKind),
        )
        for point in points
    )
    kinds = tuple(f"#{KIND_WORDS[kind][0]}" for kind in ExposureKind)
    caption = "Exposure by kind, in points times contact"
    return Table("kinds", caption, columns("Moves allowed", *kinds), rows, first=SHOWN)
