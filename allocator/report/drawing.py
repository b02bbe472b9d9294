"""Pictures as inline SVG: cells drawn to capacity, small maps, pairs of bars, bars of changes."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from allocator.explain.cell_map import MapCell, MapWing

PITCH = 9
RADIUS = 3.2
PADDING = 5
DOT_TOP = 15
HEIGHT = 44
MIN_WIDTH = 30
LETTER = 6.1
MINI_PITCH = 14
MINI_SIZE = 11
MINI_ROW = 24
ONE_ROW = 2
LABEL_LENGTH = 4


def cell_svg(cell: MapCell) -> Markup:
    """One cell: a mark for each place, filled where taken; shade and ticks for exposure.

    Decorative for assistive technology: the table under the map says the same.
    """
    label = short_label(cell.cell_id)
    places = max(cell.places, cell.taken_after, 1)
    across = places if places <= ONE_ROW else (places + 1) // 2
    text_width = LETTER * (len(label) + (3 if cell.is_over else 0)) + 2 * PADDING
    width = round(max(MIN_WIDTH, across * PITCH + 2 * PADDING, text_width))
    parts = [
        (
            f'<svg class="cell {_state(cell)}" width="{width}" height="{HEIGHT}"'
            f' viewBox="0 0 {width} {HEIGHT}"><title>{escape(cell_words(cell))}</title>'
        ),
        (
            f'<rect class="box s{cell.step_after}" x="1" y="1" width="{width - 2}"'
            f' height="{HEIGHT - 2}" rx="2"/>'
        ),
        f'<text x="{PADDING}" y="11">{escape(label)}</text>',
        _dots(cell, across, width),
        _ticks(cell, width),
        _marks(cell, width),
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704 - every text in it is escaped above


def short_label(cell_id: str) -> str:
    """The last part of a cell's id, four characters at most."""
    return cell_id.replace("_", "-").rsplit("-", 1)[-1][-LABEL_LENGTH:]


def cell_words(cell: MapCell) -> str:
    """A cell in words."""
    words = [f"{cell.cell_id}: {cell.taken_after} of {cell.places} places taken"]
    if cell.is_over:
        words.append(f"{cell.taken_after - cell.places} over capacity")
    words += cell_remarks(cell)
    if cell.exposure_after is not None:
        words.append(f"exposure {cell.exposure_after:,}, now {cell.exposure_before:,}")
    return ", ".join(words)


def cell_remarks(cell: MapCell) -> list[str]:
    """What else is to be said of a cell."""
    remarks = []
    if not cell.in_use:
        remarks.append("out of use")
    if cell.buffer:
        remarks.append("kept empty as a buffer")
    if cell.has_derogation:
        remarks.append("derogation")
    return remarks


def _state(cell: MapCell) -> str:
    if not cell.in_use:
        return "out"
    if cell.is_over:
        return f"over t{cell.step_after}"
    return f"{'buffer' if cell.buffer else 'plain'} t{cell.step_after}"


def _dots(cell: MapCell, across: int, width: int) -> str:
    if not cell.in_use:
        return ""
    places = max(cell.places, cell.taken_after)
    rows = 1 if places <= ONE_ROW else 2
    left = (width - across * PITCH) / 2 + PITCH / 2
    top = DOT_TOP + (PITCH if rows == 1 else PITCH / 2 + 0.5)
    drawn = []
    for k in range(places):
        x, y = left + (k % across) * PITCH, top + (k // across) * PITCH
        kind = "d" if k < cell.taken_after else "f"
        drawn.append(f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>')
    return "".join(drawn)


def _ticks(cell: MapCell, width: int) -> str:
    if not cell.in_use:
        return ""
    step = (width - 2 * PADDING) / 4
    return "".join(
        f'<rect class="k" x="{PADDING + k * step:g}" y="{HEIGHT - 8}" width="{step - 1.5:g}"'
        f' height="4"/>'
        for k in range(cell.step_after)
    )


def _marks(cell: MapCell, width: int) -> str:
    marks = ""
    if cell.is_over:
        marks += (
            f'<text class="plus" x="{width - PADDING}" y="11" text-anchor="end">'
            f"+{cell.taken_after - cell.places}</text>"
        )
    if cell.has_derogation:
        marks += f'<path class="flag" d="M{width - 12} {HEIGHT - 1}h11v-11z"/>'
    return marks


def mini_map(wing: MapWing, *, planned: bool) -> Markup:
    """A wing's exposure steps as small squares, a row for each landing."""
    rows = [
        landing.cells[start : start + MINI_ROW]
        for landing in wing.landings
        for start in range(0, len(landing.cells), MINI_ROW)
    ]
    width = MINI_PITCH * max(len(row) for row in rows)
    height = MINI_PITCH * len(rows)
    squares = [
        f'<rect class="{_mini_class(cell, planned=planned)}" x="{MINI_PITCH * x + 1}"'
        f' y="{MINI_PITCH * y + 1}" width="{MINI_SIZE}" height="{MINI_SIZE}"/>'
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
    ]
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="mini" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' aria-hidden="true" focusable="false">{"".join(squares)}</svg>'
    )


def _mini_class(cell: MapCell, *, planned: bool) -> str:
    if not cell.in_use:
        return "x"
    return f"s{cell.step_after if planned else cell.step_before}"


def bar_pair(before: int, after: int, largest: int) -> Markup:
    """Two bars, now above the plan, on a scale that ends at `largest`."""
    now, then = (100 * value / largest if largest else 0 for value in (before, after))
    return Markup(  # noqa: S704 - numbers only
        '<svg class="bars" width="100%" height="26" aria-hidden="true" focusable="false">'
        f'<rect class="now" x="1" y="2" width="{max(now - 1, 0):.2f}%" height="9"/>'
        f'<rect class="plan" x="0" y="14" width="{max(then, 0):.2f}%" height="11"/></svg>'
    )


def change_bar(value: int, sides: tuple[int, int], proved: tuple[int, int]) -> Markup:
    """One bar from nothing to `value`: to the right and solid for more, outlined for less.

    Decorative for assistive technology: the number stands beside it.

    Parameters
    ----------
    sides : the ends of the scale, as `scale_ends` gives them.
    proved : the least and the most that `value` can be; a line where they differ.
    """
    low, high = sides
    zero, end, least, most = (
        100 * (number - low) / max(high - low, 1) for number in (0, value, *proved)
    )
    bar = (
        f'<rect class="{"less" if value < 0 else "more"}" x="{min(zero, end):.2f}%" y="5"'
        f' width="{abs(end - zero):.2f}%" height="12"/>'
    )
    line = f'<line class="reach" x1="{least:.2f}%" x2="{most:.2f}%" y1="11" y2="11"/>'
    return Markup(  # noqa: S704 - numbers only
        '<svg class="bars" width="100%" height="22" aria-hidden="true" focusable="false">'
        f"{bar if value else ''}{line if least < most else ''}"
        f'<line class="zero" x1="{zero:.2f}%" x2="{zero:.2f}%" y1="0" y2="22"/></svg>'
    )


def scale_ends(values: Sequence[int]) -> tuple[int, int]:
    """The ends of a scale that holds all values and nothing."""
    return min([*values, 0]), max([*values, 0])
