"""Spillover against collusion: policies as points with a letter, ranges as whiskers."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from allocator.report.form import thousands

PANEL = 300
LEFT, RIGHT, TOP, BOTTOM = 16, 16, 40, 46
LABEL_STEP = 13
WHISKER_END = 3


@dataclass(frozen=True, slots=True)
class PolicyPoint:
    """One policy; ranges are lowest and highest under uncertain influence edges."""

    letter: str
    policy: str
    spillover: int
    collusion: int
    spillover_range: tuple[int, int]
    collusion_range: tuple[int, int]


def picture_svg(points: Sequence[PolicyPoint]) -> Markup:
    """The picture of one set of contact weights.

    Both axes start at 0 and end at this set's largest values: sets are different units and are
    not to be compared with one another.
    """
    scale = _Scale(
        max([point.spillover_range[1] for point in points] + [1]),
        max([point.collusion_range[1] for point in points] + [1]),
    )
    parts = [_axes(scale), *(_whiskers(point, scale) for point in points), *_dots(points, scale)]
    said = escape("; ".join(_words(point) for point in points))
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="scatter" viewBox="0 0 {PANEL} {PANEL}" width="{PANEL}" height="{PANEL}"'
        f' role="img" aria-label="{said}">{"".join(parts)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    most_x: int
    most_y: int

    def x(self, value: int) -> float:
        return LEFT + (PANEL - LEFT - RIGHT) * value / self.most_x

    def y(self, value: int) -> float:
        return PANEL - BOTTOM - (PANEL - TOP - BOTTOM) * value / self.most_y


def _words(point: PolicyPoint) -> str:
    return (
        f"{point.letter} {point.policy}: spillover {thousands(point.spillover)}"
        f" ({_range_words(point.spillover_range)}),"
        f" collusion {thousands(point.collusion)} ({_range_words(point.collusion_range)})"
    )


def _range_words(found: tuple[int, int]) -> str:
    low, high = found
    return f"{thousands(low)} to {thousands(high)}"


def _axes(scale: _Scale) -> str:
    bottom, right = PANEL - BOTTOM, PANEL - RIGHT
    return (
        f'<path class="axis" d="M{LEFT} {TOP - 8}V{bottom}H{right}"/>'
        f'<path class="grid" d="M{LEFT} {TOP}H{right}V{bottom}"/>'
        f'<text x="{LEFT}" y="14">↑ collusion, to {thousands(scale.most_y)}</text>'
        f'<text x="{LEFT}" y="{bottom + 18}">0</text>'
        f'<text x="{right}" y="{bottom + 18}" text-anchor="end">'
        f"spillover, to {thousands(scale.most_x)} →</text>"
    )


def _whiskers(point: PolicyPoint, scale: _Scale) -> str:
    x, y = scale.x(point.spillover), scale.y(point.collusion)
    left, right = (scale.x(value) for value in point.spillover_range)
    low, high = (scale.y(value) for value in point.collusion_range)
    ends = "".join(
        f"M{end:.1f} {y - WHISKER_END:.1f}v{2 * WHISKER_END}" for end in (left, right)
    ) + "".join(f"M{x - WHISKER_END:.1f} {end:.1f}h{2 * WHISKER_END}" for end in (low, high))
    return (
        f'<path class="whisker" d="M{left:.1f} {y:.1f}H{right:.1f}M{x:.1f} {low:.1f}V{high:.1f}'
        f'{ends}"/>'
    )


def _dots(points: Sequence[PolicyPoint], scale: _Scale) -> list[str]:
    """Points with a letter each; letters of points at one place are set side by side."""
    drawn, used = [], [(-99.0, -99.0)]
    at = sorted((scale.x(p.spillover), scale.y(p.collusion), p.letter) for p in points)
    for x, y, letter in at:
        near = sum(abs(x - a) < LABEL_STEP and abs(y - b) < LABEL_STEP for a, b in used)
        used.append((x, y))
        toward = -1 if x > PANEL / 2 else 1
        label_x = x + toward * (10 + LABEL_STEP * near)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
            f'<text class="letter" x="{label_x:.1f}" y="{y - 7:.1f}" text-anchor="middle">'
            f"{escape(letter)}</text>"
        )
    return drawn
