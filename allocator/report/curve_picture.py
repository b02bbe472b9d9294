"""A tier against the number of moves allowed, with its knee."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from allocator.report.form import thousands

WIDTH, HEIGHT = 340, 280
LEFT, RIGHT, TOP, BOTTOM = 18, 22, 40, 50
LABEL_WIDTH = 34
KNEE_RADIUS = 9
LABEL_ROOM = 90


@dataclass(frozen=True, slots=True)
class CurveDot:
    """A point of a curve.

    Parameters
    ----------
    is_comparable : equal to the last point in all tiers before this one; others are drawn hollow
        and no line leads to them.
    """

    moves: int
    value: int
    is_comparable: bool
    is_knee: bool


def curve_svg(name: str, dots: Sequence[CurveDot]) -> Markup:
    """The picture of one tier; `dots` in the order of moves.

    The axis of values goes from the least to the greatest and does not start at 0, which is said.
    """
    scale = _Scale(dots)
    parts = [_axes(scale), _line(dots, scale), *(_dot(dot, scale) for dot in dots)]
    said = escape(f"{name} by moves allowed: " + "; ".join(_words(dot) for dot in dots))
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="scatter" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" aria-label="{said}">{"".join(parts)}'
        f"{_ticks(dots, scale)}</svg>"
    )


class _Scale:
    """From moves and values to the picture."""

    def __init__(self, dots: Sequence[CurveDot]) -> None:
        self.most_moves = max([dot.moves for dot in dots] + [1])
        self.low = min(dot.value for dot in dots)
        self.high = max([dot.value for dot in dots] + [self.low + 1])

    def x(self, moves: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * moves / self.most_moves

    def y(self, value: int) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def _words(dot: CurveDot) -> str:
    knee = " (knee)" if dot.is_knee else ""
    other = "" if dot.is_comparable else " (worse in what comes before)"
    return f"{dot.moves:,} moves {thousands(dot.value)}{knee}{other}"


def _axes(scale: _Scale) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    return (
        f'<path class="axis" d="M{LEFT} {TOP - 8}V{bottom}H{right}"/>'
        f'<text x="{LEFT}" y="16">↑ {thousands(scale.low)} to {thousands(scale.high)}</text>'
        f'<text x="{right}" y="{HEIGHT - 10}" text-anchor="end">moves allowed →</text>'
    )


def _line(dots: Sequence[CurveDot], scale: _Scale) -> str:
    at = [f"{scale.x(d.moves):.1f} {scale.y(d.value):.1f}" for d in dots if d.is_comparable]
    return f'<path class="course" d="M{"L".join(at)}"/>' if len(at) > 1 else ""


def _dot(dot: CurveDot, scale: _Scale) -> str:
    x, y = scale.x(dot.moves), scale.y(dot.value)
    kind = "" if dot.is_comparable else ' class="hollow"'
    drawn = f'<circle{kind} cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    if not dot.is_knee:
        return drawn
    fits = x + LABEL_ROOM <= WIDTH
    side, toward, above = ("start", 11, 11) if fits else ("end", 0, 24)
    return (
        f'<circle class="knee" cx="{x:.1f}" cy="{y:.1f}" r="{KNEE_RADIUS}"/>{drawn}'
        f'<text class="letter" x="{x + toward:.1f}" y="{y - above:.1f}" text-anchor="{side}">'
        f"knee, {dot.moves:,}</text>"
    )


def _ticks(dots: Sequence[CurveDot], scale: _Scale) -> str:
    """Moves under the axis, from the right, left out where they would touch."""
    drawn: list[str] = []
    free = float(WIDTH)
    for dot in reversed(dots):
        x = scale.x(dot.moves)
        if x + LABEL_WIDTH / 2 <= free:
            free = x - LABEL_WIDTH / 2
            drawn.append(
                f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                f"{dot.moves:,}</text>"
            )
    return "".join(reversed(drawn))
