"""Why not everybody can be placed: one page from the document of `allocator conflict`.

No number is added and no word that is not in the document, which knows what its reader may see.
The placements behind the repairs are not on it: they are there for a program to check.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from allocator.report.drawing import change_bar, scale_ends
from allocator.report.form import plural, role_words, thousands
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

MORE = "The rest is in the answer as JSON."
KIND_TITLES = {
    "room": "too little room",
    "limits": "limits on groups, categories or moves",
    "groups": "people who must be apart",
}
TAGS = {
    "no_conflict": ("go", "No conflict"),
    "signatures": ("wait", "Signatures would place everybody"),
    "places_missing": ("stop", "Places are missing"),
    "undecided": ("stop", "Not decided"),
}
SAVED = (
    ("people", "Further people placed", "fewer people placed"),
    ("points", "Derogation points less", "more derogation points"),
)


@dataclass(frozen=True, slots=True)
class SavingBars:
    """One picture: what a further cell of each kind saves of one thing.

    Parameters
    ----------
    title, less : what a bar to the right says, and one to the left.
    rows : cell in words, bar, number or proved range in words.
    """

    title: str
    less: str
    rows: tuple[tuple[str, Markup, str], ...]
    has_less: bool
    has_ranges: bool


def render_conflict_html(document: Mapping[str, Any]) -> str:
    """One self-contained page."""
    d = document
    return (
        environment()
        .get_template("conflict.html.j2")
        .render(
            d=d,
            title=f"Why not everybody? {d['scenario']}",
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            tag=TAGS[d["status"]],
            figures=left_out_figures(d),
            kind_titles=KIND_TITLES,
            aim=aim_words(d["left_out_with_all_derogations"]["found"]),
            pictures=saving_bars(d["prices"]),
            repair_title=repair_title,
            cost_words=cost_words,
            amount_words=amount_words,
            where_words=where_words,
            role=role_words,
            tables={
                "unsigned": cause_table(
                    "unsigned",
                    "Shortfall without a derogation",
                    d["shortfall_without_derogation"],
                ),
                "signed": cause_table(
                    "signed", "Shortfall whatever is signed", d["shortfall_with_all_derogations"]
                ),
                "prices": price_table(d["prices"]),
            },
        )
    )


def left_out_figures(document: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Name, number and what is proved of it: people without a place, unsigned and signed."""
    return tuple(
        (name, thousands(found["found"]), _proof_words(found))
        for name, found in (
            ("Left out, nothing signed", document["left_out_without_derogation"]),
            ("Left out, everything signed", document["left_out_with_all_derogations"]),
        )
    )


def _proof_words(found: Mapping[str, Any]) -> str:
    if found["proven"]:
        return "proved to be the fewest"
    return f"found; proved {thousands(found['at_least'])} at least"


def aim_words(left: int) -> str:
    """Whom the signatures of a repair place."""
    return f"all but {plural(left, 'person', 'people')}" if left else "everybody"


def repair_title(repair: Mapping[str, Any], aim: str) -> str:
    """How many signatures place whom."""
    count = len(repair["signatures"])
    return f"{plural(count, 'signature')} {'places' if count == 1 else 'place'} {aim}"


def cost_words(repair: Mapping[str, Any]) -> str:
    """Points of a repair, and whether they are proved to be the fewest."""
    points, least = thousands(repair["points"]), thousands(repair["points_at_least"])
    if points == least:
        return f"{points} points, proved to be the fewest for these signatures"
    return f"{points} points found, {least} proved at least"


def amount_words(line: Mapping[str, Any]) -> str:
    """How much too many a signature covers, and for how many people."""
    too_many = f"{thousands(line['too_many'])} {line['unit']}".strip()
    people = plural(line["people"], "person", "people")
    return f"{too_many}{'' if line['unit'] else ' too many'}; {people} concerned"


def where_words(line: Mapping[str, Any]) -> str:
    """The unit or wing that a signature is for."""
    place = f"in {line['place']}" if line["place"] else "anywhere"
    return f"{place} {line['category']}".strip()


def cause_table(name: str, caption: str, causes: Iterable[Mapping[str, Any]]) -> Table:
    """Places that are missing, or there and closed, by legal category."""
    rows = tuple(
        (
            cause["category"],
            thousands(cause["places"]),
            "no room" if cause["is_room"] else ", ".join(cause["rules"]) or "not filled",
            cause["words"],
        )
        for cause in causes
    )
    return Table(
        name, caption, columns("Legal category", "#Places", "Cause", "In words"), rows, more=MORE
    )


def price_table(prices: Iterable[Mapping[str, Any]]) -> Table:
    """What one more cell of each kind would save, in the document's own words."""
    rows = tuple(
        (
            price["words"],
            price["saving_words"],
            thousands(price["cells"]),
            "proved" if _is_exact(price) else "range proved",
        )
        for price in prices
    )
    heads = columns("Cell", "Saves", "#Cells of the kind", "Proof")
    return Table("prices", "What one more cell would save", heads, rows, more=MORE)


def _is_exact(price: Mapping[str, Any]) -> bool:
    return bool(price["people"]["exact"] and (price["points"] is None or price["points"]["exact"]))


def saving_bars(prices: Iterable[Mapping[str, Any]]) -> tuple[SavingBars, ...]:
    """People and points as bars; nothing where no kind of cell saves any of it."""
    shown = list(prices)
    found = [
        _bars(title, less, [(p["words"], p[key]) for p in shown if p[key] is not None])
        for key, title, less in SAVED
    ]
    return tuple(bars for bars in found if bars.rows)


def _bars(title: str, less: str, savings: list[tuple[str, Mapping[str, Any]]]) -> SavingBars:
    numbers = [saving[end] for _, saving in savings for end in ("least", "found", "most")]
    ends = scale_ends(numbers)
    rows = tuple(
        (
            words,
            change_bar(saving["found"], ends, (saving["least"], saving["most"])),
            _range_words(saving),
        )
        for words, saving in savings
        if any(numbers)
    )
    has_ranges = not all(saving["exact"] for _, saving in savings)
    return SavingBars(title, less, rows, ends[0] < 0, has_ranges)


def _range_words(saving: Mapping[str, Any]) -> str:
    found = thousands(saving["found"]) if saving["found"] else "none"
    if saving["exact"]:
        return found
    return f"{found} found, proved {thousands(saving['least'])} to {thousands(saving['most'])}"
