"""Rows of the spreadsheet and the move list: typed values, one header each.

The move list is for machines, with codes; the spreadsheet is for people, with words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from allocator.explain.breakdown import Breakdown
from allocator.explain.headline import ShortfallLine
from allocator.explain.move_lines import MoveLine
from allocator.report.form import KIND_WORDS, REASON_WORDS, role_words, rule_number

Value: TypeAlias = str | int | float | date | None

MOVE_HEADER = (
    "person_id",
    "from_place",
    "from_wing",
    "to_cell",
    "to_wing",
    "kind",
    "officers",
    "minutes",
    "reason",
    "rules_settled",
)
SIGNATURE = ("decision", "name and date")
SIGNATURE_WIDTHS = (13, 22)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: title, header, rows, and the width of each column in characters.

    Parameters
    ----------
    nothing : what stands in the place of the rows when there are none.
    to_fill_in : columns at the end that people fill in by hand.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    widths: tuple[int, ...]
    nothing: str
    to_fill_in: int = 0


def guarded(value: Value) -> Value:
    """A text that a spreadsheet would read as a formula, made plain by a leading apostrophe.

    References
    ----------
    .. [1] OWASP, "CSV Injection": texts that begin with = + - @, tab or a line break.
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def all_sheets(breakdown: Breakdown) -> tuple[Sheet, ...]:
    """Sheets of the workbook in their order."""
    makers: tuple[Callable[[Breakdown], Sheet], ...] = (
        moves_sheet,
        derogations_sheet,
        unmet_sheet,
        unplaced_sheet,
        space_sheet,
        summary_sheet,
    )
    return tuple(make(breakdown) for make in makers)


def move_row(move: MoveLine) -> tuple[Value, ...]:
    """One move under `MOVE_HEADER`, the reason by its code."""
    return (
        move.person_id,
        move.from_place,
        move.from_wing,
        move.to_cell,
        move.to_wing,
        move.kind,
        move.officers,
        move.minutes,
        move.reason.value,
        " ".join(rule_number(rule) for rule in move.rules_settled),
    )


def moves_sheet(breakdown: Breakdown) -> Sheet:
    """Moves and first placements in words, with room for the signature."""
    header = (*(name.replace("_", " ") for name in MOVE_HEADER), *SIGNATURE)
    at = MOVE_HEADER.index("reason")
    rows = tuple(
        (*row[:at], REASON_WORDS[move.reason], *row[at + 1 :], "", "")
        for move in breakdown.moves
        for row in (move_row(move),)
    )
    widths = (12, 15, 12, 15, 12, 17, 10, 10, 20, 13, *SIGNATURE_WIDTHS)
    return Sheet("Moves", header, rows, widths, "Nobody is moved.", len(SIGNATURE))


def derogations_sheet(breakdown: Breakdown) -> Sheet:
    """Derogations person by person, with room for the signature."""
    header = (
        "no.",
        "person id",
        "rule",
        "rule in words",
        "place",
        "amount",
        "points",
        "to be signed by",
        "detail",
        *SIGNATURE,
    )
    rows = tuple(
        (
            line.number,
            line.person_id,
            rule_number(line.rule),
            line.words,
            line.place,
            line.amount,
            line.points,
            role_words(line.signed_by),
            line.detail,
            "",
            "",
        )
        for line in breakdown.derogations
    )
    widths = (6, 12, 7, 36, 14, 10, 9, 16, 36, *SIGNATURE_WIDTHS)
    return Sheet("Derogations", header, rows, widths, "Nothing to sign.", len(SIGNATURE))


def unmet_sheet(breakdown: Breakdown) -> Sheet:
    """Breaches that nobody signs: weighed against other aims, or only reported."""
    header = ("person id", "rule", "rule in words", "place", "amount", "points", "detail")
    rows = tuple(
        (
            line.person_id,
            rule_number(line.rule),
            line.words,
            line.place,
            line.amount,
            line.points,
            line.detail,
        )
        for line in breakdown.unmet
    )
    widths = (12, 7, 46, 16, 10, 9, 46)
    return Sheet("Not kept", header, rows, widths, "Every weighed or reported rule is kept.")


def unplaced_sheet(breakdown: Breakdown) -> Sheet:
    """People without a cell and what excludes the cells."""
    header = ("person id", "place now", "rules that exclude most cells")
    rows = tuple(
        (
            line.person_id,
            line.from_place,
            "; ".join(
                f"{rule_number(rule)} excludes {cells:,}" for rule, _, cells in line.blocked_by
            ),
        )
        for line in breakdown.unplaced
    )
    return Sheet("Unplaced", header, rows, (12, 16, 110), "Everybody has a place.")


def space_sheet(breakdown: Breakdown) -> Sheet:
    """Days below the space floors, everyone concerned."""
    header = (
        "person id",
        "cell",
        "m² per place",
        "below hard floor",
        "days in a row so far",
        "days in a row, one more day",
        "days below warning floor so far",
        "days below warning floor, one more day",
        "limit reached",
    )
    rows = tuple(
        (
            line.person_id,
            line.cell_id,
            line.area_per_place_m2,
            "yes" if line.below_hard else "no",
            line.hard_days,
            line.hard_days_next,
            line.warning_days,
            line.warning_days_next,
            "yes" if line.limit_reached else "no",
        )
        for line in breakdown.space
    )
    widths = (12, 16, 12, 14, 16, 16, 20, 20, 13)
    return Sheet("Space", header, rows, widths, "Nobody is below a floor.")


def summary_sheet(breakdown: Breakdown) -> Sheet:
    """Headline, exposure by kind, tiers and provenance as pairs of label and value."""
    head = breakdown.headline
    rows: list[tuple[Value, ...]] = [
        ("Plan", "Scenario", breakdown.scenario_name),
        ("Plan", "Day", breakdown.day),
        ("Plan", "Verdict", head.title),
        ("Plan", "Status", head.status),
        ("Plan", "Verified", "yes" if head.verified else "no"),
        ("Plan", "Caveat", head.caveat),
        ("People", "Total", head.people),
        ("People", "Placed", head.placed),
        ("People", "Unplaced", head.unplaced),
        ("People", "Held without a current authority", len(breakdown.unlawful_holds)),
        ("Derogations", "Number", head.derogations),
        ("Derogations", "Points", head.derogation_points),
        ("Moves", "Moves", breakdown.move_totals.moves),
        ("Moves", "Between facilities", breakdown.move_totals.transfers),
        ("Moves", "First placements", breakdown.move_totals.first_placements),
        ("Moves", "Officer minutes", breakdown.move_totals.officer_minutes),
    ]
    for kind in breakdown.kinds:
        name = KIND_WORDS[kind.kind][0]
        rows += [("Exposure", f"{name} now", kind.before), ("Exposure", f"{name} plan", kind.after)]
    for tier in breakdown.tiers:
        rows += [("Goal", tier.words, tier.value), ("Goal", "– proven bound", tier.bound)]
    rows += [("Shortfall", _shortfall_label(line), line.places) for line in breakdown.shortfall]
    rows += [
        ("Move reason", REASON_WORDS[reason], count)
        for reason, count in breakdown.move_totals.by_reason.items()
    ]
    rows += [("Provenance", label, value) for label, value in breakdown.provenance]
    return Sheet("Summary", ("section", "item", "value"), tuple(rows), (14, 46, 76), "")


def _shortfall_label(line: ShortfallLine) -> str:
    if line.is_missing:
        return f"{line.category} places missing"
    closed_by = " ".join(rule_number(rule) for rule in line.rules) or "no rule"
    return f"{line.category} places left, closed by {closed_by}"
