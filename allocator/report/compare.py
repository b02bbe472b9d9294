"""Policies side by side: one page, two tables, a picture for each set of weights (R40, R41).

The page says whether the order of the policies survives other contact weights and uncertain
influence edges. It recommends none: where the order changes with an assumption, the assumption
decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from allocator.explain.headline import CAVEAT
from allocator.explain.outcomes import Outcomes
from allocator.influence.draws import DRAWS
from allocator.report.compare_picture import PolicyPoint, picture_svg
from allocator.report.form import NOTHING, hours_words, plural, thousands
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One policy under one set of contact weights.

    Parameters
    ----------
    spillover, collusion, coercion, support : points times contact; support is good.
    outcomes : None of a comparison that was stored before they were counted.
    ranges : lowest and highest of each kind under uncertain influence edges, by its name.
    worst_person_exposure : most spillover and coercion that any one person receives.
    """

    policy: str
    contact_weights: str
    spillover: int
    collusion: int
    coercion: int
    support: int
    ranges: Mapping[str, Range]
    worst_person_exposure: int
    unplaced: int
    derogations: int
    derogation_points: int
    outcomes: Outcomes | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A set of contact weights with its picture."""

    name: str
    picture: Markup


def render_compare_html(
    rows: tuple[ComparisonRow, ...], sentences: Iterable[str], title: str = "Policies compared"
) -> str:
    """One self-contained page; rows and sentences in the order given."""
    letters = policy_letters(rows)
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            title=title,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            caveat=CAVEAT,
            sentences=tuple(sentences),
            letters=letters,
            plans=plan_table(rows, letters),
            exposures=exposure_table(rows, letters),
            panels=[Panel(name, set_picture(rows, name)) for name in weight_sets(rows)],
            graphs=DRAWS,
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


def plan_table(rows: tuple[ComparisonRow, ...], letters: Mapping[str, str]) -> Table:
    """What does not depend on contact weights, one row for each policy."""
    one_each = {row.policy: row for row in rows}.values()
    texts = tuple((f"{letters[row.policy]} {row.policy}", *_plan_texts(row)) for row in one_each)
    heads = columns(
        "Policy",
        "#Unplaced",
        "#Derogations",
        "#Moves",
        "#Officer hours",
        "#Alone in a cell",
        "#Near home",
        "Verified",
    )
    return Table("plans", "The plan of each policy", heads, texts, first=60)


def _plan_texts(row: ComparisonRow) -> tuple[str, ...]:
    points = plural(row.derogation_points, "point")
    return (
        thousands(row.unplaced),
        f"{thousands(row.derogations)} ({points})",
        *_outcome_texts(row.outcomes),
        "yes" if row.verified else "no",
    )


def _outcome_texts(found: Outcomes | None) -> tuple[str, ...]:
    if found is None:
        return (NOTHING,) * 4
    return (
        thousands(found.moves),
        hours_words(found.officer_minutes),
        _share(found.alone, found.placed),
        _share(found.near_home, found.with_home),
    )


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.0f} % of {thousands(of)}" if of else NOTHING


def exposure_table(rows: tuple[ComparisonRow, ...], letters: Mapping[str, str]) -> Table:
    """Exposure of each policy under each set, with its range in a second line; sets together."""
    together = {name: k for k, name in enumerate(weight_sets(rows))}
    texts = tuple(
        (
            f"{letters[row.policy]} {row.policy}",
            row.contact_weights,
            _with_range(row.spillover, row.ranges["spillover"]),
            _with_range(row.collusion, row.ranges["collusion"]),
            _with_range(row.coercion, row.ranges["coercion"]),
            _with_range(row.support, row.ranges["support"]),
            thousands(row.worst_person_exposure),
        )
        for row in sorted(rows, key=lambda row: together[row.contact_weights])
    )
    heads = columns(
        "Policy",
        "Contact weights",
        "#Spillover",
        "#Collusion",
        "#Coercion",
        "#Support",
        "#Most on one person",
    )
    return Table("exposures", "Exposure under each set of contact weights", heads, texts, first=60)


def _with_range(value: int, found: Range) -> str:
    low, high = found
    return f"{thousands(value)}\n{thousands(low)} to {thousands(high)}"


def set_picture(rows: tuple[ComparisonRow, ...], weights: str) -> Markup:
    """Spillover against collusion of every policy under one set of contact weights."""
    letters = policy_letters(rows)
    return picture_svg(
        [
            PolicyPoint(
                letters[row.policy],
                row.policy,
                row.spillover,
                row.collusion,
                row.ranges["spillover"],
                row.ranges["collusion"],
            )
            for row in rows
            if row.contact_weights == weights
        ]
    )
