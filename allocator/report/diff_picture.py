"""Exposure that each person receives in plan A against plan B; under the diagonal B is better."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from allocator.report.form import plural, thousands

PANEL = 320
LEFT, RIGHT, TOP, BOTTOM = 16, 16, 40, 46
SPAN = PANEL - LEFT - RIGHT
SMALL, LARGE = 3.5, 6.0
MANY = 5


def received_svg(people: Iterable[Mapping[str, Any]]) -> Markup:
    """A dot for each pair of values, larger where five people or more share it.

    Parameters
    ----------
    people : `a` and `b` of each person, exposure received, 0 or more.
    """
    dots = Counter((line["a"], line["b"]) for line in people)
    most = max([value for pair in dots for value in pair] + [1])
    drawn = "".join(_dot(a, b, count, most) for (a, b), count in sorted(dots.items()))
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="scatter" viewBox="0 0 {PANEL} {PANEL}" width="{PANEL}" height="{PANEL}"'
        f' role="img" aria-label="{escape(picture_words(dots))}">{_axes(most)}{drawn}</svg>'
    )


def picture_words(dots: Mapping[tuple[int, int], int]) -> str:
    """What the picture shows, counted."""
    less = sum(count for (a, b), count in dots.items() if b < a)
    more = sum(count for (a, b), count in dots.items() if b > a)
    same = sum(dots.values()) - less - more
    return (
        f"{plural(less, 'person', 'people')} under the diagonal receive less in B, "
        f"{plural(more, 'person', 'people')} above it more, {thousands(same)} on it the same."
    )


def _x(value: int, most: int) -> float:
    return LEFT + SPAN * value / most


def _y(value: int, most: int) -> float:
    return PANEL - BOTTOM - (PANEL - TOP - BOTTOM) * value / most


def _dot(a: int, b: int, count: int, most: int) -> str:
    radius = LARGE if count >= MANY else SMALL
    return f'<circle class="dot" cx="{_x(a, most):.1f}" cy="{_y(b, most):.1f}" r="{radius}"/>'


def _axes(most: int) -> str:
    bottom, right = PANEL - BOTTOM, PANEL - RIGHT
    return (
        f'<path class="axis" d="M{LEFT} {TOP - 8}V{bottom}H{right}"/>'
        f'<path class="grid" d="M{LEFT} {bottom}L{right} {TOP}"/>'
        f'<text x="{LEFT}" y="14">↑ received in B, to {thousands(most)}</text>'
        f'<text x="{LEFT}" y="{bottom + 18}">0</text>'
        f'<text x="{right}" y="{bottom + 18}" text-anchor="end">'
        f"received in A, to {thousands(most)} →</text>"
        f'<text x="{LEFT + 8}" y="{TOP + 8}">more in B</text>'
        f'<text x="{right - 4}" y="{bottom - 8}" text-anchor="end">less in B</text>'
    )
