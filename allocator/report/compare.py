"""Policies side by side: one page, one table, one picture (R40, R41).

The page says whether the order of the policies is the same under every set of contact weights. It
recommends none: where the order changes with an assumption, the assumption decides.
"""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from allocator.explain.headline import CAVEAT
from allocator.report.form import plural, thousands
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

PANEL = 300
LEFT, RIGHT, TOP, BOTTOM = 16, 16, 40, 46
LABEL_STEP = 13
ONE_SET = (
    "There is one set of contact weights only, so whether the order of the policies depends on"
    " that assumption is not known."
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One policy under one set of contact weights.

    Parameters
    ----------
    spillover, collusion, coercion, support : points times contact; support is good.
    worst_person_exposure : most spillover and coercion that any one person receives.
    single_cell_share : people alone in their cell over people placed, 0-1.
    """

    policy: str
    contact_weights: str
    spillover: int
    collusion: int
    coercion: int
    support: int
    worst_person_exposure: int
    unplaced: int
    derogations: int
    derogation_points: int
    moves: int
    single_cell_share: float
    verified: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The rows of one set of contact weights with its picture."""

    name: str
    picture: Markup


MEASURES: tuple[tuple[str, Callable[[ComparisonRow], int]], ...] = (
    ("spillover", lambda row: row.spillover),
    ("collusion", lambda row: row.collusion),
    ("spillover and collusion together", lambda row: row.spillover + row.collusion),
)


def render_compare_html(rows: tuple[ComparisonRow, ...], title: str = "Policies compared") -> str:
    """One self-contained page; rows in the order given."""
    letters = policy_letters(rows)
    sets = weight_sets(rows)
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            title=title,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            caveat=CAVEAT,
            sentences=order_sentences(rows),
            letters=letters,
            table=comparison_table(rows, letters),
            panels=[Panel(name, compare_picture_svg(rows, name)) for name in sets],
            unverified=[row for row in rows if not row.verified],
        )
    )


def weight_sets(rows: tuple[ComparisonRow, ...]) -> tuple[str, ...]:
    """Names of the contact-weight sets, in the order of their first row."""
    return tuple(dict.fromkeys(row.contact_weights for row in rows))


def policy_letters(rows: tuple[ComparisonRow, ...]) -> dict[str, str]:
    """A short label for each policy: a letter, or a number where letters run out."""
    policies = tuple(dict.fromkeys(row.policy for row in rows))
    short = len(policies) <= len(LETTERS)
    return {name: LETTERS[k] if short else str(k + 1) for k, name in enumerate(policies)}


def order_sentences(rows: tuple[ComparisonRow, ...]) -> tuple[str, ...]:
    """For each measure, whether the order of the policies is the same under every weight set."""
    sets = weight_sets(rows)
    if len(sets) < 2:
        return (ONE_SET,)
    return tuple(_order_sentence(rows, sets, name, value) for name, value in MEASURES)


def _order_sentence(
    rows: tuple[ComparisonRow, ...],
    sets: tuple[str, ...],
    name: str,
    value: Callable[[ComparisonRow], int],
) -> str:
    orders = {
        weights: _order([row for row in rows if row.contact_weights == weights], value)
        for weights in sets
    }
    if len(set(orders.values())) == 1:
        return (
            f"By {name}, the order of the policies is the same under all {len(sets)} sets of"
            f" contact weights, from low to high: {orders[sets[0]]}."
        )
    said = "; ".join(f"{weights}: {order}" for weights, order in orders.items())
    return f"By {name}, the order differs by assumption. From low to high, {said}."


def _order(rows: list[ComparisonRow], value: Callable[[ComparisonRow], int]) -> str:
    groups: dict[int, list[str]] = {}
    for row in sorted(rows, key=lambda row: (value(row), row.policy)):
        groups.setdefault(value(row), []).append(row.policy)
    return ", ".join(" = ".join(names) for names in groups.values())


def comparison_table(rows: tuple[ComparisonRow, ...], letters: dict[str, str]) -> Table:
    """All rows as texts."""
    texts = tuple(
        (
            f"{letters[row.policy]} {row.policy}",
            row.contact_weights,
            thousands(row.spillover),
            thousands(row.collusion),
            thousands(row.coercion),
            thousands(row.support),
            thousands(row.worst_person_exposure),
            thousands(row.unplaced),
            f"{thousands(row.derogations)} ({plural(row.derogation_points, 'point')})",
            thousands(row.moves),
            f"{100 * row.single_cell_share:.0f} %",
            "yes" if row.verified else "no",
        )
        for row in rows
    )
    heads = columns(
        "Policy",
        "Contact weights",
        "#Spillover",
        "#Collusion",
        "#Coercion",
        "#Support",
        "#Most on one person",
        "#Unplaced",
        "#Derogations",
        "#Moves",
        "#Alone in a cell",
        "Verified",
    )
    return Table("compare", "Policies under each set of contact weights", heads, texts, first=60)


def compare_picture_svg(rows: tuple[ComparisonRow, ...], weights: str) -> Markup:
    """Spillover against collusion for one weight set, policies as labelled points.

    Both axes start at 0 and end at this set's largest values: sets are different units and are
    not to be compared with one another.
    """
    letters = policy_letters(rows)
    here = [row for row in rows if row.contact_weights == weights]
    most_x = max([row.spillover for row in here] + [1])
    most_y = max([row.collusion for row in here] + [1])
    points = [
        (
            LEFT + (PANEL - LEFT - RIGHT) * row.spillover / most_x,
            PANEL - BOTTOM - (PANEL - TOP - BOTTOM) * row.collusion / most_y,
            letters[row.policy],
        )
        for row in here
    ]
    parts = [_axes(most_x, most_y), *_points(points)]
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="scatter" viewBox="0 0 {PANEL} {PANEL}" width="{PANEL}" height="{PANEL}"'
        f' role="img" aria-label="{escape(_picture_words(here, letters))}">'
        f"{''.join(parts)}</svg>"
    )


def _picture_words(here: list[ComparisonRow], letters: dict[str, str]) -> str:
    said = (
        f"{letters[row.policy]} {row.policy}: spillover {thousands(row.spillover)},"
        f" collusion {thousands(row.collusion)}"
        for row in here
    )
    return "; ".join(said)


def _axes(most_x: int, most_y: int) -> str:
    bottom, right = PANEL - BOTTOM, PANEL - RIGHT
    return (
        f'<path class="axis" d="M{LEFT} {TOP - 8}V{bottom}H{right}"/>'
        f'<path class="grid" d="M{LEFT} {TOP}H{right}V{bottom}"/>'
        f'<text x="{LEFT}" y="14">↑ collusion, to {thousands(most_y)}</text>'
        f'<text x="{LEFT}" y="{bottom + 18}">0</text>'
        f'<text x="{right}" y="{bottom + 18}" text-anchor="end">'
        f"spillover, to {thousands(most_x)} →</text>"
    )


def _points(points: list[tuple[float, float, str]]) -> list[str]:
    """Points with a letter each; letters of points at one place are set side by side."""
    drawn, used = [], [(-99.0, -99.0)]
    for x, y, letter in sorted(points):
        near = sum(abs(x - a) < LABEL_STEP and abs(y - b) < LABEL_STEP for a, b in used)
        used.append((x, y))
        toward = -1 if x > PANEL / 2 else 1
        label_x = x + toward * (10 + LABEL_STEP * near)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
            f'<text class="letter" x="{label_x:.1f}" y="{y - 7:.1f}" text-anchor="middle">'
            f"{escape(letter)}</text>"
        )
    return drawn
